export const one = 1, both = "x";
globalThis.order.push("x");
