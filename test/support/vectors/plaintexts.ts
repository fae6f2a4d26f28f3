/** Texts with which encoders and block ciphers often go wrong. */
export const plaintexts: readonly string[] = [
  '',
  'a',
  'fifteen letters',
  'sixteen letters.',
  'seventeen letters',
  'x'.repeat(10_000),
  'pǻssword üser@example.com',
  '😀password🙏👩‍👩‍👧',
  '\ufeffbegins with a byte order mark',
  'tab\tnew line\r\nand a \0 zero',
  'cafe\u0301 is not café',
  '2.iv|ct|mac',
];
