// Functions of the host (js/prelude/calls.js) in the public API engine: calls go out as lines of the ring, their arguments
// as JSON, and answers come in as JSON.
(function installCalls(parts) {
  "use strict";
  const { Error, data, errors, has, parseJson, record } = parts.intrinsics;
  let kept; // [expose, withdraw, resolve, reject, mail]

  function start(calls) {
    const mail = () => kept[4];
    kept = calls(() => tell(mail()));
  }

  function tell(mail) {
    const args = parts.json.plain(mail[3]);
    if (args === undefined) {
      mail[5] = new Error("The arguments of " + mail[1] + "() could not be cloned: the public API engine copies JSON alone.");
      return;
    }
    const call = record();
    call.contextId = 1;
    call.number = parts.runs.current();
    call.name = mail[1];
    call.callId = mail[2];
    call.json = args;
    parts.ring.tell("call", parts.json.write(call));
  }

  // `text`: JSON of the answer; of {name, message} when it failed.
  function answer(number, failed, text) {
    const value = parseJson(text);
    kept[failed ? 3 : 2](number, failed ? errorOf(value) : value);
  }

  function errorOf(told) {
    const name = data(told, "name", "Error");
    const Made = has(errors, name) ? errors[name] : Error;
    return new Made(data(told, "message", ""));
  }

  parts.calls = {
    __proto__: null, start, answer,
    expose: (name) => kept[0](name),
    withdraw: (name) => kept[1](name),
  };
})
