import { b, set } from "./b.mjs";
export const a = await Promise.resolve(1);
set();
export function getB() { return b; }
