// AbortController and AbortSignal (abort, timeout, any).
(function installAbort(web) {
  'use strict';
  const { EventTarget, call, list } = web;
  const { defineProperty } = Object;
  const addListener = EventTarget.prototype.addEventListener;
  const removeListener = EventTarget.prototype.removeEventListener;
  const { iterator } = Symbol;
  const WeakRefHere = WeakRef;
  const deref = Function.prototype.call.bind(WeakRef.prototype.deref);
  const LONGEST_MS = 9007199254740991;

  let making = false; // only we make signals
  let inside;

  class AbortSignal extends EventTarget {
    #aborted = false; #reason = undefined; #steps = list(); #handler = null;

    static {
      inside = {
        __proto__: null,
        is: (value) => typeof value === 'object' && value !== null && #aborted in value,
        add: (signal, step) => { signal.#steps[signal.#steps.length] = step; },
        abort: (signal, reason) => signal.#abort(reason),
      };
    }

    constructor() {
      if (!making) throw web.typeError('Illegal constructor', AbortSignal);
      super();
    }

    static abort(reason = undefined) {
      const signal = make();
      signal.#abort(reason);
      return signal;
    }

    static timeout(milliseconds) {
      const wait = +milliseconds;
      if (!(wait >= 0 && wait <= LONGEST_MS)) {
        throw web.typeError("Failed to execute 'timeout' on 'AbortSignal': the value is out of range", AbortSignal.timeout);
      }
      const signal = make();
      web.later(() => {
        signal.#abort(web.exception('TimeoutError', 'The operation was aborted due to timeout', undefined));
      }, wait);
      return signal;
    }

    static any(signals) {
      const result = make();
      const all = list();
      for (const signal of { [iterator]: () => signals[iterator]() }) {
        if (!inside.is(signal)) {
          throw web.typeError("Failed to execute 'any' on 'AbortSignal': a value is no AbortSignal", AbortSignal.any);
        }
        all[all.length] = signal;
      }
      for (let index = 0; index < all.length; index += 1) {
        if (all[index].#aborted) {
          result.#aborted = true;
          result.#reason = all[index].#reason;
          return result;
        }
      }
      const weak = new WeakRefHere(result);
      for (let index = 0; index < all.length; index += 1) {
        const source = all[index];
        inside.add(source, () => { const left = deref(weak); if (left !== undefined) left.#abort(source.#reason); });
        if (index === 0) result.#sources = all;
      }
      return result;
    }

    #sources; // keeps them while this lives

    get aborted() { return this.#aborted; }
    get reason() { return this.#reason; }
    throwIfAborted() { if (this.#aborted) throw this.#reason; }
    get onabort() { return this.#handler; }
    set onabort(handler) {
      if (this.#handler !== null) call(removeListener, this, ['abort', this.#called]);
      this.#handler = typeof handler === 'function' || (typeof handler === 'object' && handler !== null) ? handler : null;
      if (this.#handler !== null) call(addListener, this, ['abort', this.#called]);
    }

    #called = (event) => { if (typeof this.#handler === 'function') call(this.#handler, this, [event]); };

    #abort(reason) {
      if (this.#aborted) return;
      this.#aborted = true;
      this.#reason = reason === undefined
        ? web.exception('AbortError', 'This operation was aborted', AbortController.prototype.abort) : reason;
      const steps = this.#steps;
      this.#steps = list();
      for (let index = 0; index < steps.length; index += 1) steps[index]();
      call(web.dispatch, this, [web.trustedEvent('abort')]);
    }
  }

  function make() {
    making = true;
    try {
      return new AbortSignal();
    } finally {
      making = false;
    }
  }

  class AbortController {
    #signal = make();

    get signal() { return this.#signal; }
    abort(reason = undefined) { inside.abort(this.#signal, reason); }
  }

  web.isSignal = inside.is;
  web.onAbort = inside.add;
  web.exposeClass('AbortController', AbortController);
  web.exposeClass('AbortSignal', AbortSignal);
  defineProperty(AbortSignal, 'length', { __proto__: null, value: 0, configurable: true });
})
