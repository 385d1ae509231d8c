// What the web prelude (js/prelude/web) asks of the public API engine.
(function installWeb(parts) {
  "use strict";
  const { now, typedLength } = parts.intrinsics;
  const origin = now();
  let latest = 0;

  parts.web = {
    __proto__: null,
    timeOrigin: origin,
    // The one clock that the public API gives is the wall clock, in whole milliseconds: never let it run backwards.
    now: () => {
      const passed = now() - origin;
      if (passed > latest) latest = passed;
      return latest;
    },
    mark: (label) => parts.ring.tell("mark", parts.json.write(label)),
    random: (target) => parts.ring.random(target, typedLength(target)),
    clone: (value) => parts.clone(value),
    report: (error) => parts.runs.failed(parts.runs.current(), error),
    later: (callback, delay) => parts.timers.later(callback, delay),
  };
})
