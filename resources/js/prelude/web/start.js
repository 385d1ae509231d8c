// The web prelude: parts in order, each a function that takes `web`. The value is a function of a `host`, called once in
// each context before any code of the user's; what it returns is what the engine keeps.
//
// Rules for every part: take what scripts may replace before the first of them runs; read no prototype that they can
// reach; classes keep their state in private fields, which are also their brand.
(function start(parts) {
  'use strict';
  return (host) => {
    const web = { __proto__: null, host, report: host.report, later: host.later, kept: undefined };
    for (let index = 0; index < parts.length; index += 1) parts[index](web);
    return web.kept;
  };
})
