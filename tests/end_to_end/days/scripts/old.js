function slug(title) {
  let out = "";
  for (const letter of title) out = out + (/[a-z0-9]/i.test(letter) ? letter.toLowerCase() : "-");
  return out;
}
let length = 0;
for (let i = 0; i < 120_000; i++) length += slug(`An Article About Number ${i}!`).length;
length;
