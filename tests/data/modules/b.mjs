import { a } from "./a.mjs";
export let b = 2;
export function set() { b = 40 + a; }
