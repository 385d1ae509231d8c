// CDP's Runtime.getProperties: every own property of an object (or those of its prototypes too), and what V8 keeps
// inside it: its prototype, the entries of Map and Set, target and handler of a proxy.
(function installProperties(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { getOwnPropertyDescriptor, getPrototypeOf, has, list, record } = it;
  const MAX_CHAIN = 50;

  // `options`: {own, accessorsOnly, preview, nonIndexed}
  function of(id, options) {
    const entry = parts.table.entryOf(id);
    if (entry === undefined) return undefined;
    const shown = { __proto__: null, group: entry.group, preview: options.preview };
    const answer = record();
    answer.result = list();
    answer.internalProperties = list();
    const value = entry.value;
    if (!parts.describe.isObject(value)) return answer;
    if (parts.proxies.is(value)) internals(value, answer, shown);
    else {
      walk(value, answer.result, options, shown);
      if (!options.accessorsOnly) internals(value, answer, shown);
    }
    return answer;
  }

  function walk(value, result, options, shown) {
    let owner = value;
    for (let step = 0; owner !== null && step < MAX_CHAIN && !parts.proxies.is(owner); step++) {
      const keys = it.ownKeys(owner);
      for (let index = 0; index < keys.length; index++) {
        const found = getOwnPropertyDescriptor(owner, keys[index]);
        if (options.accessorsOnly && has(found, "value")) continue;
        if (options.nonIndexed && isIndex(keys[index])) continue;
        result[result.length] = described(keys[index], found, step === 0, shown);
      }
      if (options.own) return;
      owner = getPrototypeOf(owner);
    }
  }

  function isIndex(key) {
    if (typeof key !== "string" || key === "") return false;
    const code = it.charCodeAt(key, 0);
    return code >= 48 && code <= 57;
  }

  function described(key, found, isOwn, shown) {
    const property = record();
    property.name = typeof key === "symbol" ? it.symbolText(key) : key;
    property.configurable = found.configurable;
    property.enumerable = found.enumerable;
    property.isOwn = isOwn;
    if (has(found, "value")) {
      property.value = parts.describe.remote(found.value, shown);
      property.writable = found.writable;
    } else {
      property.get = parts.describe.remote(found.get, shown);
      property.set = parts.describe.remote(found.set, shown);
    }
    if (typeof key === "symbol") property.symbol = parts.describe.remote(key, shown);
    return property;
  }

  function internals(value, answer, shown) {
    const proxy = parts.proxies.of(value);
    if (proxy !== undefined) {
      internal(answer, "[[Handler]]", proxy.handler, shown);
      internal(answer, "[[Target]]", proxy.target, shown);
      return;
    }
    internal(answer, "[[Prototype]]", getPrototypeOf(value), shown);
    const { subtype } = parts.describe.kindOf(value);
    if (subtype !== "map" && subtype !== "set") return;
    const all = [];
    parts.describe.eachEntry(value, subtype, (key, item) => {
      const pair = subtype === "map" ? { key, value: item } : { value: item };
      it.define(all, all.length, pair);
      it.defineProperty(all, all.length - 1, { __proto__: null, enumerable: true });
      return true;
    });
    internal(answer, "[[Entries]]", all, shown);
  }

  function internal(answer, name, value, shown) {
    const property = record();
    property.name = name;
    property.value = parts.describe.remote(value, shown);
    answer.internalProperties[answer.internalProperties.length] = property;
  }

  parts.properties = { __proto__: null, of };
})
