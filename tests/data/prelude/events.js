covers('events: listeners are called once each, in order, capturing ones first', () => {
  const target = new EventTarget();
  const order = [];
  const twice = () => order.push('plain');
  target.addEventListener('x', twice);
  target.addEventListener('x', twice);
  target.addEventListener('x', () => order.push('capture'), true);
  target.dispatchEvent(new Event('x'));
  equal(order, ['capture', 'plain']);
});
covers('events: once, passive and signal', () => {
  const target = new EventTarget();
  const controller = new AbortController();
  let calls = 0;
  target.addEventListener('x', () => { calls += 1; }, { once: true });
  target.addEventListener('x', (event) => { event.preventDefault(); calls += 10; }, { passive: true });
  target.addEventListener('x', () => { calls += 100; }, { signal: controller.signal });
  equal(target.dispatchEvent(new Event('x', { cancelable: true })), true);
  controller.abort();
  target.dispatchEvent(new Event('x'));
  equal(calls, 121);
});
covers('events: preventDefault makes dispatchEvent give false', () => {
  const target = new EventTarget();
  target.addEventListener('x', (event) => event.preventDefault());
  equal([target.dispatchEvent(new Event('x', { cancelable: true })), target.dispatchEvent(new Event('x'))], [false, true]);
});
covers('events: stopImmediatePropagation ends the call of listeners', () => {
  const target = new EventTarget();
  target.addEventListener('x', (event) => event.stopImmediatePropagation());
  target.addEventListener('x', () => { throw new Error('called'); });
  target.dispatchEvent(new Event('x'));
});
covers('events: objects with handleEvent listen; listeners added meanwhile wait for the next event', () => {
  const target = new EventTarget();
  const seen = [];
  target.addEventListener('x', {
    handleEvent(event) { seen.push(this !== undefined, event.target === target, event.eventPhase); },
  });
  target.addEventListener('x', () => target.addEventListener('x', () => seen.push('added')));
  target.dispatchEvent(new Event('x'));
  equal(seen, [true, true, 2]);
});
covers('events: an event that is being dispatched, or none, is refused', () => {
  const target = new EventTarget();
  target.addEventListener('x', (event) => throwsAs('InvalidStateError', () => target.dispatchEvent(event)));
  target.dispatchEvent(new Event('x'));
  throwsAs('TypeError', () => target.dispatchEvent({ type: 'x' }));
});
covers('events: classes can extend EventTarget and Event', () => {
  class Mine extends EventTarget {}
  class Its extends Event { constructor() { super('its', { bubbles: true }); } }
  const mine = new Mine();
  let got;
  mine.addEventListener('its', (event) => { got = event; });
  mine.dispatchEvent(new Its());
  equal([got instanceof Its, got.bubbles, got.isTrusted, got.currentTarget, got.composedPath()], [true, true, false, null, []]);
});
