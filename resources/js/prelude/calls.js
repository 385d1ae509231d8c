// Functions of the host, in a context: what scripts call is made here, what it does happens elsewhere.
//
// The value is a function of the engine's `tell`, which reads `mail`: [0] what for ("call", "clone"), [1] the name, [2] the
// number of the call, [3] the value that goes out: a list of arguments. `tell` copies that at once, and leaves in [4] what
// it clones, or in [5] what was thrown when there is no copy, be it undefined. It gives [expose, withdraw, resolve, reject, mail, clone, kit].
// The kit is for js/values/remote.js, which comes late: what a script may have replaced by then.
(() => {
  'use strict';
  const { defineProperty, freeze, getOwnPropertyDescriptor, setPrototypeOf } = Object;
  const bind = Function.prototype.call.bind(Function.prototype.bind);
  const PromiseHere = Promise;
  const global = globalThis;
  const uncurry = Function.prototype.call.bind(Function.prototype.bind, Function.prototype.call);
  const isDetached = uncurry(getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached').get);
  const detach = uncurry(ArrayBuffer.prototype.transfer);
  const kit = { __proto__: null, apply: Reflect.apply, freeze, isDetached, detach, defineProperty, Error, Promise, TypeError };

  return (tell) => {
    const mail = setPrototypeOf([], null);
    const open = { __proto__: null }; // number -> [resolve, reject] of a call under way
    const made = { __proto__: null }; // name -> what was exposed under it
    const nothing = freeze({ __proto__: null });
    let last = 0;

    // [the copy, a list of what was thrown or undefined]
    function send(what, name, number, value) {
      mail[0] = what;
      mail[1] = name;
      mail[2] = number;
      mail[3] = value;
      mail[4] = undefined;
      mail[5] = nothing;
      tell();
      const thrown = mail[5] === nothing ? undefined : setPrototypeOf([mail[5]], null);
      const answer = setPrototypeOf([mail[4], thrown], null);
      mail[3] = mail[4] = mail[5] = undefined;
      return answer;
    }

    function call(name, args, resolve, reject) {
      last += 1;
      const number = `${last}`;
      const refused = send('call', name, number, args)[1];
      if (refused !== undefined) reject(refused[0]);
      else open[number] = { __proto__: null, resolve, reject };
    }

    function put(name, value) {
      defineProperty(global, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
      made[name] = value;
    }

    function expose(name) {
      const exposed = bind((...args) => new PromiseHere((resolve, reject) => call(name, args, resolve, reject)), undefined);
      defineProperty(exposed, 'name', { __proto__: null, value: name, configurable: true });
      put(name, exposed);
    }

    // Takes it away again, unless the script has put something else in its place.
    function withdraw(name) {
      if (getOwnPropertyDescriptor(global, name)?.value === made[name]) delete global[name];
      delete made[name];
    }

    function settle(way, number, value) {
      const waiting = open[number];
      delete open[number];
      if (waiting !== undefined) waiting[way](value);
    }

    kit.send = send;
    kit.call = call;
    kit.put = put;
    kit.withdraw = withdraw;
    return [
      expose, withdraw, (number, value) => settle('resolve', number, value), (number, value) => settle('reject', number, value),
      mail, (value) => send('clone', '', '', value), kit,
    ];
  };
})();
