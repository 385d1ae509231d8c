// Growth inside toString, reached through string concatenation.
const kept = [];
const trap = {
  toString() {
    for (;;) kept.push({ kept: new Array(100) });
  },
};
"" + trap;
