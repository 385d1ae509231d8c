covers('clone: structuredClone keeps cycles, sharing, holes, -0, dates, maps, sets, errors and typed arrays', () => {
  const shared = { at: new Date(5) };
  const value = { one: shared, two: shared, list: [1, , -0], map: new Map([[shared, new Set([1n])]]), bytes: Uint16Array.of(1, 2) };
  value.self = value;
  value.error = new RangeError('far', { cause: 'why' });
  const copy = structuredClone(value);
  equal([copy !== value, copy.self === copy, copy.one === copy.two, copy.one.at.getTime()], [true, true, true, 5]);
  equal([1 in copy.list, Object.is(copy.list[2], -0), [...copy.map.keys()][0] === copy.one, [...copy.bytes]], [false, true, true, [1, 2]]);
  equal([copy.error instanceof RangeError, copy.error.message, copy.error.cause], [true, 'far', 'why']);
});
covers('clone: functions and symbols are a DataCloneError, a getter that throws throws its own', () => {
  throwsAs('DataCloneError', () => structuredClone(() => 1));
  throwsAs('DataCloneError', () => structuredClone({ deep: [Symbol('s')] }));
  throwsAs('EvalError', () => structuredClone({ get x() { throw new EvalError('own'); } }));
  for (const own of [undefined, null]) {
    let thrown = 'nothing';
    try { structuredClone({ get x() { throw own; } }); } catch (error) { thrown = error; }
    equal(thrown, own);
  }
  throwsAs('TypeError', () => structuredClone());
});
covers('clone: a transferred ArrayBuffer is detached, others stay', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const copy = structuredClone(bytes, { transfer: [bytes.buffer] });
  equal([bytes.byteLength, [...copy]], [0, [1, 2, 3]]);
  throwsAs('DataCloneError', () => structuredClone(1, { transfer: [bytes.buffer] }));
  throwsAs('DataCloneError', () => structuredClone(1, { transfer: [{}] }));
});
