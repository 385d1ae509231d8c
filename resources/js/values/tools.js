// What the host does with values of an isolate that it holds references to: read, write, call, and say what a copy of
// them would be. It runs in a context of its own, so that no script can replace what it uses, on objects of all others.
//
// Kinds are told by brand: an accessor or method that throws for everything else. A throw costs 10 us, so the kind that
// an object's prototype had last is asked first. Only `culprit` reads getters, and only after V8's own copy read them.
// The last value is what the host keeps: a list of functions, by the positions in `engine/native/value_tools.py`.
(() => {
  'use strict';
  const { apply, deleteProperty, get, getOwnPropertyDescriptor, getPrototypeOf, set } = Reflect;
  const { keys: keysOf, hasOwn } = Object;
  const { isArray } = Array;
  const { isError } = Error;
  const { isView } = ArrayBuffer;
  const { stringify } = JSON;
  const { setPrototypeOf } = Object;
  const uncurry = (method) => Function.prototype.call.bind(method);
  const getter = (owner, name) => uncurry(getOwnPropertyDescriptor(owner, name).get);
  const test = uncurry(RegExp.prototype.test);
  const sliced = uncurry(String.prototype.slice);
  const mapEach = uncurry(Map.prototype.forEach);
  const setEach = uncurry(Set.prototype.forEach);
  const mapHas = uncurry(Map.prototype.has);
  const mapGet = uncurry(Map.prototype.get);
  const mapSet = uncurry(Map.prototype.set);
  const typedArray = getPrototypeOf(Uint8Array.prototype);
  const viewBuffer = getter(DataView.prototype, 'buffer');
  const typedBuffer = getter(typedArray, 'buffer');
  const typedName = getter(typedArray, Symbol.toStringTag);
  const typedLength = getter(typedArray, 'length');
  const viewLength = getter(DataView.prototype, 'byteLength');
  const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  const bufferDetached = getter(ArrayBuffer.prototype, 'detached');
  const sharedLength = getter(SharedArrayBuffer.prototype, 'byteLength');
  const mapSize = getter(Map.prototype, 'size');
  const setSize = getter(Set.prototype, 'size');
  const weakMapHas = uncurry(WeakMap.prototype.has);
  const weakSetHas = uncurry(WeakSet.prototype.has);
  const weakRefDeref = uncurry(WeakRef.prototype.deref);
  const registryUnregister = uncurry(FinalizationRegistry.prototype.unregister);
  const dateTime = uncurry(Date.prototype.getTime);
  const dateText = uncurry(Date.prototype.toISOString);
  const regexpSource = getter(RegExp.prototype, 'source');
  const regexpFlags = getter(RegExp.prototype, 'flags');
  const unboxNumber = uncurry(Number.prototype.valueOf);
  const unboxString = uncurry(String.prototype.valueOf);
  const unboxBoolean = uncurry(Boolean.prototype.valueOf);
  const unboxBigint = uncurry(BigInt.prototype.valueOf);
  const unboxSymbol = uncurry(Symbol.prototype.valueOf);
  const functionText = uncurry(Function.prototype.toString);
  const symbolText = uncurry(Symbol.prototype.toString);
  const numberText = uncurry(Number.prototype.toString);
  const bigintText = uncurry(BigInt.prototype.toString);
  const wasmMemoryBuffer = typeof WebAssembly === 'object' ? getter(WebAssembly.Memory.prototype, 'buffer') : undefined;
  const wasmExports = typeof WebAssembly === 'object' ? WebAssembly.Module.exports : undefined;
  const probe = { __proto__: null };
  const token = {};
  const KnownKinds = Map;
  const NAME = /^[A-Za-z_$][\w$]*$/;
  const MOST_TEXT = 200;

  const list = () => setPrototypeOf([], null);
  const record = () => ({ __proto__: null });

  // kind -> what throws for every other kind. The order is the order of asking.
  const BRANDS = setPrototypeOf([
    ['date', dateTime], ['map', mapSize], ['set', setSize], ['regexp', regexpSource], ['arraybuffer', bufferLength],
    ['boxed', unboxNumber], ['boxed', unboxString], ['boxed', unboxBoolean], ['boxed', unboxBigint],
    ['symbol object', unboxSymbol], ['weakmap', (value) => weakMapHas(value, probe)],
    ['weakset', (value) => weakSetHas(value, probe)], ['weakref', weakRefDeref],
    ['registry', (value) => registryUnregister(value, token)], ['sharedarraybuffer', sharedLength],
  ], null);
  if (wasmExports !== undefined) {
    BRANDS[BRANDS.length] = ['wasm module', wasmExports];
    BRANDS[BRANDS.length] = ['wasm memory', wasmMemoryBuffer];
  }

  const has = (ask, value) => {
    try {
      ask(value);
      return true;
    } catch {
      return false;
    }
  };

  // Kinds of one walk, by prototype.
  const newKinds = () => new KnownKinds();

  function kindOf(value, known) {
    if (value === null) return 'null';
    const type = typeof value;
    if (type !== 'object') return type;
    if (isArray(value)) return 'array';
    if (isError(value)) return 'error';
    if (isView(value)) return 'view';
    const prototype = getPrototypeOf(value);
    if (prototype === null) return 'object';
    const last = mapGet(known, prototype);
    if (last !== undefined && (last.ask === undefined || has(last.ask, value))) return last.kind;
    for (let index = 0; index < BRANDS.length; index += 1) {
      if (has(BRANDS[index][1], value)) {
        mapSet(known, prototype, { __proto__: null, kind: BRANDS[index][0], ask: BRANDS[index][1] });
        return BRANDS[index][0];
      }
    }
    const kind = chainKind(value, prototype);
    mapSet(known, prototype, { __proto__: null, kind, ask: undefined });
    return kind;
  }

  // Promises and generators have no accessor to ask: the names along the prototypes tell, which a script may change.
  function chainKind(value, prototype) {
    for (let step = 0, owner = prototype; owner !== null && step < 20; step += 1, owner = getPrototypeOf(owner)) {
      const tag = getOwnPropertyDescriptor(owner, Symbol.toStringTag);
      if (tag === undefined || typeof tag.value !== 'string') continue;
      if (tag.value === 'Promise') return 'promise';
      if (tag.value === 'Generator' || tag.value === 'AsyncGenerator') return 'generator';
    }
    return 'object';
  }

  const REFUSED = {
    __proto__: null,
    function: 'a function', symbol: 'a symbol', 'symbol object': 'a symbol object', weakmap: 'a WeakMap',
    weakset: 'a WeakSet', weakref: 'a WeakRef', registry: 'a FinalizationRegistry', promise: 'a Promise',
    generator: 'a generator', sharedarraybuffer: 'a SharedArrayBuffer, whose memory is another isolate\'s too',
    'wasm module': 'a WebAssembly.Module, which V8 shares with its own embedder only',
    'wasm memory': 'a WebAssembly.Memory',
  };

  function step(key) {
    if (typeof key === 'number') return `[${numberText(key, 10)}]`;
    return test(NAME, key) ? `.${key}` : `[${stringify(key)}]`;
  }

  function keyStep(key, index) {
    if (typeof key === 'string') return `.get(${stringify(key)})`;
    if (typeof key === 'number') return `.get(${numberText(key, 10)})`;
    return `.entries[${index}].value`;
  }

  // What V8 reads of a value, in its order: calls `each(child, step)` until it returns true. `still`: runs no getter.
  function readChildren(value, kind, each, still = false) {
    if (kind === 'map' || kind === 'set') {
      const pairs = list();
      const gather = (item, key) => {
        pairs[pairs.length] = kind === 'map' ? [key, item] : [item];
      };
      if (kind === 'map') mapEach(value, gather);
      else setEach(value, gather);
      for (let index = 0; index < pairs.length; index += 1) {
        if (kind === 'set' && each(pairs[index][0], `.values[${index}]`)) return true;
        if (kind === 'map' && each(pairs[index][0], `.entries[${index}].key`)) return true;
        if (kind === 'map' && each(pairs[index][1], keyStep(pairs[index][0], index))) return true;
      }
      return false;
    }
    if (kind === 'error') {
      const cause = getOwnPropertyDescriptor(value, 'cause');
      if (cause === undefined || (still && !hasOwn(cause, 'value'))) return false;
      return each(hasOwn(cause, 'value') ? cause.value : value.cause, '.cause');
    }
    if (kind === 'view') return each(has(typedLength, value) ? typedBuffer(value) : viewBuffer(value), '.buffer');
    if (kind !== 'object' && kind !== 'array') return false;
    const names = keysOf(value);
    for (let index = 0; index < names.length; index += 1) {
      const name = kind === 'array' && isIndex(names[index]) ? +names[index] : names[index];
      let child;
      if (still) {
        const property = getOwnPropertyDescriptor(value, names[index]);
        if (property !== undefined && hasOwn(property, 'value') && each(property.value, step(name))) return true;
        continue;
      }
      try {
        child = value[names[index]];
      } catch (error) {
        each(undefined, step(name), error);
        return true;
      }
      if (each(child, step(name))) return true;
    }
    return false;
  }

  const isIndex = (name) => numberText(name >>> 0, 10) === name;

  // Depth first, without recursion: a value may be nested deeper than the stack. `visit(value, kind, path)` until true.
  function walk(root, visit) {
    const known = newKinds();
    const seen = new KnownKinds();
    const stack = list();
    let top = 0;
    stack[top] = [root, ''];
    while (top >= 0) {
      const entry = stack[top];
      top -= 1;
      const value = entry[0];
      const path = entry[1];
      const kind = kindOf(value, known);
      if (visit(value, kind, path, entry[2] !== undefined)) return path;
      if (typeof value !== 'object' || value === null || mapHas(seen, value)) continue;
      mapSet(seen, value, true);
      const found = list();
      readChildren(value, kind, (child, name, error) => {
        if (error !== undefined || typeof child === 'object' || typeof child === 'function' || typeof child === 'symbol') {
          found[found.length] = [child, path + name, error];
        }
        return typeof child === 'function' || typeof child === 'symbol'; // V8 reads no further either
      });
      for (let index = found.length - 1; index >= 0; index -= 1) {
        top += 1;
        stack[top] = found[index];
      }
    }
    return undefined;
  }

  // The path of the first part that can't be copied, in V8's order; undefined when none is seen.
  const culprit = (root) =>
    walk(root, (value, kind, path, threw) => {
      if (kind === 'arraybuffer' && bufferDetached(value)) return true;
      return threw || REFUSED[kind] !== undefined;
    });

  // Every object of a value with its path, for the host to look for proxies: [value, path, value, path, ...].
  function objects(root, most) {
    const found = [];
    walk(root, (value, kind, path) => {
      if (typeof value === 'object' && value !== null) {
        found[found.length] = value;
        found[found.length] = path;
      }
      return found.length >= 2 * most;
    });
    return found;
  }

  // Every ArrayBuffer of a value, each once.
  function buffers(root) {
    const found = [];
    const seen = new KnownKinds();
    walk(root, (value, kind) => {
      if (kind === 'arraybuffer' && !mapHas(seen, value)) {
        mapSet(seen, value, true);
        found[found.length] = value;
      }
      return false;
    });
    return found;
  }

  // --- the tree that is shown before sending: one level at a time ---

  function shown(value, kind) {
    if (kind === 'string') return stringify(value.length > MOST_TEXT ? `${sliced(value, 0, MOST_TEXT)}…` : value);
    if (kind === 'number') return value === 0 && 1 / value < 0 ? '-0' : numberText(value, 10);
    if (kind === 'bigint') return `${sliced(bigintText(value, 10), 0, MOST_TEXT)}n`;
    if (kind === 'symbol') return sliced(symbolText(value), 0, MOST_TEXT);
    if (kind === 'function') return sliced(functionText(value), 0, 60);
    if (kind === 'null' || kind === 'undefined' || kind === 'boolean') return `${value}`;
    if (kind === 'array') return `Array(${value.length})`;
    if (kind === 'map') return `Map(${mapSize(value)})`;
    if (kind === 'set') return `Set(${setSize(value)})`;
    if (kind === 'date') return dateTime(value) === dateTime(value) ? dateText(value) : 'Invalid Date';
    if (kind === 'regexp') return `/${regexpSource(value)}/${regexpFlags(value)}`;
    if (kind === 'arraybuffer') return `ArrayBuffer(${bufferLength(value)})`;
    if (kind === 'view') return has(typedLength, value) && typedName(value) !== undefined
      ? `${typedName(value)}(${typedLength(value)})` : `DataView(${viewLength(value)})`;
    if (kind === 'error') return errorText(value);
    return kind === 'object' ? '{…}' : kind;
  }

  function errorText(value) {
    const message = getOwnPropertyDescriptor(value, 'message');
    return `Error: ${message !== undefined && typeof message.value === 'string' ? sliced(message.value, 0, MOST_TEXT) : ''}`;
  }

  function verdict(value, kind, transfer) {
    if (REFUSED[kind] !== undefined) return ['refused', `${REFUSED[kind]} can't be copied`];
    if (kind === 'arraybuffer') {
      if (bufferDetached(value)) return ['refused', 'a detached ArrayBuffer'];
      return transfer ? ['transferred', 'detached here when it is sent'] : ['copied', ''];
    }
    return kind === 'view' && transfer ? ['transferred', 'its buffer is'] : ['copied', ''];
  }

  function sizeOf(value, kind, names) {
    if (kind === 'map') return mapSize(value);
    if (kind === 'set') return setSize(value);
    if (kind === 'error') return hasOwn(value, 'cause') ? 1 : 0;
    if (kind === 'view') return 1;
    return names === undefined ? 0 : names.length;
  }

  function row(name, path, value, transfer, known) {
    const kind = kindOf(value, known);
    const judged = verdict(value, kind, transfer);
    const answer = record();
    answer.name = name;
    answer.step = path;
    answer.kind = kind;
    answer.text = shown(value, kind);
    answer.verdict = judged[0];
    answer.why = judged[1];
    answer.size = REFUSED[kind] === undefined ? sizeOf(value, kind, kind === 'object' || kind === 'array' ? keysOf(value) : undefined) : 0;
    return answer;
  }

  function unread(name, path) {
    const answer = record();
    answer.name = name;
    answer.step = path;
    answer.kind = 'getter';
    answer.text = '(…)';
    answer.verdict = 'computed';
    answer.why = 'a getter: what it returns is copied';
    answer.size = 0;
    return answer;
  }

  // One level below `value`, `count` rows from `first`, as JSON: {self, rows, dropped: [names that a copy leaves out]}.
  // Runs no getter.
  function level(value, first, count, transfer) {
    const known = newKinds();
    const answer = record();
    answer.self = row('', '', value, transfer, known);
    answer.rows = list();
    answer.dropped = list();
    const kind = answer.self.kind;
    const put = (made) => {
      answer.rows[answer.rows.length] = made;
    };
    if (kind === 'object' || kind === 'array') {
      const names = keysOf(value);
      for (let index = first; index < names.length && index < first + count; index += 1) {
        const name = kind === 'array' && isIndex(names[index]) ? +names[index] : names[index];
        const property = getOwnPropertyDescriptor(value, names[index]);
        if (property === undefined) continue;
        put(hasOwn(property, 'value') ? row(names[index], step(name), property.value, transfer, known) : unread(names[index], step(name)));
      }
      if (first === 0) dropped(value, kind, answer.dropped);
    } else if (answer.self.size > 0) {
      let index = 0;
      readChildren(value, kind, (child, name) => {
        if (index >= first && index < first + count) put(row(name, name, child, transfer, known));
        index += 1;
        return index >= first + count;
      });
    }
    answer.rows = setPrototypeOf(answer.rows, Array.prototype);
    answer.dropped = setPrototypeOf(answer.dropped, Array.prototype);
    return stringify(answer);
  }

  function dropped(value, kind, names) {
    const own = Reflect.ownKeys(value);
    for (let index = 0; index < own.length && names.length < 20; index += 1) {
      const property = getOwnPropertyDescriptor(value, own[index]);
      if (property === undefined || (typeof own[index] === 'string' && property.enumerable)) continue;
      if (kind === 'array' && own[index] === 'length') continue;
      names[names.length] = typeof own[index] === 'symbol' ? symbolText(own[index]) : own[index];
    }
    const prototype = getPrototypeOf(value);
    if (kind === 'object' && prototype !== null && getPrototypeOf(prototype) !== null) names[names.length] = '[[Prototype]]';
  }

  function child(value, index) {
    const known = newKinds();
    const kind = kindOf(value, known);
    if (kind === 'object' || kind === 'array') return get(value, keysOf(value)[index], value);
    let found;
    let at = 0;
    readChildren(value, kind, (one) => {
      found = one;
      at += 1;
      return at > index;
    });
    return found;
  }

  // What a value leads to by its own enumerable properties, elements and entries, as JSON: at most `most` objects are
  // looked at. What closures and getters hold is not seen.
  function reach(root, most) {
    const known = newKinds();
    const seen = new KnownKinds();
    const stack = list();
    stack[0] = root;
    const answer = record();
    answer.objects = answer.functions = answer.bufferBytes = answer.textUnits = 0;
    answer.whole = true;
    const put = (child) => {
      stack[stack.length] = child;
      return false;
    };
    while (stack.length > 0) {
      const value = stack[stack.length - 1];
      stack.length -= 1;
      if (typeof value === 'string') answer.textUnits += value.length;
      if (!isObject(value) || mapHas(seen, value)) continue;
      if (answer.objects + answer.functions >= most) {
        answer.whole = false;
        break;
      }
      mapSet(seen, value, true);
      const kind = kindOf(value, known);
      if (kind === 'function') answer.functions += 1;
      else answer.objects += 1;
      if (kind === 'arraybuffer') answer.bufferBytes += bufferLength(value);
      readChildren(value, kind, put, true);
    }
    return stringify(answer);
  }

  function described(value) {
    const kind = kindOf(value, newKinds());
    const answer = record();
    answer.type = typeof value;
    answer.kind = kind;
    answer.text = shown(value, kind);
    return stringify(answer);
  }

  const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function';

  return [
    (value, key) => (isObject(value) ? get(value, key) : value[key]),
    (value, key, item) => set(value, key, item),
    (value, key) => deleteProperty(value, key),
    (called, self, ...args) => apply(called, self, args),
    described, buffers, culprit, objects, level, child, reach,
  ];
})();
