covers('performance: now never runs backwards, and timeOrigin + now is the time', () => {
  let last = performance.now();
  for (let index = 0; index < 1000; index += 1) {
    const now = performance.now();
    if (now < last) throw new Error(`${now} after ${last}`);
    last = now;
  }
  return Math.abs(performance.timeOrigin + performance.now() - Date.now()) < 5000;
});
covers('performance: mark and measure make entries, sorted by their start', () => {
  performance.mark('b', { startTime: 2, detail: 'kept' });
  performance.mark('a', { startTime: 1 });
  const measure = performance.measure('m', 'a', 'b');
  equal([measure.startTime, measure.duration, measure.detail, performance.getEntriesByName('b')[0].detail], [1, 1, null, 'kept']);
  equal(performance.getEntries().map((entry) => entry.name), ['a', 'm', 'b']);
  equal(performance.measure('d', { start: 1, duration: 5 }).toJSON(), { name: 'd', entryType: 'measure', startTime: 1, duration: 5 });
});
covers('performance: clearMarks and clearMeasures, of one name or all', () => {
  performance.clearMarks('a');
  equal(performance.getEntriesByType('mark').map((entry) => entry.name), ['b']);
  performance.clearMarks();
  performance.clearMeasures();
  equal(performance.getEntries(), []);
});
covers('performance: an unknown mark is a SyntaxError', () => throwsAs('SyntaxError', () => performance.measure('x', 'none')).code === 12);
