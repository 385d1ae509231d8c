// structuredClone: the engine copies, here is what the web asks of it. `host.clone` gives [the copy, a list of what was thrown].
(function installClone(web) {
  'use strict';
  const { host, list } = web;
  const call = Function.prototype.call;
  const endsWith = call.bind(String.prototype.endsWith);
  const { getOwnPropertyDescriptor } = Object;
  const isDetached = call.bind(getOwnPropertyDescriptor(ArrayBuffer.prototype, 'detached').get);
  const transfer = call.bind(ArrayBuffer.prototype.transfer);
  const { iterator } = Symbol;

  function buffersOf(given) {
    const buffers = list();
    if (given === undefined) return buffers;
    for (const buffer of { [iterator]: () => given[iterator]() }) {
      let detached;
      try {
        detached = isDetached(buffer);
      } catch {
        throw web.exception('DataCloneError', 'Only an ArrayBuffer can be transferred.', structuredClone);
      }
      if (detached) throw web.exception('DataCloneError', 'An ArrayBuffer is detached and could not be transferred.', structuredClone);
      for (let index = 0; index < buffers.length; index += 1) {
        if (buffers[index] === buffer) throw web.exception('DataCloneError', 'An ArrayBuffer is listed twice.', structuredClone);
      }
      buffers[buffers.length] = buffer;
    }
    return buffers;
  }

  function copyOf(value) {
    const answer = host.clone(value);
    if (answer[1] === undefined) return answer[0];
    const error = answer[1][0];
    const words = error === null || error === undefined ? '' : getOwnPropertyDescriptor(error, 'message')?.value;
    if (typeof words === 'string' && endsWith(words, 'could not be cloned.')) throw web.exception('DataCloneError', words, structuredClone);
    throw error;
  }

  const structuredClone = web.exposeFunction('structuredClone', 1, (...args) => {
    if (args.length < 1) throw web.typeError("Failed to execute 'structuredClone': 1 argument required", structuredClone);
    const buffers = buffersOf(args[1]?.transfer);
    const copy = copyOf(args[0]);
    for (let index = 0; index < buffers.length; index += 1) transfer(buffers[index]); // the originals end here
    return copy;
  });
  web.copyDetailsBy(copyOf);
})
