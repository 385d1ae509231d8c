// Functions of the host, in a context: what scripts call is made here, what it does happens elsewhere.
//
// The value is a function of the engine's `tell`, which reads `mail`: [0] what for ("call", "clone"), [1] the name, [2] the
// number of the call, [3] the value that goes out: a list of arguments. `tell` copies that at once, and leaves in [4] what
// it clones, or in [5] the error for which there is no copy. It gives [expose, withdraw, resolve, reject, mail, clone].
(() => {
  'use strict';
  const { defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Object;
  const bind = Function.prototype.call.bind(Function.prototype.bind);
  const PromiseHere = Promise;
  const global = globalThis;

  return (tell) => {
    const mail = setPrototypeOf([], null);
    const open = { __proto__: null }; // number -> [resolve, reject] of a call under way
    const made = { __proto__: null }; // name -> what was exposed under it
    let last = 0;

    function send(what, name, number, value) {
      mail[0] = what;
      mail[1] = name;
      mail[2] = number;
      mail[3] = value;
      mail[4] = mail[5] = undefined;
      tell();
      const answer = setPrototypeOf([mail[4], mail[5]], null);
      mail[3] = mail[4] = mail[5] = undefined;
      return answer;
    }

    function call(name, args) {
      return new PromiseHere((resolve, reject) => {
        last += 1;
        const refused = send('call', name, `${last}`, args)[1];
        if (refused !== undefined) reject(refused);
        else open[last] = { __proto__: null, resolve, reject };
      });
    }

    function expose(name) {
      const exposed = bind((...args) => call(name, args), undefined);
      defineProperty(exposed, 'name', { __proto__: null, value: name, configurable: true });
      defineProperty(global, name, { __proto__: null, value: exposed, writable: true, enumerable: false, configurable: true });
      made[name] = exposed;
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

    return [
      expose, withdraw, (number, value) => settle('resolve', number, value), (number, value) => settle('reject', number, value),
      mail, (value) => send('clone', '', '', value),
    ];
  };
})();
