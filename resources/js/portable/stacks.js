// Stack frames and texts of errors, safe from a replaced Error.prepareStackTrace and Error.stackTraceLimit.
(function installStacks(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { apply, data, defineProperty, getOwnPropertyDescriptor, has, list, record, startsWith } = it;
  const { captureStackTrace } = Error;
  const INTERNAL = "inspector:";
  const MAX_FRAMES = 20;

  // CallSite's own methods, read from a first frame.
  let site;
  Error.prepareStackTrace = (_, sites) => sites;
  site = Object.getPrototypeOf(new Error().stack[0]);
  delete Error.prepareStackTrace;
  const urlOf = it.uncurry(site.getScriptNameOrSourceURL);
  const lineOf = it.uncurry(site.getLineNumber);
  const columnOf = it.uncurry(site.getColumnNumber);
  const nameOf = it.uncurry(site.getFunctionName);
  const sitesOnly = (_, sites) => sites;

  const set = (name, value) =>
    defineProperty(it.Error, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });

  // Runs `work` with our own stack settings on Error; undefined when the user froze them.
  function withOwnSettings(prepare, work) {
    const prepared = getOwnPropertyDescriptor(it.Error, "prepareStackTrace");
    const limited = getOwnPropertyDescriptor(it.Error, "stackTraceLimit");
    if (!set("prepareStackTrace", prepare)) return undefined;
    const limits = set("stackTraceLimit", MAX_FRAMES + 10);
    try {
      return work();
    } finally {
      restore("prepareStackTrace", prepared);
      if (limits) restore("stackTraceLimit", limited);
    }
  }

  function restore(name, before) {
    if (before === undefined) {
      delete it.Error[name];
      return;
    }
    const again = record();
    const fields = ["value", "writable", "get", "set", "enumerable", "configurable"];
    for (let index = 0; index < fields.length; index++) {
      if (has(before, fields[index])) again[fields[index]] = before[fields[index]];
    }
    defineProperty(it.Error, name, again);
  }

  // CDP call frames of the caller, innermost first, without ours: [{functionName, scriptId, url, lineNumber, columnNumber}].
  function frames() {
    const sites = withOwnSettings(sitesOnly, () => {
      const holder = {};
      captureStackTrace(holder);
      return holder.stack;
    });
    const found = list();
    if (sites === undefined || !it.isArray(sites)) return found;
    for (let index = 0; index < sites.length && found.length < MAX_FRAMES; index++) {
      const url = urlOf(sites[index]) ?? "";
      if (startsWith(url, INTERNAL)) continue;
      const frame = record();
      frame.functionName = nameOf(sites[index]) ?? "";
      frame.scriptId = "";
      frame.url = url;
      frame.lineNumber = it.max(0, (lineOf(sites[index]) ?? 1) - 1);
      frame.columnNumber = it.max(0, (columnOf(sites[index]) ?? 1) - 1);
      found[found.length] = frame;
    }
    return found;
  }

  // The stack text of an error, or "Name: message" when it has none. V8 makes the text when it is first asked for, by
  // Error.prepareStackTrace or from the error's `name` and `message`, which may be getters of the user's: so ours makes
  // it, from data alone, in V8's form.
  function textOf(error, name) {
    const found = getOwnPropertyDescriptor(error, "stack");
    let text;
    if (found !== undefined && has(found, "value")) text = found.value;
    else if (found !== undefined && found.get !== undefined && found.get === stackGetter) {
      text = withOwnSettings(format, () => apply(stackGetter, error, []));
    }
    return typeof text === "string" && text !== "" ? text : headOf(error, name);
  }

  const stackGetter = getOwnPropertyDescriptor(new Error(), "stack").get;
  const siteText = it.uncurry(site.toString);

  function format(error, sites) {
    let text = headOf(error, "Error");
    for (let index = 0; index < sites.length; index++) text += "\n    at " + siteText(sites[index]);
    return text;
  }

  function headOf(error, fallback) {
    const name = inherited(error, "name");
    const message = inherited(error, "message");
    const shown = typeof name === "string" && name !== "" ? name : fallback;
    return typeof message === "string" && message !== "" ? shown + ": " + message : shown;
  }

  // The data property `key` of `object` or of its nearest prototype that has one; getters and proxies are passed over.
  function inherited(object, key) {
    for (let step = 0; object !== null && step < 100 && !parts.proxies.is(object); step++) {
      const value = data(object, key, undefined);
      if (value !== undefined) return value;
      object = it.getPrototypeOf(object);
    }
    return undefined;
  }

  parts.stacks = { __proto__: null, frames, textOf };
})
