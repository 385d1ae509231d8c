// The web prelude of the V8 inspector engine as one function of its `ask` and of V8's clone (calls.js).
(function native(start, hostOf) {
  'use strict';
  return (ask, clone) => {
    const host = hostOf(ask);
    host.clone = clone;
    return start(host);
  };
})
