// Growth inside a FinalizationRegistry callback, called by V8 after a collection.
const kept = [];
const registry = new FinalizationRegistry(() => {
  for (;;) kept.push(new Array(1000).fill(0));
});
function litter() {
  for (let i = 0; i < 1e5; i++) registry.register({ i }, i);
  setTimeout(litter, 1);
}
litter();
