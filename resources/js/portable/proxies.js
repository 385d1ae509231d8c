// Knows every proxy that is made, so that showing one never runs its traps. `Proxy` is wrapped for that; the wrapper
// behaves as V8's own.
(function installProxies(parts) {
  "use strict";
  const { Proxy, TypeError, WeakMap, construct, defineProperty, record, weakGet, weakHas, weakSet } = parts.intrinsics;
  const made = new WeakMap();

  function remember(proxy, target, handler) {
    const entry = record();
    entry.target = target;
    entry.handler = handler;
    weakSet(made, proxy, entry);
    return proxy;
  }

  const revocableOfV8 = Proxy.revocable;
  const revocable = parts.intrinsics.native(
    (target, handler) => {
      const pair = revocableOfV8(target, handler);
      remember(pair.proxy, target, handler);
      return pair;
    },
    "revocable",
    2,
  );

  const handler = {
    __proto__: null,
    construct: (original, given) => {
      const proxy = construct(original, given);
      return remember(proxy, given[0], given[1]);
    },
    apply: () => {
      throw new TypeError("Constructor Proxy requires 'new'");
    },
  };

  const wrapped = new Proxy(Proxy, handler);
  parts.intrinsics.define(Proxy, "revocable", revocable);
  defineProperty(globalThis, "Proxy", {
    __proto__: null, value: wrapped, writable: true, enumerable: false, configurable: true,
  });

  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
  parts.proxies = {
    __proto__: null,
    is: (value) => isObject(value) && weakHas(made, value),
    of: (value) => weakGet(made, value), // {target, handler}
  };
})
