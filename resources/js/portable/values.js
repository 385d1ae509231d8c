// References and copies for Python: values are kept under numbers, bytes go in and out through buffers that both see.
(function installValues(parts) {
  "use strict";
  const it = parts.intrinsics;
  const { has, list, parseJson, record } = it;
  const { write } = parts.json;
  const tools = parts.tools;
  const GET = 0;
  const SET = 1;
  const DELETE = 2;
  const DESCRIBED = 4;
  const LEVEL = 8;
  const CHILD = 9;
  const REACH = 10;
  const { RangeError, Uint8Array } = globalThis;
  const held = new it.Map();
  let numbers = 0;
  let coming = list();
  let going;

  const gone = (words) => {
    throw { __proto__: null, gone: words };
  };

  function find(reference) {
    if (!it.mapHas(held, reference)) gone("reference " + reference + " is unknown or was released");
    return it.mapGet(held, reference);
  }

  function argument(given) {
    if (given === null) return undefined;
    return has(given, "reference") ? find(given.reference) : parts.read(coming[given.bytes]);
  }

  function keep(value) {
    const answer = parseJson(tools[DESCRIBED](value));
    it.mapSet(held, ++numbers, value);
    answer.reference = numbers;
    if (parts.proxies.is(value)) answer.kind = "proxy";
    return answer;
  }

  function object(id) {
    if (id === "") return globalThis;
    const entry = parts.table.entryOf(id);
    if (entry === undefined) gone("V8 has let go of it");
    return entry.value;
  }

  const isOurs = (error) => typeof error === "object" && error !== null && it.getPrototypeOf(error) === null;
  const isDeep = (error) => it.isError(error) && it.isPrototypeOf(RangeError.prototype, error);

  // What a getter threw, or V8 when the value is nested deeper than its stack.
  function words(error) {
    if (!it.isError(error)) return "a getter threw";
    return (isDeep(error) ? "RangeError: " : "") + it.data(error, "message", "");
  }

  function copyOut(order) {
    const writer = parts.writer(order.most);
    const value = find(order.reference);
    try {
      going = writer.whole(value);
    } catch (error) {
      if (isOurs(error)) throw error;
      throw { __proto__: null, refused: words(error), path: isDeep(error) ? "" : writer.path() };
    }
    const answer = record();
    answer.bytes = going.length;
    answer.detached = order.transfer ? writer.detach() : 0;
    return answer;
  }

  function copyIn(order) {
    const value = argument(order.from);
    if (order.name !== "" && !tools[SET](globalThis, order.name, value)) {
      throw { __proto__: null, failed: '"' + order.name + "\" of the global object can't be written" };
    }
    return keep(value);
  }

  function applied(order) {
    const args = [];
    for (let index = 0; index < order.arguments.length; index++) {
      const value = argument(order.arguments[index]);
      it.defineProperty(args, index, { __proto__: null, value, writable: true, enumerable: true, configurable: true });
    }
    return keep(it.apply(find(order.reference), argument(order.receiver), args));
  }

  function level(order) {
    let value = find(order.reference);
    for (let index = 0; index < order.path.length; index++) value = tools[CHILD](value, order.path[index]);
    return parseJson(tools[LEVEL](value, order.first, order.count, order.transfer));
  }

  function served(order) {
    if (order.op === "hold") return keep(object(order.objectId));
    if (order.op === "get") return keep(tools[GET](find(order.reference), argument(order.key)));
    if (order.op === "set") return tools[SET](find(order.reference), argument(order.key), argument(order.value));
    if (order.op === "delete") return tools[DELETE](find(order.reference), argument(order.key));
    if (order.op === "apply") return applied(order);
    if (order.op === "copyOut") return copyOut(order);
    if (order.op === "copyIn") return copyIn(order);
    if (order.op === "reach") return parseJson(tools[REACH](find(order.reference), order.most));
    if (order.op === "level") return level(order);
    if (order.op !== "remote") return port(order);
    return parts.describe.remote(find(order.reference), { __proto__: null, group: "values", preview: true });
  }

  // --- ports, and references to values of other isolates: js/values/remote.js, made when the first is needed ---

  const [OPEN, DELIVER, CLOSE, REFER, END] = [0, 1, 2, 3, 4];
  let remote;

  // A handler that throws is told like a timer's callback that does; gives its words.
  function handled(work) {
    const answer = record();
    parts.runs.enter(0);
    try {
      answer.state = work();
    } catch (error) {
      parts.runs.failed(0, error);
      answer.state = "taken";
      answer.threw = it.isError(error) ? it.data(error, "message", "") : "no Error";
    }
    return answer;
  }

  function port(order) {
    if (order.op === "openPort") remote[OPEN](order.port, order.name);
    else if (order.op === "refer") remote[REFER](order.number, order.type, order.name);
    else if (order.op === "endReference") remote[END](order.number, order.name);
    else if (order.op === "closePort") handled(() => remote[CLOSE](order.port, order.why));
    else {
      const value = argument(order.from);
      return handled(() => remote[DELIVER](order.port, value));
    }
    return null;
  }

  parts.agent.remote = (make) => void (remote = make(parts.calls.kit()));
  parts.agent.hasRemote = () => remote !== undefined;

  let outgoing = list();
  parts.agent.outbox = () => {
    outgoing = parts.calls.takeOutbox();
    const told = list();
    for (let index = 0; index < outgoing.length; index++) {
      told[index] = record();
      told[index].port = outgoing[index].port;
      told[index].what = outgoing[index].what;
      told[index].note = outgoing[index].note;
      told[index].count = outgoing[index].count;
    }
    return write(told);
  };
  parts.agent.message = (index) => {
    const bytes = outgoing[index].bytes;
    outgoing[index].bytes = undefined;
    return bytes;
  };
  parts.agent.granted = (port, messages, bytes) => void parts.calls.granted(port, messages, bytes);
  parts.agent.answerBytes = (number, failed) => {
    const value = parts.read(coming[0]);
    coming = list();
    parts.calls.answered(number, failed, value);
  };

  // {result} or {refused, path} or {tooLarge} or {gone} or {failed} or {threw: CDP's exceptionDetails}
  parts.agent.value = (text) => {
    const answer = record();
    try {
      answer.result = served(parseJson(text));
    } catch (error) {
      if (isOurs(error) && (has(error, "refused") || has(error, "tooLarge") || has(error, "gone") || has(error, "failed"))) {
        answer.failure = error;
      } else answer.threw = parts.runs.details(error, false).exceptionDetails;
    }
    coming = list();
    return write(answer);
  };
  parts.agent.coming = (size) => (coming[coming.length] = new Uint8Array(size));
  parts.agent.going = () => {
    const bytes = going;
    going = undefined;
    return bytes;
  };
  parts.agent.releaseReferences = (text) => {
    const numbersGiven = parseJson(text);
    for (let index = 0; index < numbersGiven.length; index++) it.mapDelete(held, numbersGiven[index]);
  };
})
