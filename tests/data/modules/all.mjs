import "./slow.mjs";
export * from "./x.mjs";
export * from "./y.mjs";
globalThis.order.push("all");
