// Functions of the host (js/prelude/calls.js) in the public API engine: calls go out as lines of the ring, their arguments
// as JSON, and answers come in as JSON.
(function installCalls(parts) {
  "use strict";
  const { Error, data, errors, has, list, max, parseJson, record } = parts.intrinsics;
  const MOST_WAITING = 1000; // as in inspector/engine/ports.py
  const MOST_BYTES = 64 << 20;
  let kept; // [expose, withdraw, resolve, reject, mail, clone, kit]

  function start(calls) {
    const mail = () => kept[4];
    kept = calls(() => tell(mail()));
  }

  // What scripts did with ports, in order: told at the end of the turn. {port, what, bytes, note, count}
  let outbox = list();
  const waiting = record(); // port -> {messages, bytes}, not taken yet

  function used(mail) {
    const told = record();
    told.port = mail[2];
    told.what = mail[0];
    told.bytes = undefined;
    told.note = "";
    told.count = 1;
    if (mail[0] === "post") post(mail, told);
    const last = outbox[outbox.length - 1];
    if (last !== undefined && told.what === "refused" && last.what === "refused" && last.port === told.port && last.note === told.note) {
      last.count += 1; // a flood of them is one word
    } else outbox[outbox.length] = told;
  }

  function post(mail, told) {
    const value = mail[3];
    const room = (waiting[told.port] ??= { __proto__: null, messages: 0, bytes: 0 });
    const full = room.messages >= MOST_WAITING || room.bytes >= MOST_BYTES;
    const writer = parts.wire.writer(MOST_BYTES - room.bytes);
    try {
      if (full) throw { __proto__: null, tooLarge: true };
      told.bytes = writer.whole(value);
      room.messages += 1;
      room.bytes += told.bytes.length;
    } catch (error) {
      const ours = typeof error === "object" && error !== null && has(error, "refused");
      const large = typeof error === "object" && error !== null && has(error, "tooLarge");
      told.what = "refused";
      told.note = ours ? error.refused : large ? FULL : "a getter threw";
      mail[5] = ours || large ? new Error(told.note + ".") : error;
    }
  }

  const FULL = "Can't post a message: " + MOST_WAITING + " messages or " + (MOST_BYTES >> 20) + " MiB wait for the other side already";

  function granted(port, messages, bytes) {
    const room = waiting[port];
    if (room === undefined) return;
    room.messages = max(0, room.messages - messages);
    room.bytes = max(0, room.bytes - bytes);
  }

  function takeOutbox() {
    const taken = outbox;
    outbox = list();
    return taken;
  }

  function tell(mail) {
    if (mail[0] !== "call") return used(mail);
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

  // The same for a value in V8's wire format.
  const answered = (number, failed, value) => kept[failed ? 3 : 2](number, value);

  function errorOf(told) {
    const name = data(told, "name", "Error");
    const Made = has(errors, name) ? errors[name] : Error;
    return new Made(data(told, "message", ""));
  }

  parts.calls = {
    __proto__: null, start, answer, answered, granted, takeOutbox,
    posted: () => outbox.length,
    kit: () => kept[6],
    expose: (name) => kept[0](name),
    withdraw: (name) => kept[1](name),
  };
})
