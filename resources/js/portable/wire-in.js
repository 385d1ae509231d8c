// Structured clone in V8's own wire format, in: bytes that may be damaged become a value, or an error.
(function installReader(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { apply, data, defineProperty, list } = it;
  const { brand } = parts.kinds;
  const { ArrayBuffer, BigInt, Boolean, DataView, Date, Number, Object, RegExp, Uint8Array } = globalThis;
  const { Error, Map, Set: SetOfV8 } = it;
  const { ERRORS, VIEWS, FLAGS, typedBuffer, typedOffset, typedBytes, bytesSet } = parts.format;
  const getDouble = it.uncurry(DataView.prototype.getFloat64);
  const setAdd = it.uncurry(Set.prototype.add);
  const fromCode = String.fromCharCode;
  const CHUNK = 4096;
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
  const put = (owner, key, value) =>
    defineProperty(owner, key, { __proto__: null, value, writable: true, enumerable: true, configurable: true });

  function read(bytes) {
    const size = typedBytes(bytes);
    const view = new DataView(typedBuffer(bytes), typedOffset(bytes), size);
    const objects = list();
    let at = 2;

    const damaged = () => new Error("Unable to deserialize cloned data.");
    function byte() {
      if (at >= size) throw damaged();
      return bytes[at++];
    }
    function letter() {
      let code = byte();
      while (code === 0) code = byte();
      return fromCode(code);
    }
    function varint() {
      let number = 0;
      let factor = 1;
      for (;;) {
        const part = byte();
        number += (part & 127) * factor;
        if (part < 128) return number;
        factor *= 128;
      }
    }
    function take(count) {
      if (count > size - at) throw damaged();
      at += count;
      return at - count;
    }
    const double = () => getDouble(view, take(8), true);
    function string(kind) {
      const count = varint();
      const start = take(count);
      const wide = kind === "c";
      let text = "";
      for (let from = 0; from < count; from += CHUNK) {
        const codes = list(); // without a prototype: nothing of the script's sees what is put there
        for (let index = from; index < count && index < from + CHUNK; index += wide ? 2 : 1) {
          codes[codes.length] = wide ? bytes[start + index] | (bytes[start + index + 1] << 8) : bytes[start + index];
        }
        text += apply(fromCode, undefined, codes);
      }
      return text;
    }
    function bigint() {
      const field = varint();
      const count = it.floor(field / 2);
      const start = take(count);
      let value = 0n;
      for (let index = count - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[start + index]);
      return field % 2 === 1 ? -value : value;
    }
    const keep = (value) => {
      objects[objects.length] = value;
      return value;
    };
    function value() {
      const kind = letter();
      if (kind === "_") return undefined;
      if (kind === "0") return null;
      if (kind === "T" || kind === "F") return kind === "T";
      if (kind === "I") {
        const number = varint();
        return number % 2 === 1 ? -(number + 1) / 2 : number / 2;
      }
      if (kind === "U") return varint();
      if (kind === "N") return double();
      if (kind === "Z") return bigint();
      if (kind === '"' || kind === "c") return string(kind);
      if (kind === "^") {
        const index = varint();
        if (index >= objects.length) throw damaged();
        return withView(objects[index]);
      }
      return withView(object(kind));
    }
    function object(kind) {
      if (kind === "o") return properties(keep({}), "{", 1);
      if (kind === "A") return dense();
      if (kind === "a") {
        const made = keep([]);
        made.length = varint();
        return properties(made, "@", 2);
      }
      if (kind === ";") return map();
      if (kind === "'") return set();
      if (kind === "r") return error();
      if (kind === "D") return keep(new Date(double()));
      if (kind === "R") return regexp();
      if (kind === "B" || kind === "~") return buffer(kind);
      if (kind === "y" || kind === "x") return keep(new Boolean(kind === "y"));
      if (kind === "n") return keep(new Number(double()));
      if (kind === "z") return keep(Object(bigint()));
      if (kind === "s") return keep(new it.String(string(letter())));
      throw damaged();
    }
    function ends(kind) {
      while (at < size && bytes[at] === 0) at++;
      if (at >= size) throw damaged();
      if (bytes[at] !== it.charCodeAt(kind, 0)) return false;
      at++;
      return true;
    }
    function properties(made, end, counts) {
      while (!ends(end)) {
        const key = value();
        put(made, key, value());
      }
      for (let index = 0; index < counts; index++) varint();
      return made;
    }
    function dense() {
      const length = varint();
      if (length > size - at) throw damaged();
      const made = keep([]);
      made.length = length;
      for (let index = 0; index < length; index++) {
        if (bytes[at] === 45) at++;
        else put(made, index, value());
      }
      return properties(made, "$", 2);
    }
    function map() {
      const made = keep(new Map());
      while (!ends(":")) {
        const key = value();
        it.mapSet(made, key, value());
      }
      varint();
      return made;
    }
    function set() {
      const made = keep(new SetOfV8());
      while (!ends(",")) setAdd(made, value());
      varint();
      return made;
    }
    function error() {
      const index = objects.length;
      keep(undefined);
      let make = Error;
      let message;
      let made;
      for (;;) {
        const part = fromCode(byte());
        if (part === "m") message = string(letter());
        else if (part === "s" || part === "c" || part === ".") {
          if (made === undefined) {
            made = message === undefined ? new make() : new make(message);
            objects[index] = made;
          }
          if (part === ".") return made;
          const given = part === "s" ? string(letter()) : value();
          defineProperty(made, part === "s" ? "stack" : "cause", {
            __proto__: null, value: given, writable: true, enumerable: false, configurable: true,
          });
        } else {
          for (let at = 0; at < ERRORS.length; at++) if (ERRORS[at][0] === part) make = ERRORS[at][1];
        }
      }
    }
    function regexp() {
      const source = string(letter());
      const bits = varint();
      let flags = "";
      for (let bit = 0; bit < FLAGS.length; bit++) if ((bits >> bit) & 1) flags += FLAGS[bit];
      return keep(new RegExp(source, flags));
    }
    function buffer(kind) {
      const count = varint();
      const most = kind === "~" ? varint() : 0;
      const start = take(count);
      const made = kind === "~" ? new ArrayBuffer(count, { __proto__: null, maxByteLength: most }) : new ArrayBuffer(count);
      bytesSet(new Uint8Array(made), new Uint8Array(typedBuffer(bytes), typedOffset(bytes) + start, count), 0);
      return keep(made);
    }
    function withView(made) {
      if (at >= size || bytes[at] !== 86 || !isObject(made) || brand(it.bufferPrototype, it.bufferLength, made) === undefined) {
        return made;
      }
      at++;
      const kind = fromCode(byte());
      const offset = varint();
      const count = varint();
      const tracks = varint() % 2 === 1;
      if (kind === "?") return keep(tracks ? new DataView(made, offset) : new DataView(made, offset, count));
      for (let index = 0; index < VIEWS.length; index++) {
        if (VIEWS[index][0] === kind && VIEWS[index][2] !== undefined) {
          const View = VIEWS[index][2];
          return keep(tracks ? new View(made, offset) : new View(made, offset, count / View.BYTES_PER_ELEMENT));
        }
      }
      throw damaged();
    }

    if (size < 3 || bytes[0] !== 0xff || bytes[1] !== 0x0f) {
      throw new Error("Unable to deserialize cloned data due to invalid or unsupported version.");
    }
    return value();
  }

  parts.read = read;
})
