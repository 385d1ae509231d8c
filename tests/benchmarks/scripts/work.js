setInterval(() => {
  const end = Date.now() + 1;
  while (Date.now() < end) {}
}, 100);
