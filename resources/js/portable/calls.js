// Functions of the host (js/prelude/calls.js) in the public API engine: a call goes out at once, as a line of the ring, its
// arguments in V8's wire format as base64; answers come in as bytes, at the end of a turn.
(function installCalls(parts) {
  "use strict";
  const { Error, has, list, max, record, slice, toBase64 } = parts.intrinsics;
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
    const room = (waiting[told.port] ??= { __proto__: null, messages: 0, bytes: 0 });
    const left = room.messages >= MOST_WAITING ? 0 : max(0, MOST_BYTES - room.bytes);
    const refused = copied(mail, left, FULL);
    if (refused !== undefined) {
      told.what = "refused";
      told.note = refused;
      return;
    }
    told.bytes = bytes;
    room.messages += 1;
    room.bytes += bytes.length;
  }

  let bytes; // of the last copy

  // The mail's value in V8's wire format, in `bytes`; else in a word why not, and in the mail the error for the script.
  function copied(mail, most, tooLarge) {
    try {
      bytes = parts.writer(most).whole(mail[3]);
      return undefined;
    } catch (error) {
      const ours = typeof error === "object" && error !== null && has(error, "refused");
      const large = typeof error === "object" && error !== null && has(error, "tooLarge");
      const words = ours ? error.refused : large ? tooLarge : "a getter threw";
      mail[5] = ours || large ? new Error(words + ".") : error;
      return words;
    }
  }

  const FULL = "Can't post a message: " + MOST_WAITING + " messages or " + (MOST_BYTES >> 20) + " MiB wait for the other side already";
  const TOO_LARGE = "The value takes more than " + MOST_BYTES + " bytes";

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
    if (copied(mail, MOST_BYTES, TOO_LARGE) !== undefined) return;
    const call = record();
    call.contextId = 1;
    call.number = parts.runs.current();
    call.name = mail[1];
    call.callId = mail[2];
    const head = parts.json.write(call);
    const data = toBase64(bytes); // it needs no quoting
    bytes = undefined;
    parts.ring.tell("call", slice(head, 0, head.length - 1) + ',"data":"' + data + '"}');
  }

  const answered = (number, failed, value) => kept[failed ? 3 : 2](number, value);

  parts.calls = {
    __proto__: null, start, answered, granted, takeOutbox,
    posted: () => outbox.length,
    kit: () => kept[6],
    expose: (name) => kept[0](name),
    withdraw: (name) => kept[1](name),
  };
})
