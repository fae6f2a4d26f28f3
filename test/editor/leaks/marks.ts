/** Something that must not be found anywhere, and its name for the message of a failing test. */
export interface Mark {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One encoding of a mark. */
export interface Needle {
  readonly mark: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** A shorter mark would be found by chance. */
const SHORTEST = 10;

export function textMark(name: string, text: string): Mark {
  return { name, bytes: Buffer.from(text, 'utf8') };
}

/** All encodings of a mark that are looked for. Those with equal bytes are listed once. */
export function needlesOf({ name, bytes }: Mark): Needle[] {
  const mark = Buffer.from(bytes);
  if (mark.length < SHORTEST) throw new Error(`the mark "${name}" is too short to be looked for`);
  const found = new Map<string, Needle>();
  const add = (encoding: string, needle: Buffer) => {
    const key = needle.toString('latin1');
    if (!found.has(key)) found.set(key, { mark: name, encoding, bytes: needle });
  };
  add('as it is', mark);
  const hex = mark.toString('hex');
  for (const [encoding, text] of [
    ['hex', hex],
    ['HEX', hex.toUpperCase()],
    ...base64Cores(mark).flatMap((core) => [
      ['base64', core],
      ['base64url', core.replaceAll('+', '-').replaceAll('/', '_')],
    ]),
    ...writtenForms(mark),
  ] as [string, string][]) {
    add(encoding, Buffer.from(text, 'utf8'));
    add(`${encoding} in UTF-16LE`, Buffer.from(text, 'utf16le'));
    add(`${encoding} in UTF-16BE`, Buffer.from(text, 'utf16le').swap16());
  }
  return [...found.values()];
}

/**
 * The base64 of the mark for each position at which it may begin in the encoded data, without the characters that
 * depend on its neighbours.
 */
export function base64Cores(mark: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), mark])
      .toString('base64')
      .replace(/=+$/, '');
    const from = Math.ceil((shift * 8) / 6);
    const to = Math.floor(((shift + mark.length) * 8) / 6);
    return text.slice(from, to);
  });
}

/** The mark as it is escaped within JSON, URLs and other texts. Bytes that are no text have no such form. */
function writtenForms(mark: Buffer): [string, string][] {
  const text = mark.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(mark)) return [];
  const percent = encodeURIComponent(text);
  return [
    ['text', text],
    ['percent-encoded', percent],
    ['percent-encoded by a form', new URLSearchParams({ '': text }).toString().slice(1)],
    ['percent-encoded twice', encodeURIComponent(percent)],
    ['JSON', JSON.stringify(text).slice(1, -1)],
    ['JSON in JSON', JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1)],
    ['HTML', text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')],
  ];
}
