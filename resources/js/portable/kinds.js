// What a value is: CDP's `subtype`, `className` and `description`. Brands are asked of V8 by captured accessors, so
// neither a replaced prototype nor a Symbol.toStringTag changes the answer.
(function installKinds(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { data, getPrototypeOf, isPrototypeOf, numberText } = it;

  // The result of a captured brand accessor, undefined when `value` is not of its kind. It is asked only of what has the
  // kind's prototype: an accessor that refuses throws, and each throw costs 10 us.
  function brand(prototype, ask, value) {
    if (!isPrototypeOf(prototype, value)) return undefined;
    try {
      return ask(value);
    } catch {
      return undefined;
    }
  }

  const kind = (subtype, className, description) => ({ __proto__: null, subtype, className, description });
  const sized = (subtype, className, size) => kind(subtype, className, className + "(" + numberText(size, 10) + ")");

  // The name of the constructor of the nearest prototype that has one, read from own data properties.
  function className(value) {
    let owner = value;
    for (let step = 0; step < 100 && owner !== null; step++) {
      if (parts.proxies.is(owner)) break;
      const maker = step === 0 ? undefined : data(owner, it.constructorSymbol, undefined);
      if (typeof maker === "function" && !parts.proxies.is(maker)) {
        const name = data(maker, "name", "");
        if (typeof name === "string" && name !== "") return name;
      }
      owner = getPrototypeOf(owner);
    }
    return "Object";
  }

  function of(value) {
    if (parts.proxies.is(value)) return kind("proxy", "Proxy", proxyText(value));
    const name = className(value);
    if (it.isArray(value)) return sized("array", name, data(value, "length", 0));
    return (
      errorKind(value, name) ?? collectionKind(value, name) ?? bufferKind(value, name) ?? textKind(value, name) ??
      chainKind(value, name) ?? kind(undefined, name, name)
    );
  }

  function proxyText(value) {
    const target = parts.proxies.of(value).target;
    const name = typeof target === "function" ? "Function" : it.isArray(target) ? "Array" : className(target);
    return "Proxy(" + name + ")";
  }

  const errorKind = (value, name) => (it.isError(value) ? kind("error", name, parts.stacks.textOf(value, name)) : undefined);

  function collectionKind(value, name) {
    const map = brand(it.mapPrototype, it.mapSize, value);
    if (map !== undefined) return sized("map", name, map);
    const set = brand(it.setPrototype, it.setSize, value);
    if (set !== undefined) return sized("set", name, set);
    if (brand(it.weakMapPrototype, (item) => it.weakMapHas(item, item), value) !== undefined) return kind("weakmap", name, name);
    if (brand(it.weakSetPrototype, (item) => it.weakSetHas(item, item), value) !== undefined) return kind("weakset", name, name);
    return undefined;
  }

  function bufferKind(value, name) {
    if (it.isView(value)) {
      if (it.typedName(value) !== undefined) return sized("typedarray", name, it.typedLength(value));
      return sized("dataview", name, brand(it.viewPrototype, it.viewLength, value) ?? 0);
    }
    const bytes = brand(it.bufferPrototype, it.bufferLength, value) ?? brand(it.sharedPrototype, it.sharedLength, value);
    return bytes === undefined ? undefined : sized("arraybuffer", name, bytes);
  }

  function textKind(value, name) {
    const time = brand(it.datePrototype, it.dateTime, value);
    if (time !== undefined) return kind("date", name, it.dateText(value));
    const source = brand(it.regexpPrototype, it.regexpSource, value);
    return source === undefined ? undefined : kind("regexp", name, "/" + source + "/" + flagsOf(value));
  }

  function flagsOf(value) {
    let flags = "";
    for (let index = 0; index < it.regexpFlags.length; index++) {
      const pair = it.regexpFlags[index];
      if (pair[1](value)) flags += pair[0];
    }
    return flags;
  }

  function chainKind(value, name) {
    if (isPrototypeOf(it.promisePrototype, value)) return kind("promise", name, name);
    if (isPrototypeOf(it.generatorPrototype, value)) return kind("generator", "Generator", "Generator");
    const ours = [it.arrayIteratorPrototype, it.mapIteratorPrototype, it.setIteratorPrototype];
    for (let index = 0; index < ours.length; index++) {
      if (isPrototypeOf(ours[index], value)) return kind("iterator", name, name);
    }
    return undefined;
  }

  parts.kinds = { __proto__: null, of, brand };
})
