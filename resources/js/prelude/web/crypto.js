// crypto.getRandomValues and crypto.randomUUID: bytes of the operating system, asked for when they are wanted.
(function installCrypto(web) {
  'use strict';
  const { host } = web;
  const call = Function.prototype.call;
  const typed = Object.getPrototypeOf(Uint8Array).prototype;
  const read = (name) => call.bind(Object.getOwnPropertyDescriptor(typed, name).get);
  const bufferOf = read('buffer');
  const offsetOf = read('byteOffset');
  const lengthOf = read('byteLength');
  const kindOf = call.bind(Object.getOwnPropertyDescriptor(typed, Symbol.toStringTag).get);
  const toHex = call.bind(Uint8Array.prototype.toHex);
  const slice = call.bind(String.prototype.slice);
  const Bytes = Uint8Array;
  const MOST = 65536;
  const isWhole = (kind) => kind !== undefined && kind !== 'Float16Array' && kind !== 'Float32Array' && kind !== 'Float64Array';

  let making = true;

  class Crypto {
    #brand = true;

    constructor() { if (!making) throw web.typeError('Illegal constructor', Crypto); }

    getRandomValues(array) {
      if (!(#brand in this)) throw web.typeError('Illegal invocation', this.getRandomValues);
      const kind = typeof array === 'object' && array !== null ? kindOf(array) : undefined;
      if (!isWhole(kind)) {
        throw web.exception('TypeMismatchError', 'The array must be an integer typed array.', this.getRandomValues);
      }
      const length = lengthOf(array);
      if (length > MOST) {
        throw web.exception('QuotaExceededError', `The array has ${length} bytes, and ${MOST} are the most.`, this.getRandomValues);
      }
      host.random(new Bytes(bufferOf(array), offsetOf(array), length));
      return array;
    }

    randomUUID() {
      if (!(#brand in this)) throw web.typeError('Illegal invocation', this.randomUUID);
      const bytes = new Bytes(16);
      host.random(bytes);
      bytes[6] = (bytes[6] & 0x0f) | 0x40;
      bytes[8] = (bytes[8] & 0x3f) | 0x80;
      const hex = toHex(bytes);
      return `${slice(hex, 0, 8)}-${slice(hex, 8, 12)}-${slice(hex, 12, 16)}-${slice(hex, 16, 20)}-${slice(hex, 20)}`;
    }
  }

  const made = new Crypto();
  making = false;
  web.exposeClass('Crypto', Crypto);
  web.expose('crypto', made);
})
