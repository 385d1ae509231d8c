// Timers without end, each keeping memory.
for (let i = 0; ; i++) setTimeout(() => i, 1e9, new Array(10).fill(i));
