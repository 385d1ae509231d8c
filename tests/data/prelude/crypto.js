covers('crypto: getRandomValues fills integer arrays of up to 65536 bytes, and gives them back', () => {
  const bytes = new Uint8Array(65536);
  equal([crypto.getRandomValues(bytes) === bytes, new Set(bytes).size], [true, 256]);
  const words = crypto.getRandomValues(new BigUint64Array(new ArrayBuffer(64), 8, 4));
  equal([new Set(words).size, new Uint8Array(words.buffer, 0, 8).join('')], [4, '00000000']);
});
covers('crypto: never the same bytes twice', () => {
  const seen = new Set();
  for (let index = 0; index < 3000; index += 1) seen.add(crypto.getRandomValues(new Uint8Array(64)).toHex());
  equal(seen.size, 3000);
});
covers('crypto: more bytes and other arrays are refused', () => {
  throwsAs('QuotaExceededError', () => crypto.getRandomValues(new Uint8Array(65537)));
  throwsAs('TypeMismatchError', () => crypto.getRandomValues(new Float64Array(1)));
  throwsAs('TypeMismatchError', () => crypto.getRandomValues([]));
});
covers('crypto: randomUUID gives version 4', () => {
  const uuid = crypto.randomUUID();
  equal([/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuid), uuid !== crypto.randomUUID()], [true, true]);
});
covers('crypto: Math.random has no part in it', () => {
  const { random } = Math;
  Math.random = () => { throw new Error('asked'); };
  try {
    crypto.randomUUID();
  } finally {
    Math.random = random;
  }
});
