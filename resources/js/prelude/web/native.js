// The web prelude of the V8 inspector engine as one function of its `ask`.
(function native(start, hostOf) {
  'use strict';
  return (ask) => start(hostOf(ask));
})
