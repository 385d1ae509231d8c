// atob and btoa, over V8's own base64.
(function installBase64(web) {
  'use strict';
  const call = Function.prototype.call;
  const fromBase64 = Uint8Array.fromBase64.bind(Uint8Array);
  const toBase64 = call.bind(Uint8Array.prototype.toBase64);
  const charCodeAt = call.bind(String.prototype.charCodeAt);
  const { fromCharCode } = String;
  const { apply } = Reflect;
  const subarray = call.bind(Object.getPrototypeOf(Uint8Array).prototype.subarray);
  const Bytes = Uint8Array;
  const LOOSE = { __proto__: null, alphabet: 'base64', lastChunkHandling: 'loose' };
  const CHUNK = 8192;

  web.latin1 = (bytes, length) => {
    let text = '';
    for (let from = 0; from < length; from += CHUNK) {
      text += apply(fromCharCode, undefined, subarray(bytes, from, from + CHUNK < length ? from + CHUNK : length));
    }
    return text;
  };

  const atob = web.exposeFunction('atob', 1, (...args) => {
    if (args.length < 1) throw web.typeError("Failed to execute 'atob': 1 argument required", atob);
    const text = `${args[0]}`;
    let bytes;
    try {
      bytes = fromBase64(text, LOOSE);
    } catch {
      throw web.exception('InvalidCharacterError', 'The string to be decoded is not correctly encoded.', atob);
    }
    return web.latin1(bytes, bytes.length);
  });

  const btoa = web.exposeFunction('btoa', 1, (...args) => {
    if (args.length < 1) throw web.typeError("Failed to execute 'btoa': 1 argument required", btoa);
    const text = `${args[0]}`;
    const bytes = new Bytes(text.length);
    for (let index = 0; index < text.length; index += 1) {
      const unit = charCodeAt(text, index);
      if (unit > 255) {
        throw web.exception('InvalidCharacterError', 'The string to be encoded contains characters outside of the Latin1 range.', btoa);
      }
      bytes[index] = unit;
    }
    return toBase64(bytes);
  });
})
