// console: each call becomes CDP's consoleAPICalled, described when it is made and handed over while the script runs.
(function installConsole(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { Map, define, fixedText, list, mapDelete, mapGet, mapHas, mapSet, native, now, numberText, record } = it;
  const counts = new Map();
  const timers = new Map();

  function write(type, args) {
    if (parts.ring.isDropping()) return;
    const params = record();
    params.type = type;
    params.args = list();
    for (let index = 0; index < args.length; index++) {
      params.args[index] = parts.describe.remote(args[index], { __proto__: null, group: "console", preview: true });
    }
    params.executionContextId = 1;
    params.timestamp = now();
    params.stackTrace = record();
    params.stackTrace.callFrames = parts.stacks.frames();
    parts.ring.tell("console", parts.json.write(params));
  }

  const text = (value) => {
    const one = list();
    one[0] = value;
    return one;
  };

  const label = (args) => {
    const given = args.length > 0 ? args[0] : undefined;
    if (given === undefined) return "default";
    return typeof given === "string" ? given : typeof given === "symbol" ? it.symbolText(given) : it.String(given);
  };

  const plain = {
    __proto__: null,
    log: "log", debug: "debug", info: "info", error: "error", warn: "warning", dir: "dir", dirxml: "dirxml",
    table: "table", trace: "trace", group: "startGroup", groupCollapsed: "startGroupCollapsed", groupEnd: "endGroup",
    clear: "clear", profile: "profile", profileEnd: "profileEnd",
  };

  const special = {
    __proto__: null,
    assert: (...args) => {
      if (args.length > 0 && args[0]) return;
      const rest = list();
      for (let index = 1; index < args.length; index++) rest[index - 1] = args[index];
      write("assert", rest.length > 0 ? rest : text("console.assert"));
    },
    count: (...args) => {
      const name = label(args);
      const count = (mapGet(counts, name) ?? 0) + 1;
      mapSet(counts, name, count);
      write("count", text(name + ": " + numberText(count, 10)));
    },
    countReset: (...args) => {
      const name = label(args);
      if (!mapDelete(counts, name)) write("warning", text("Count for '" + name + "' does not exist"));
    },
    time: (...args) => {
      const name = label(args);
      if (mapHas(timers, name)) write("warning", text("Timer '" + name + "' already exists"));
      else mapSet(timers, name, now());
    },
    timeLog: (...args) => elapsed("log", label(args), args),
    timeEnd: (...args) => {
      elapsed("timeEnd", label(args), text(undefined));
      mapDelete(timers, label(args));
    },
    timeStamp: (...args) => {
      if (!parts.ring.isDropping()) parts.ring.tell("mark", parts.json.write(label(args)));
    },
    context: () => undefined,
  };

  function elapsed(type, name, args) {
    const since = mapGet(timers, name);
    if (since === undefined) return write("warning", text("Timer '" + name + "' does not exist"));
    const line = text(name + ": " + fixedText(now() - since, 0) + " ms");
    for (let index = 1; index < args.length; index++) line[index] = args[index];
    write(type, line);
  }

  for (const name of Object.keys(plain)) define(console, name, native((...args) => write(plain[name], args), name));
  for (const name of Object.keys(special)) define(console, name, native(special[name], name));
})
