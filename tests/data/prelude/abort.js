covers('abort: abort fires once, with an AbortError or the given reason', () => {
  const controller = new AbortController();
  const seen = [];
  controller.signal.onabort = (event) => seen.push(event.type, event.isTrusted, controller.signal.reason.name);
  controller.abort();
  controller.abort('again');
  equal([seen, controller.signal.aborted, AbortSignal.abort('why').reason], [['abort', true, 'AbortError'], true, 'why']);
});
covers('abort: throwIfAborted throws the reason itself', () => {
  const reason = { own: true };
  try {
    AbortSignal.abort(reason).throwIfAborted();
  } catch (error) {
    return error === reason;
  }
  return false;
});
covers('abort: AbortSignal.timeout aborts with a TimeoutError', async () => {
  const signal = AbortSignal.timeout(1);
  await new Promise((done) => { signal.addEventListener('abort', done); setTimeout(done, 1000); });
  equal(signal.reason.name, 'TimeoutError');
});
covers('abort: no run waits for AbortSignal.timeout', () => { AbortSignal.timeout(3600000); });
covers('abort: AbortSignal.any follows the first of its sources', () => {
  const [one, two] = [new AbortController(), new AbortController()];
  const any = AbortSignal.any([one.signal, two.signal]);
  two.abort('two');
  one.abort('one');
  equal([any.reason, AbortSignal.any([one.signal]).aborted], ['two', true]);
});
covers('abort: scripts make no AbortSignal', () => throwsAs('TypeError', () => new AbortSignal()) !== undefined);
