// Replaces or breaks every intrinsic that a script can reach.
(() => {
  const boom = function () {
    throw new TypeError("vandal");
  };
  const ours = new Set(["eval", "Infinity", "NaN", "undefined", "globalThis", "console"]);
  const keep = Reflect.ownKeys;
  const describe = Object.getOwnPropertyDescriptor;
  const define = Object.defineProperty;
  const hasNot = (set, key) => !set.has(key);
  const names = keep(globalThis).filter((name) => typeof name === "string" && hasNot(ours, name));
  const values = names.map((name) => describe(globalThis, name).value);
  const timers = ["setTimeout", "setInterval", "clearTimeout", "clearInterval", "queueMicrotask"];
  const targets = [];
  for (const [index, value] of values.entries()) {
    if (timers.includes(names[index])) continue;
    if (value !== null && (typeof value === "object" || typeof value === "function")) {
      targets.push(value);
      if (typeof value === "function" && value.prototype) targets.push(value.prototype);
    }
  }
  const more = [
    Object.getPrototypeOf([].values()), Object.getPrototypeOf(new Map().values()),
    Object.getPrototypeOf(new Set().values()), Object.getPrototypeOf(Int8Array), Object.getPrototypeOf(Int8Array).prototype,
    Object.getPrototypeOf(async function () {}), Object.getPrototypeOf(function* () {}).prototype,
  ];
  for (const target of more) targets.push(target);
  const pairs = [];
  for (const target of targets) {
    for (const key of keep(target)) {
      if (key === "prototype" || key === "constructor" || key === "message" || key === "name") continue;
      pairs.push([target, key, describe(target, key)]);
    }
  }
  for (let index = 0; index < pairs.length; index++) {
    const pair = pairs[index];
    if (!pair[2].configurable) continue;
    if (typeof pair[2].value === "function") define(pair[0], pair[1], { __proto__: null, value: boom, writable: true, configurable: true });
    else if (pair[2].get) define(pair[0], pair[1], { __proto__: null, get: boom, set: boom, configurable: true });
  }
  const trap = { __proto__: null, get: boom, set: boom, configurable: true };
  const poison = ["0", "1", "get", "set", "value", "toJSON", "then", "subtype", "group", "preview", "objectId", "deadline"];
  for (let index = 0; index < poison.length; index++) {
    define(Object.prototype, poison[index], trap);
    define(Array.prototype, poison[index], trap);
    define(Function.prototype, poison[index], trap);
  }
})();
0;
