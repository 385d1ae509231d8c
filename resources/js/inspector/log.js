// The condition of a breakpoint that logs; the expressions that were asked for come where it says so.
console.log(WORDS)
