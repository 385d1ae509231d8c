function slug(title) {
  return title.toLowerCase().replace(/[^a-z0-9]/g, "-");
}
let length = 0;
for (let i = 0; i < 120_000; i++) length += slug(`An Article About Number ${i}!`).length;
length;
