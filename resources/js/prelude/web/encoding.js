// TextEncoder (UTF-8) and TextDecoder (UTF-8, UTF-16LE, UTF-16BE, windows-1252 with its labels "latin1" and "ascii").
(function installEncoding(web) {
  'use strict';
  const call = Function.prototype.call;
  const charCodeAt = call.bind(String.prototype.charCodeAt);
  const lower = call.bind(String.prototype.toLowerCase);
  const isWell = call.bind(String.prototype.isWellFormed);
  const toWell = call.bind(String.prototype.toWellFormed);
  const { fromCharCode } = String;
  const { apply } = Reflect;
  const { isView } = ArrayBuffer;
  const Bytes = Uint8Array;
  const Units = Uint16Array;
  const typed = Object.getPrototypeOf(Uint8Array).prototype;
  const get = (owner, name) => call.bind(Object.getOwnPropertyDescriptor(owner, name).get);
  const kindOf = get(typed, Symbol.toStringTag);
  const typedParts = [get(typed, 'buffer'), get(typed, 'byteOffset'), get(typed, 'byteLength')];
  const viewParts = [get(DataView.prototype, 'buffer'), get(DataView.prototype, 'byteOffset'), get(DataView.prototype, 'byteLength')];
  const bufferLength = get(ArrayBuffer.prototype, 'byteLength');
  const sharedLength = get(SharedArrayBuffer.prototype, 'byteLength');
  const subarray = call.bind(typed.subarray);
  const RangeErrorHere = RangeError;
  const CHUNK = 8192;
  const cut = call.bind(String.prototype.slice);
  const BOM = 0xfeff;
  const BAD = 0xfffd;

  // A switch costs nothing until it is asked; tables made the birth of each context dearer.
  function encodingOf(label) {
    switch (label) {
      case 'utf-8': case 'utf8': case 'unicode-1-1-utf-8': case 'unicode11utf8': case 'unicode20utf8': case 'x-unicode20utf8':
        return 'utf-8';
      case 'utf-16le': case 'utf-16': case 'ucs-2': case 'iso-10646-ucs-2': case 'csunicode': case 'unicode': case 'unicodefeff':
        return 'utf-16le';
      case 'utf-16be': case 'unicodefffe':
        return 'utf-16be';
      case 'windows-1252': case 'ansi_x3.4-1968': case 'ascii': case 'cp1252': case 'cp819': case 'csisolatin1': case 'ibm819':
      case 'iso-8859-1': case 'iso-ir-100': case 'iso8859-1': case 'iso88591': case 'iso_8859-1': case 'iso_8859-1:1987': case 'l1':
      case 'latin1': case 'us-ascii': case 'x-cp1252':
        return 'windows-1252';
      default:
        return undefined;
    }
  }

  // 0x80 to 0x9f, where windows-1252 is not Latin-1.
  const windows = () => [
    0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
    0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
  ];

  const isSpace = (unit) => unit === 0x20 || unit === 0x09 || unit === 0x0a || unit === 0x0c || unit === 0x0d;

  function trimmed(text) {
    let from = 0;
    let to = text.length;
    while (from < to && isSpace(charCodeAt(text, from))) from += 1;
    while (to > from && isSpace(charCodeAt(text, to - 1))) to -= 1;
    return cut(text, from, to);
  }

  // Writes a well-formed string; stops before a character that has no room. How far it came: code units read, bytes written.
  function write(text, bytes, from, room) {
    let read = 0;
    let at = from;
    const end = from + room;
    while (read < text.length) {
      let code = charCodeAt(text, read);
      let units = 1;
      if (code >= 0xd800 && code < 0xdc00) {
        code = 0x10000 + ((code - 0xd800) << 10) + (charCodeAt(text, read + 1) - 0xdc00);
        units = 2;
      }
      const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      if (at + size > end) break;
      if (size === 1) {
        bytes[at] = code;
      } else {
        for (let left = size - 1; left > 0; left -= 1) {
          bytes[at + left] = 0x80 | (code & 0x3f);
          code >>= 6;
        }
        bytes[at] = (size === 2 ? 0xc0 : size === 3 ? 0xe0 : 0xf0) | code;
      }
      at += size;
      read += units;
    }
    return { read, written: at - from };
  }

  const wellFormed = (text) => (isWell(text) ? text : toWell(text));

  function sizeOf(text) {
    let size = 0;
    for (let index = 0; index < text.length; index += 1) {
      const unit = charCodeAt(text, index);
      size += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
    }
    return size;
  }

  class TextEncoder {
    #brand = true;

    get encoding() { if (!(#brand in this)) throw web.typeError('Illegal invocation', undefined); return 'utf-8'; }

    encode(input = '') {
      if (!(#brand in this)) throw web.typeError('Illegal invocation', this.encode);
      const text = wellFormed(`${input}`);
      const bytes = new Bytes(sizeOf(text));
      write(text, bytes, 0, bytes.length);
      return bytes;
    }

    encodeInto(source, destination) {
      const text = wellFormed(`${source}`);
      if (typeof destination !== 'object' || destination === null || kindOf(destination) !== 'Uint8Array') {
        throw web.typeError("Failed to execute 'encodeInto': the second argument is no Uint8Array", this.encodeInto);
      }
      return write(text, destination, 0, typedParts[2](destination));
    }
  }

  function bytesOf(input, caller) {
    if (input === undefined) return new Bytes(0);
    if (isView(input)) {
      const parts = kindOf(input) === undefined ? viewParts : typedParts;
      return new Bytes(parts[0](input), parts[1](input), parts[2](input));
    }
    for (let index = 0; index < 2; index += 1) {
      try {
        return new Bytes(input, 0, (index === 0 ? bufferLength : sharedLength)(input));
      } catch {
        // of another kind
      }
    }
    throw web.typeError("Failed to execute 'decode': the input is no ArrayBuffer or view", caller);
  }

  class TextDecoder {
    #encoding; #fatal; #ignoresBom;
    #begun = false; // something was decoded since the last flush: a BOM comes no more
    #code = 0; #needed = 0; #seen = 0; #least = 0x80; #most = 0xbf; // of an UTF-8 sequence under way
    #half = -1; #lead = -1; // of UTF-16: a byte, and a high surrogate
    #out; #count; #text;

    constructor(name = 'utf-8', options = undefined) {
      this.#encoding = encodingOf(lower(trimmed(`${name}`)));
      if (this.#encoding === undefined) {
        throw new RangeErrorHere(`Failed to construct 'TextDecoder': the encoding label '${name}' is not supported here`);
      }
      this.#fatal = !!options?.fatal;
      this.#ignoresBom = !!options?.ignoreBOM;
    }

    get encoding() { return this.#encoding; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#ignoresBom; }

    decode(input = undefined, options = undefined) {
      const bytes = bytesOf(input, this.decode);
      const stream = !!options?.stream;
      this.#out = new Units(CHUNK);
      this.#count = 0;
      this.#text = '';
      try {
        if (this.#encoding === 'utf-8') this.#utf8(bytes, stream);
        else if (this.#encoding === 'windows-1252') this.#windows(bytes);
        else this.#utf16(bytes, stream, this.#encoding === 'utf-16be');
        this.#spill();
        if (!stream) this.#begun = false;
        return this.#text;
      } catch (error) {
        this.#begun = false;
        this.#needed = 0;
        this.#half = this.#lead = -1;
        throw error;
      } finally {
        this.#out = undefined;
        this.#text = '';
      }
    }

    #utf8(bytes, stream) {
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at];
        if (this.#needed === 0) {
          if (byte < 0x80) this.#put(byte);
          else if (byte >= 0xc2 && byte <= 0xf4) this.#begin(byte);
          else this.#bad();
        } else if (byte < this.#least || byte > this.#most) {
          this.#needed = 0;
          this.#bad();
          at -= 1; // it begins something of its own
        } else {
          this.#least = 0x80;
          this.#most = 0xbf;
          this.#code = (this.#code << 6) | (byte & 0x3f);
          this.#seen += 1;
          if (this.#seen === this.#needed) {
            this.#needed = 0;
            this.#point(this.#code);
          }
        }
      }
      if (!stream && this.#needed !== 0) {
        this.#needed = 0;
        this.#bad();
      }
    }

    #begin(byte) {
      this.#seen = 0;
      this.#needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      this.#code = byte & (byte < 0xe0 ? 0x1f : byte < 0xf0 ? 0x0f : 0x07);
      this.#least = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
      this.#most = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
    }

    #utf16(bytes, stream, isBig) {
      for (let at = 0; at < bytes.length; at += 1) {
        if (this.#half < 0) {
          this.#half = bytes[at];
          continue;
        }
        const unit = isBig ? (this.#half << 8) | bytes[at] : (bytes[at] << 8) | this.#half;
        this.#half = -1;
        this.#unit(unit);
      }
      if (!stream && (this.#half >= 0 || this.#lead >= 0)) {
        this.#half = this.#lead = -1;
        this.#bad();
      }
    }

    #unit(unit) {
      const lead = this.#lead;
      this.#lead = -1;
      const isLow = unit >= 0xdc00 && unit < 0xe000;
      if (lead >= 0 && isLow) {
        this.#put(lead);
        this.#put(unit);
        return;
      }
      if (lead >= 0) this.#bad();
      if (unit >= 0xd800 && unit < 0xdc00) this.#lead = unit;
      else if (isLow) this.#bad();
      else this.#put(unit);
    }

    #windows(bytes) {
      const upper = windows();
      for (let at = 0; at < bytes.length; at += 1) {
        const byte = bytes[at];
        this.#begun = true; // it has no BOM
        this.#put(byte >= 0x80 && byte < 0xa0 ? upper[byte - 0x80] : byte);
      }
    }

    #point(code) {
      if (code < 0x10000) {
        this.#put(code);
      } else {
        this.#put(0xd800 + ((code - 0x10000) >> 10));
        this.#put(0xdc00 + ((code - 0x10000) & 0x3ff));
      }
    }

    #put(unit) {
      if (!this.#begun) {
        this.#begun = true;
        if (unit === BOM && !this.#ignoresBom) return;
      }
      if (this.#count === CHUNK) this.#spill();
      this.#out[this.#count] = unit;
      this.#count += 1;
    }

    #spill() {
      this.#text += apply(fromCharCode, undefined, subarray(this.#out, 0, this.#count));
      this.#count = 0;
    }

    #bad() {
      if (this.#fatal) throw web.typeError('The encoded data was not valid.', this.decode);
      this.#put(BAD);
    }
  }

  web.exposeClass('TextEncoder', TextEncoder);
  web.exposeClass('TextDecoder', TextDecoder);
})
