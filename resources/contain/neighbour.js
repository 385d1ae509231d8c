// The neighbour of every case: it ticks every 10 ms and remembers the longest time between two ticks.
globalThis.neighbour = { ticks: 0, worstGapMs: 0, gaps: [] };
let last = Date.now();
setInterval(() => {
  const now = Date.now();
  const gap = now - last;
  last = now;
  neighbour.ticks += 1;
  neighbour.gaps.push([now, gap]);
  if (neighbour.gaps.length > 6000) neighbour.gaps.shift();
  if (gap > neighbour.worstGapMs) neighbour.worstGapMs = gap;
}, 10);
