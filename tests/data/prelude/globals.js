covers('globals: none can be enumerated, all can be replaced', () => {
  const own = Object.keys(globalThis).filter((name) => /^(set|clear|queue|perf|Text|atob|btoa|crypto|Event|Abort|DOM|structured)/.test(name));
  equal(own, []);
  equal(Object.getOwnPropertyDescriptor(globalThis, 'TextEncoder').writable, true);
});
covers('globals: functions have no source text', () => {
  equal(Function.prototype.toString.call(setTimeout), 'function () { [native code] }');
  equal([atob.name, atob.length, setTimeout.name], ['atob', 1, 'setTimeout']);
});
covers('globals: none uses what a script has replaced since', () => {
  const saved = [Array.prototype[Symbol.iterator], Function.prototype.call, String.prototype.charCodeAt, Reflect.apply];
  const broken = () => { throw new Error('used'); };
  Array.prototype[Symbol.iterator] = broken;
  String.prototype.charCodeAt = Reflect.apply = broken;
  Object.defineProperty(Array.prototype, 0, { set: broken, configurable: true });
  try {
    const target = new EventTarget();
    let called = false;
    target.addEventListener('x', () => { called = true; });
    target.dispatchEvent(new Event('x'));
    performance.mark('x');
    performance.getEntries();
    performance.clearMarks();
    new AbortController().abort();
    crypto.randomUUID();
    if (new TextDecoder().decode(new TextEncoder().encode(atob(btoa('é')))) !== 'é' || !called) throw new Error('wrong');
  } finally {
    delete Array.prototype[0];
    [].concat(saved);
    Array.prototype[Symbol.iterator] = saved[0];
    String.prototype.charCodeAt = saved[2];
    Reflect.apply = saved[3];
  }
});
