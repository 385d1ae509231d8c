const hex = (bytes) => bytes.toHex();
const decode = (text, ...args) => new TextDecoder(...args).decode(Uint8Array.fromHex(text));
covers('encoding: TextEncoder writes UTF-8, lone surrogates as U+FFFD', () => {
  equal(hex(new TextEncoder().encode('aé€😀\ud800x')), '61c3a9e282acf09f9880efbfbd78');
  equal(new TextEncoder().encode().length, 0);
});
covers('encoding: encodeInto stops before a character that has no room', () => {
  const bytes = new Uint8Array(4);
  equal([new TextEncoder().encodeInto('a€é', bytes), hex(bytes)], [{ read: 2, written: 4 }, '61e282ac']);
});
covers('encoding: TextDecoder reads UTF-8 and replaces each maximal ill-formed part', () => {
  equal(decode('61c3a9e282acf09f9880'), 'aé€😀');
  equal([decode('c0af'), decode('e282'), decode('f0808080'), decode('eda080'), decode('e28261')],
    ['\ufffd\ufffd', '\ufffd', '\ufffd\ufffd\ufffd\ufffd', '\ufffd\ufffd\ufffd', '\ufffda']);
});
covers('encoding: fatal throws a TypeError, and the decoder can be used again', () => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  throwsAs('TypeError', () => decoder.decode(Uint8Array.of(0xff)));
  equal(decoder.decode(Uint8Array.of(0x61)), 'a');
});
covers('encoding: stream keeps a character that is cut', () => {
  const decoder = new TextDecoder();
  equal(decoder.decode(Uint8Array.of(0xe2, 0x82), { stream: true }) + decoder.decode(Uint8Array.of(0xac)), '€');
});
covers('encoding: a byte order mark is left out once, unless ignoreBOM', () => {
  equal([decode('efbbbf61'), decode('efbbbfefbbbf'), decode('efbbbf61', 'utf-8', { ignoreBOM: true })], ['a', '\ufeff', '\ufeffa']);
});
covers('encoding: UTF-16 of both orders, windows-1252 under its labels, no other', () => {
  equal([decode('3dd800de', 'utf-16le'), decode('d83dde00', 'utf-16be'), decode('80ff', 'latin1'), decode('00d8', 'utf-16')],
    ['😀', '😀', '€ÿ', '\ufffd']);
  equal([new TextDecoder(' UTF8\n').encoding, new TextDecoder('ascii').encoding], ['utf-8', 'windows-1252']);
  throwsAs('RangeError', () => new TextDecoder('shift_jis'));
});
covers('encoding: buffers, views on a part of them and DataViews are decoded', () => {
  const { buffer } = Uint8Array.of(0x61, 0x62, 0x63);
  const decoder = new TextDecoder();
  equal([decoder.decode(buffer), decoder.decode(new DataView(buffer, 1, 1)), decoder.decode(new Uint8Array(buffer, 2))], ['abc', 'b', 'c']);
  throwsAs('TypeError', () => decoder.decode('text'));
});
covers('encoding: 5 MB come back as they were', () => {
  const text = 'aé€😀'.repeat(500000);
  return new TextDecoder().decode(new TextEncoder().encode(text)) === text;
});
