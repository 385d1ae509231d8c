// A regular expression that backtracks exponentially: CPU inside V8, no JavaScript.
/^(?:(a+)+)+$/.test("a".repeat(5e6) + "b");
