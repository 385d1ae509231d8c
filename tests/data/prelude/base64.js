covers('base64: btoa and atob give back every Latin-1 string', () => {
  const all = String.fromCharCode(...Array.from({ length: 256 }, (_, index) => index));
  equal([atob(btoa(all)) === all, btoa('hello'), btoa('')], [true, 'aGVsbG8=', '']);
});
covers('base64: atob forgives white space and missing padding, nothing else', () => {
  equal([atob(' aGVs\tbG8\n'), atob('YQ')], ['hello', 'a']);
  for (const wrong of ['a', 'a===', '****', 'YQ=', 'Y=Q=']) throwsAs('InvalidCharacterError', () => atob(wrong));
});
covers('base64: btoa refuses characters above U+00FF', () => throwsAs('InvalidCharacterError', () => btoa('\u0100')).code === 5);
