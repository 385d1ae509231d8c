import { a, getB } from "./a.mjs";
import data from "./d.json" with { type: "json" };
import * as all from "./all.mjs";

export const seen = [a, getB(), data.x, import.meta.url.endsWith("/main.mjs")];

const late = await import("./late.mjs");
seen.push(late === (await import("./../app/./late.mjs")));

for (const name of [
  "./throws.mjs", "./rejects.mjs",
  "./gone.mjs", "bare", "./link.mjs", "https://example.org/a.mjs",
]) {
  try {
    // the line of the next statement is what messages must name
    await import(name);
  } catch (error) {
    seen.push(error.message);
  }
}
seen.push(Object.keys(all).join(), globalThis.order.join());
