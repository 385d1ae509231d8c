covers('timers: setTimeout calls later, with its further arguments', () =>
  new Promise((done) => { setTimeout((...args) => done(args), 1, 1, 'two'); }).then((args) => equal(args, [1, 'two'])));
covers('timers: clearTimeout and clearInterval end a timer, and take what is no id', async () => {
  let calls = 0;
  clearTimeout(setTimeout(() => { calls += 1; }, 1));
  const id = setInterval(() => { calls += 10; clearInterval(id); }, 1);
  clearTimeout(undefined);
  clearInterval('none');
  await new Promise((done) => { setTimeout(done, 20); });
  equal(calls, 10);
});
covers('timers: due timers are called in the order of their deadlines, then of their making', async () => {
  const order = [];
  await new Promise((done) => {
    setTimeout(() => order.push('late'), 15);
    setTimeout(() => order.push('a'), 1);
    setTimeout(() => order.push('b'), 1);
    setTimeout(done, 30);
  });
  equal(order, ['a', 'b', 'late']);
});
covers('timers: queueMicrotask runs before any timer', async () => {
  const order = [];
  setTimeout(() => order.push('timer'), 0);
  queueMicrotask(() => order.push('microtask'));
  await new Promise((done) => { setTimeout(done, 10); });
  equal(order, ['microtask', 'timer']);
});
covers('timers: a callback that is no function is a TypeError', () => {
  throwsAs('TypeError', () => setTimeout('code', 1));
  throwsAs('TypeError', () => queueMicrotask(1));
});
