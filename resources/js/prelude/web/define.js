// How the other parts put things on the global object, and how they refuse.
(function installDefine(web) {
  'use strict';
  const { defineProperty, setPrototypeOf } = Object;
  const { apply } = Reflect;
  const { captureStackTrace } = Error;
  const bind = Function.prototype.call.bind(Function.prototype.bind);
  const { toStringTag } = Symbol;
  const global = globalThis;
  const TypeErrorHere = TypeError;

  const property = (value) => ({ __proto__: null, value, writable: true, enumerable: false, configurable: true });

  const fixed = (value) => ({ __proto__: null, value, configurable: true });

  web.expose = (name, value) => defineProperty(global, name, property(value));

  // A global function without a `this`: its text is "[native code]", as that of V8's own.
  web.exposeFunction = (name, length, implementation) => {
    const made = bind(implementation, undefined);
    defineProperty(made, 'name', fixed(name));
    defineProperty(made, 'length', fixed(length));
    web.expose(name, made);
    return implementation; // for stacks: a bound function is in none
  };

  web.exposeClass = (name, made) => {
    defineProperty(made.prototype, toStringTag, fixed(name));
    web.expose(name, made);
  };

  // A TypeError whose stack begins where the script called `caller`.
  web.typeError = (message, caller) => {
    const error = new TypeErrorHere(message);
    captureStackTrace(error, caller);
    return error;
  };

  // A list that no setter on Array.prototype can see.
  web.list = () => setPrototypeOf([], null);

  // The same for a list that the script gets: an own element, whatever stands on the prototype.
  web.append = (array, value) => {
    defineProperty(array, array.length, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
  };

  web.call = apply;
})
