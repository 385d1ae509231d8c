// Structured clone in V8's own wire format, out: what V8's C++ API does for the other engine. Differences from it: a value
// whose prototype was replaced is taken for a plain object, and the words of a refusal name a class by its constructor.
// Nothing of the script's runs but its getters.
(function installWriter(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { data, getOwnPropertyDescriptor, has, isPrototypeOf, list, numberText, ownKeys } = it;
  const { brand } = parts.kinds;
  const { ArrayBuffer, BigInt, Boolean, DataView, Number, Object, RegExp, Uint8Array } = globalThis;
  const { Map } = it;
  const { ERRORS, VIEWS, FLAGS, typedBuffer, typedOffset, typedBytes, bytesSet } = parts.format;
  const getter = (owner, name) => it.uncurry(getOwnPropertyDescriptor(owner, name).get);
  const viewBuffer = getter(DataView.prototype, "buffer");
  const viewOffset = getter(DataView.prototype, "byteOffset");
  const bufferMost = getter(ArrayBuffer.prototype, "maxByteLength");
  const bufferResizable = getter(ArrayBuffer.prototype, "resizable");
  const bufferDetached = getter(ArrayBuffer.prototype, "detached");
  const detach = it.uncurry(ArrayBuffer.prototype.transfer);
  const putDouble = it.uncurry(DataView.prototype.setFloat64);
  const setEach = it.uncurry(Set.prototype.forEach);
  const matches = it.uncurry(RegExp.prototype.test);
  const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
  const WIDE = /[^\0-\xff]/;
  const MOST_DENSE_HOLES = 1000;
  const isIndex = (name) => typeof name === "string" && numberText(name >>> 0, 10) === name && name !== "4294967295";
  const step = (key) =>
    isIndex(key) ? "[" + key + "]" : matches(IDENTIFIER, key) ? "." + key : "[" + it.quote(key) + "]";

  function writer(most) {
    let bytes = new Uint8Array(256);
    let view = new DataView(typedBuffer(bytes));
    let length = 0;
    let count = 0;
    const ids = new Map();
    const buffers = list();
    const path = list();

    const refuse = (words) => {
      throw { __proto__: null, refused: words, path: joined() };
    };
    const joined = () => {
      let text = "";
      for (let index = 0; index < path.length; index++) text += path[index];
      return text;
    };
    function room(size) {
      if (length + size > most) throw { __proto__: null, tooLarge: true };
      if (length + size <= typedBytes(bytes)) return;
      const larger = new Uint8Array(it.max(length + size, 2 * typedBytes(bytes)));
      bytesSet(larger, bytes, 0);
      bytes = larger;
      view = new DataView(typedBuffer(bytes));
    }
    function tag(letter) {
      room(1);
      bytes[length++] = it.charCodeAt(letter, 0);
    }
    function varint(number) {
      room(8);
      while (number > 127) {
        bytes[length++] = (number % 128) | 128;
        number = it.floor(number / 128);
      }
      bytes[length++] = number;
    }
    function double(number) {
      room(8);
      putDouble(view, length, number, true);
      length += 8;
    }
    function string(text) {
      const units = text.length;
      const narrow = !matches(WIDE, text);
      if (!narrow) {
        let digits = 1;
        for (let size = 2 * units; size > 127; size = it.floor(size / 128)) digits++;
        if ((length + 1 + digits) % 2 === 1) tag("\0");
      }
      tag(narrow ? '"' : "c");
      varint(narrow ? units : 2 * units);
      room(narrow ? units : 2 * units);
      for (let index = 0; index < units; index++) {
        const code = it.charCodeAt(text, index);
        bytes[length++] = code & 255;
        if (!narrow) bytes[length++] = code >> 8;
      }
    }
    function bigint(value) {
      let rest = value < 0n ? -value : value;
      const digits = list();
      while (rest > 0n) {
        digits[digits.length] = rest & 0xffffffffffffffffn;
        rest >>= 64n;
      }
      varint(digits.length * 16 + (value < 0n ? 1 : 0));
      room(digits.length * 8);
      for (let index = 0; index < digits.length; index++) {
        for (let byte = 0n; byte < 8n; byte++) bytes[length++] = Number((digits[index] >> (8n * byte)) & 255n);
      }
    }
    function number(value) {
      if ((value | 0) === value && !(value === 0 && 1 / value < 0)) {
        tag("I");
        varint(value < 0 ? -2 * value - 1 : 2 * value);
      } else {
        tag("N");
        double(value);
      }
    }
    function write(value) {
      if (value === undefined) tag("_");
      else if (value === null) tag("0");
      else if (typeof value === "boolean") tag(value ? "T" : "F");
      else if (typeof value === "number") number(value);
      else if (typeof value === "string") string(value);
      else if (typeof value === "bigint") {
        tag("Z");
        bigint(value);
      } else if (typeof value === "symbol") refuse(it.symbolText(value) + " could not be cloned");
      else object(value);
    }
    function below(name, value) {
      path[path.length] = name;
      write(value);
      path.length--;
    }
    function object(value) {
      const known = it.mapGet(ids, value);
      if (known !== undefined) {
        tag("^");
        varint(known);
        return;
      }
      if (it.isView(value)) {
        viewed(value);
        return;
      }
      it.mapSet(ids, value, count++);
      if (typeof value === "function") refuse(it.functionText(value) + " could not be cloned");
      if (parts.proxies.is(value)) refuse("#<Object> could not be cloned");
      if (it.isArray(value)) array(value);
      else if (it.isError(value)) error(value);
      else if (!collection(value) && !leaf(value)) plain(value);
    }
    function properties(value, skipsIndices) {
      const keys = ownKeys(value);
      let written = 0;
      for (let index = 0; index < keys.length; index++) {
        const key = keys[index];
        if (typeof key !== "string" || (skipsIndices && isIndex(key))) continue;
        const found = getOwnPropertyDescriptor(value, key);
        if (found === undefined || !found.enumerable) continue;
        path[path.length] = step(key);
        const child = has(found, "value") ? found.value : value[key];
        if (isIndex(key)) number(+key);
        else string(key);
        write(child);
        path.length--;
        written++;
      }
      return written;
    }
    function plain(value) {
      tag("o");
      const written = properties(value, false);
      tag("{");
      varint(written);
    }
    function array(value) {
      const size = value.length;
      const sparse = size > MOST_DENSE_HOLES && ownKeys(value).length < size / 2;
      tag(sparse ? "a" : "A");
      varint(size);
      for (let index = 0; !sparse && index < size; index++) {
        const found = getOwnPropertyDescriptor(value, index);
        if (found === undefined) tag("-");
        else below("[" + index + "]", has(found, "value") ? found.value : value[index]);
      }
      const written = properties(value, !sparse);
      tag(sparse ? "@" : "$");
      varint(written);
      varint(size);
    }
    function error(value) {
      tag("r");
      for (let index = 0; index < ERRORS.length; index++) {
        if (isPrototypeOf(ERRORS[index][1].prototype, value)) tag(ERRORS[index][0]);
      }
      const message = getOwnPropertyDescriptor(value, "message");
      if (message !== undefined) {
        tag("m");
        string("" + data(value, "message", ""));
      }
      const stack = data(value, "stack", undefined);
      if (typeof stack === "string") {
        tag("s");
        string(stack);
      }
      if (has(value, "cause")) {
        tag("c");
        below(".cause", data(value, "cause", undefined));
      }
      tag(".");
    }
    function collection(value) {
      if (brand(it.mapPrototype, it.mapSize, value) !== undefined) {
        tag(";");
        const pairs = list();
        it.mapEach(value, (item, key) => void (pairs[pairs.length] = [key, item]));
        for (let index = 0; index < pairs.length; index++) {
          const key = pairs[index][0];
          below(".entries[" + index + "].key", key);
          below(typeof key === "string" ? ".get(" + it.quote(key) + ")" : ".entries[" + index + "].value", pairs[index][1]);
        }
        tag(":");
        varint(2 * pairs.length);
        return true;
      }
      if (brand(it.setPrototype, it.setSize, value) === undefined) return false;
      tag("'");
      const items = list();
      setEach(value, (item) => void (items[items.length] = item));
      for (let index = 0; index < items.length; index++) below(".values[" + index + "]", items[index]);
      tag(",");
      varint(items.length);
      return true;
    }
    function leaf(value) {
      const time = brand(it.datePrototype, it.dateTime, value);
      if (time !== undefined) {
        tag("D");
        double(time);
        return true;
      }
      const source = brand(it.regexpPrototype, it.regexpSource, value);
      if (source !== undefined) {
        regexp(value, source);
        return true;
      }
      const size = brand(it.bufferPrototype, it.bufferLength, value);
      if (size !== undefined) {
        buffer(value, size);
        return true;
      }
      return boxed(value) || refused(value);
    }
    function regexp(value, source) {
      let bits = 0;
      for (let index = 0; index < it.regexpFlags.length; index++) {
        const pair = it.regexpFlags[index];
        if (pair[1](value)) bits |= 1 << it.indexOf(FLAGS, pair[0]);
      }
      tag("R");
      string(source);
      varint(bits);
    }
    function buffer(value, size) {
      if (bufferDetached(value)) refuse("An ArrayBuffer is detached and could not be cloned");
      const resizable = bufferResizable(value);
      buffers[buffers.length] = value;
      tag(resizable ? "~" : "B");
      varint(size);
      if (resizable) varint(bufferMost(value));
      room(size);
      bytesSet(bytes, new Uint8Array(value, 0, size), length);
      length += size;
    }
    function viewed(value) {
      const name = it.typedName(value);
      const held = name === undefined ? viewBuffer(value) : typedBuffer(value);
      if (brand(it.sharedPrototype, it.sharedLength, held) !== undefined) refuse("#<SharedArrayBuffer> could not be cloned");
      object(held);
      it.mapSet(ids, value, count++);
      tag("V");
      let letter = "?";
      for (let index = 0; index < VIEWS.length; index++) if (VIEWS[index][1] === name) letter = VIEWS[index][0];
      tag(letter);
      varint(name === undefined ? viewOffset(value) : typedOffset(value));
      varint(name === undefined ? it.viewLength(value) : typedBytes(value));
      varint(bufferResizable(held) ? 2 : 0);
    }
    function boxed(value) {
      const flag = brand(Boolean.prototype, it.unboxBoolean, value);
      if (flag !== undefined) {
        tag(flag ? "y" : "x");
        return true;
      }
      const plainNumber = brand(Number.prototype, it.unboxNumber, value);
      if (plainNumber !== undefined) {
        tag("n");
        double(plainNumber);
        return true;
      }
      const whole = brand(BigInt.prototype, it.unboxBigint, value);
      if (whole !== undefined) {
        tag("z");
        bigint(whole);
        return true;
      }
      const text = brand(it.String.prototype, it.unboxString, value);
      if (text === undefined) return false;
      tag("s");
      string(text);
      return true;
    }
    function refused(value) {
      const name = parts.kinds.of(value);
      const kinds = ["weakmap", "weakset", "promise", "generator", "iterator"];
      for (let index = 0; index < kinds.length; index++) {
        if (name.subtype === kinds[index]) refuse("#<" + name.className + "> could not be cloned");
      }
      const others = ["SharedArrayBuffer", "WeakRef", "FinalizationRegistry", "Module", "Memory", "Instance", "Table"];
      for (let index = 0; index < others.length; index++) {
        if (name.className === others[index]) refuse("#<" + name.className + "> could not be cloned");
      }
      if (brand(Symbol.prototype, it.unboxSymbol, value) !== undefined) refuse("#<Symbol> could not be cloned");
      return false;
    }

    return {
      __proto__: null,
      path: joined,
      whole(value) {
        length = 0;
        room(2);
        bytes[length++] = 0xff;
        bytes[length++] = 0x0f;
        write(value);
        return new Uint8Array(typedBuffer(bytes), 0, length);
      },
      detach() {
        for (let index = 0; index < buffers.length; index++) detach(buffers[index]);
        return buffers.length;
      },
    };
  }

  parts.writer = writer;
})
