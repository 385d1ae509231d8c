// `$_` in console input: the value of the last one that completed. On the global object while input is evaluated, and
// then gone again, as V8's inspector has it; a `$_` of the script's own stays as it is.
(function installLast(parts) {
  "use strict";
  const { defineProperty, getOwnPropertyDescriptor } = parts.intrinsics;
  const NAME = "$_";
  let value;
  let isShown = false;
  const get = () => value;

  function show() {
    if (isShown || getOwnPropertyDescriptor(globalThis, NAME) !== undefined) return;
    defineProperty(globalThis, NAME, { __proto__: null, get, set: replace, enumerable: false, configurable: true });
    isShown = true;
  }

  function replace(given) {
    defineProperty(globalThis, NAME, { __proto__: null, value: given, writable: true, enumerable: true, configurable: true });
  }

  function hide() {
    if (!isShown) return;
    isShown = false;
    if (getOwnPropertyDescriptor(globalThis, NAME)?.get === get) delete globalThis[NAME];
  }

  parts.last = { __proto__: null, show, hide, keep: (given) => void (value = given) };
})
