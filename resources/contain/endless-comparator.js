// A comparator that never returns, called by V8 from sort.
[3, 1, 2].sort(() => {
  for (;;);
});
