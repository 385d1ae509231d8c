// Ports to other isolates, and references to values that live in them, as a context sees them. It runs in a context when
// the first of them is put there, so it uses syntax and the kit of js/prelude/calls.js alone.
//
// What a script posts and asks goes out through `kit.send` and `kit.call`; the engine calls what is given back:
// [open, deliver, close, refer, end].
(function remote(kit) {
  'use strict';
  const { apply, call, defineProperty, detach, freeze, isDetached, put, send, withdraw } = kit;
  const { Error, Promise, TypeError } = kit;
  const pass = { __proto__: null }; // who has it may construct
  const ports = { __proto__: null }; // number -> Port
  const references = { __proto__: null }; // number -> Reference
  let handlerOf;
  let ended;
  let numberOf;
  let forget;

  const closedWords = (why) => new Error(`Can't post a message: the port is closed: ${why}`);

  // The ArrayBuffers of postMessage's second argument: a list of them, or {transfer}.
  function buffersOf(given) {
    const found = { __proto__: null, count: 0 };
    const listed = given !== null && typeof given === 'object' && 'transfer' in given ? given.transfer : given;
    if (listed === undefined) return found;
    for (const buffer of listed) {
      let detached;
      try {
        detached = isDetached(buffer);
      } catch {
        throw new TypeError("Can't post a message: only an ArrayBuffer can be transferred.");
      }
      if (detached) throw new TypeError("Can't post a message: an ArrayBuffer to transfer is detached.");
      found[found.count] = buffer;
      found.count += 1;
    }
    return found;
  }

  class Port {
    #number; #onmessage = null; #onclose = null; #why = '';
    #told = false; // that there is a handler: once, until a message found none

    static {
      handlerOf = (port) => {
        if (port.#onmessage === null) port.#told = false;
        return port.#onmessage;
      };
      ended = (port, why) => {
        port.#why = why;
        return port.#onclose;
      };
    }

    constructor(given, number) {
      if (given !== pass) throw new TypeError('Illegal constructor: ports come from outside.');
      this.#number = number;
    }

    get onmessage() { return this.#onmessage; }
    set onmessage(handler) {
      this.#onmessage = typeof handler === 'function' ? handler : null;
      if (this.#onmessage === null || this.#told || this.#why !== '') return;
      this.#told = true;
      send('start', '', this.#number, undefined);
    }

    get onclose() { return this.#onclose; }
    set onclose(handler) { this.#onclose = typeof handler === 'function' ? handler : null; }

    get closed() { return this.#why !== ''; }

    // Copies `value` at once. Throws what can't be copied, and when the port is closed or its queue full.
    postMessage(value, transfer = undefined) {
      if (this.#why !== '') throw closedWords(this.#why);
      const buffers = buffersOf(transfer);
      const refused = send('post', '', this.#number, value)[1];
      if (refused !== undefined) throw refused[0];
      for (let index = 0; index < buffers.count; index += 1) detach(buffers[index]); // the originals end here
    }

    close() {
      if (this.#why !== '') return;
      this.#why = 'it was closed here';
      delete ports[this.#number];
      send('close', '', this.#number, undefined);
    }
  }

  class Reference {
    #number; #typeof; #released = false;

    static {
      numberOf = (value) => (typeof value === 'object' && value !== null && #number in value ? value.#number : undefined);
      forget = (reference) => { reference.#released = true; };
    }

    constructor(given, number, type) {
      if (given !== pass) throw new TypeError('Illegal constructor: references come from outside.');
      this.#number = number;
      this.#typeof = type;
    }

    get typeof() { return this.#typeof; }
    get(key) { return this.#ask(['get', sent(key)], taken); }
    set(key, value) { return this.#ask(['set', sent(key), sent(value)], taken); }
    delete(key) { return this.#ask(['delete', sent(key)], taken); }
    apply(receiver = undefined, args = []) {
      const list = ['apply', sent(receiver)];
      for (let index = 0; index < args.length; index += 1) append(list, sent(args[index]));
      return this.#ask(list, taken);
    }
    copy() { return this.#ask(['copy'], (value) => value); }

    release() {
      if (this.#released) return;
      this.#released = true;
      delete references[this.#number];
      call(`ref:${this.#number}`, ['release'], () => {}, () => {});
    }

    #ask(what, read) {
      return new Promise((resolve, reject) => {
        if (this.#released) reject(new Error("Can't use the reference: it was released."));
        else call(`ref:${this.#number}`, what, (answer) => resolve(read(answer)), reject);
      });
    }
  }

  const append = (list, value) =>
    defineProperty(list, list.length, { __proto__: null, value, writable: true, enumerable: true, configurable: true });

  // How an argument goes out: a reference by its number, all else as a copy.
  function sent(value) {
    const number = numberOf(value);
    return number === undefined ? { value } : { reference: number };
  }

  // An answer: {value}, or {reference, type} for what can't be handed over as it is.
  const taken = (answer) => (answer.reference === 0 ? answer.value : refer(answer.reference, answer.type));

  function refer(number, type) {
    const made = freeze(new Reference(pass, number, type));
    references[number] = made;
    return made;
  }

  return [
    (number, name) => {
      ports[number] = new Port(pass, number);
      put(name, ports[number]);
    },
    // "taken", "waits" for a handler, "closed"; what the handler throws goes through.
    (number, data) => {
      const port = ports[number];
      if (port === undefined) return 'closed';
      const handler = handlerOf(port);
      if (handler === null) return 'waits';
      apply(handler, port, [freeze({ type: 'message', data, target: port })]);
      return 'taken';
    },
    (number, why) => {
      const port = ports[number];
      if (port === undefined) return;
      delete ports[number];
      const handler = ended(port, why);
      if (handler !== null) apply(handler, port, [freeze({ type: 'close', reason: why, target: port })]);
    },
    (number, type, name) => put(name, refer(number, type)),
    (number, name) => {
      if (references[number] !== undefined) forget(references[number]);
      delete references[number];
      if (name !== '') withdraw(name);
    },
  ];
})
