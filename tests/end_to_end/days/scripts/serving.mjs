// A handler that renders a page; some requests wait for a store.
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let served = 0;
export default async function handler(request) {
  served += 1;
  if (served % 10 === 0) await wait(5);
  const rows = Array.from({ length: request.rows }, (_, row) => `<li>${row} of ${request.rows}</li>`);
  return { status: 200, body: `<ul>${rows.join("")}</ul>`.length };
}
