// console.log of one megabyte without end: memory of the inspector, of the link and of the window.
const text = "x".repeat(1e6);
for (;;) console.log(text);
