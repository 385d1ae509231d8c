// Event and EventTarget, without a tree: a target is the whole path.
(function installEvents(web) {
  'use strict';
  const { call, host, list } = web;
  const arrayOf = Array.of.bind(Array);

  let dispatching; // set by dispatchEvent: the event's fields are its own
  let trusting; // makes an event that no script made

  class Event {
    #type; #bubbles; #cancelable; #composed; #time = host.now();
    #target = null; #current = null; #phase = 0;
    #prevented = false; #stopped = false; #stoppedNow = false; #passive = false; #flying = false; #trusted = false;

    static {
      dispatching = {
        __proto__: null,
        is: (event) => typeof event === 'object' && event !== null && #type in event,
        type: (event) => event.#type,
        flying: (event) => event.#flying,
        begin: (event, target) => {
          event.#flying = true;
          event.#target = event.#current = target;
          event.#phase = 2;
        },
        passive: (event, passive) => { event.#passive = passive; },
        stopped: (event) => event.#stoppedNow,
        // Whether the default may be done.
        end: (event) => {
          event.#flying = event.#stopped = event.#stoppedNow = false;
          event.#current = null;
          event.#phase = 0;
          return !event.#prevented;
        },
      };
      trusting = (type) => {
        const event = new Event(type);
        event.#trusted = true;
        return event;
      };
    }

    constructor(type, options = undefined) {
      if (arguments.length < 1) throw web.typeError("Failed to construct 'Event': 1 argument required", Event);
      this.#type = `${type}`;
      this.#bubbles = !!options?.bubbles;
      this.#cancelable = !!options?.cancelable;
      this.#composed = !!options?.composed;
    }

    get type() { return this.#type; }
    get bubbles() { return this.#bubbles; }
    get cancelable() { return this.#cancelable; }
    get composed() { return this.#composed; }
    get timeStamp() { return this.#time; }
    get target() { return this.#target; }
    get srcElement() { return this.#target; }
    get currentTarget() { return this.#current; }
    get eventPhase() { return this.#phase; }
    get defaultPrevented() { return this.#prevented; }
    get returnValue() { return !this.#prevented; }
    get isTrusted() { return this.#trusted; }
    get cancelBubble() { return this.#stopped; }
    set cancelBubble(value) { if (value) this.#stopped = true; }
    preventDefault() { if (this.#cancelable && !this.#passive) this.#prevented = true; }
    stopPropagation() { this.#stopped = true; }
    stopImmediatePropagation() { this.#stopped = this.#stoppedNow = true; }
    composedPath() { return this.#flying ? arrayOf(this.#target) : []; }
  }
  const phases = { __proto__: null, NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 };
  for (const name in phases) {
    const constant = { __proto__: null, value: phases[name], enumerable: true };
    Object.defineProperty(Event, name, constant);
    Object.defineProperty(Event.prototype, name, constant);
  }

  function captures(options) {
    return typeof options === 'object' && options !== null ? !!options.capture : !!options;
  }

  function added(listeners, listener) {
    const made = list();
    for (let index = 0; index < listeners.length; index += 1) made[index] = listeners[index];
    made[made.length] = listener;
    return made;
  }

  class EventTarget {
    #listeners = list();

    addEventListener(type, callback, options = undefined) {
      if (!(#listeners in this)) throw web.typeError('Illegal invocation', this.addEventListener);
      if (arguments.length < 2) throw web.typeError("Failed to execute 'addEventListener': 2 arguments required", this.addEventListener);
      if (callback !== null && callback !== undefined && typeof callback !== 'object' && typeof callback !== 'function') {
        throw web.typeError("Failed to execute 'addEventListener': the callback is no function or object", this.addEventListener);
      }
      const flags = typeof options === 'object' && options !== null ? options : undefined;
      const signal = flags?.signal;
      if (signal !== undefined && !web.isSignal(signal)) {
        throw web.typeError("Failed to execute 'addEventListener': signal is no AbortSignal", this.addEventListener);
      }
      if (signal !== undefined && signal.aborted) return;
      if (callback === null || callback === undefined) return;
      const listener = {
        __proto__: null, type: `${type}`, callback, capture: captures(options), once: !!flags?.once,
        passive: !!flags?.passive, removed: false,
      };
      if (this.#find(listener.type, callback, listener.capture) >= 0) return;
      this.#listeners = added(this.#listeners, listener);
      if (signal !== undefined) web.onAbort(signal, () => this.#remove(listener));
    }

    removeEventListener(type, callback, options = undefined) {
      const index = this.#find(`${type}`, callback, captures(options));
      if (index >= 0) this.#remove(this.#listeners[index]);
    }

    dispatchEvent(event) {
      if (!dispatching.is(event)) throw web.typeError("Failed to execute 'dispatchEvent': the argument is no Event", this.dispatchEvent);
      if (dispatching.flying(event)) {
        throw web.exception('InvalidStateError', 'The event is already being dispatched.', this.dispatchEvent);
      }
      const now = this.#listeners; // a change makes a new list, so that this one stands still
      dispatching.begin(event, this);
      const type = dispatching.type(event);
      for (let pass = 0; pass < 2; pass += 1) { // at the target capturing listeners come first
        for (let index = 0; index < now.length && !dispatching.stopped(event); index += 1) {
          const listener = now[index];
          if (listener.type === type && listener.capture === (pass === 0) && !listener.removed) this.#tell(listener, event);
        }
      }
      return dispatching.end(event);
    }

    #tell(listener, event) {
      if (listener.once) this.#remove(listener);
      dispatching.passive(event, listener.passive);
      try {
        const { callback } = listener;
        if (typeof callback === 'function') call(callback, this, [event]);
        else call(callback.handleEvent, callback, [event]);
      } catch (error) {
        web.report(error);
      }
      dispatching.passive(event, false);
    }

    #find(type, callback, capture) {
      for (let index = 0; index < this.#listeners.length; index += 1) {
        const one = this.#listeners[index];
        if (one.type === type && one.callback === callback && one.capture === capture) return index;
      }
      return -1;
    }

    #remove(listener) {
      if (listener.removed) return;
      listener.removed = true;
      const kept = list();
      for (let index = 0; index < this.#listeners.length; index += 1) {
        if (this.#listeners[index] !== listener) kept[kept.length] = this.#listeners[index];
      }
      this.#listeners = kept;
    }
  }

  web.Event = Event;
  web.EventTarget = EventTarget;
  web.trustedEvent = trusting;
  web.dispatch = EventTarget.prototype.dispatchEvent;
  web.exposeClass('Event', Event);
  web.exposeClass('EventTarget', EventTarget);
})
