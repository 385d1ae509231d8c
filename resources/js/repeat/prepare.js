// Finds the function that is to be called again and again, and keeps it where `call.js` finds it. It is called with
// { name, module } and gives back the function's name; it throws when there is none, or more than one could be meant.
// `module`: the url of the module whose exports are searched, "" for the globals of a script.
(async ({ name, module }) => {
  const key = Symbol.for("isolate-inspector.repeat");
  const usual = ["handler", "handle", "default", "main", "run"];
  const holder = module ? await import(module) : globalThis;
  const names = name ? [name] : usual;
  let found = names.find((one) => typeof holder[one] === "function");
  if (found === undefined && !name && module) {
    const exported = Object.keys(holder).filter((one) => typeof holder[one] === "function");
    if (exported.length > 1) throw new TypeError(`several functions are exported (${exported.join(", ")}): name one`);
    found = exported[0];
  }
  let callee = found === undefined ? undefined : holder[found];
  if (callee === undefined && !module) {
    // a top-level const, let or class is no property of the global object
    for (const one of names) {
      if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(one) || one === "default") continue;
      try {
        const value = (0, eval)(one);
        if (typeof value === "function") {
          callee = value;
          found = one;
          break;
        }
      } catch {
        // not declared
      }
    }
  }
  if (callee === undefined) {
    throw new ReferenceError(name ? `there is no function ${name}` : `none of ${usual.join(", ")} is a function`);
  }
  Object.defineProperty(globalThis, key, { value: callee, configurable: true, enumerable: false });
  return found;
})
