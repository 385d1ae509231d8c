covers('DOMException: an Error with name, code and a stack that begins at its maker', () => {
  const error = new DOMException('words', 'AbortError');
  equal([error instanceof Error, error.name, error.message, error.code, String(error)], [true, 'AbortError', 'words', 20, 'AbortError: words']);
  equal([error.stack.startsWith('AbortError: words\n'), new DOMException().name, new DOMException('', 'Own').code], [true, 'Error', 0]);
  equal(new DOMException('m', { name: 'N', cause: 7 }).cause, 7);
});
