/** Where one value of the outermost object lies, or one element of an array that is such a value and not empty. */
export interface JsonSlice {
  /** Key in the outermost object. */
  readonly key: string;
  /** Whether this is one element of the array under that key. */
  readonly isElement: boolean;
  /** Byte offsets of the value's own JSON text. */
  readonly start: number;
  readonly end: number;
  /** Upper bound of the keys and values in it, at least 1: what it costs to parse, and to keep. */
  readonly tokens: number;
}

/** Far deeper than any answer of a server; stops deeply nested input before a parser meets it. */
const DEEPEST = 64;
/** Keys of the outermost object, and bytes of one in JSON: far more than any answer of a server has. */
const MOST_KEYS = 1_000;
const LONGEST_KEY = 1_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Cuts the text of a JSON object into its values, and its arrays into their elements, without parsing any: each can
 * then be given to JSON.parse apart, and a vault of 20 MB be read in small steps. Only the outer grammar is checked,
 * and that brackets balance; JSON.parse judges each slice.
 *
 * @param bytes UTF-8, with or without a byte order mark.
 * @throws SyntaxError for anything but one whole object, for a key that comes twice in any letter case, for more than
 * 1,000 keys or one of more than 1,000 bytes, and for nesting deeper than 64. The message holds no input.
 */
export function* jsonSlices(bytes: Uint8Array): Generator<JsonSlice, void> {
  const json = new Cursor(bytes);
  const seen = new Set<string>();
  json.expect(OPEN_OBJECT);
  for (let first = true; !json.accept(CLOSE_OBJECT); first = false) {
    if (!first) json.expect(COMMA);
    const key = json.key();
    if (seen.has(key.toLowerCase())) throw new SyntaxError('duplicate key');
    if (seen.add(key.toLowerCase()).size > MOST_KEYS) throw new SyntaxError('too many keys');
    json.expect(COLON);
    if (!json.accept(OPEN_ARRAY)) {
      yield { key, isElement: false, ...json.value() };
      continue;
    }
    const start = json.at - 1;
    if (json.accept(CLOSE_ARRAY)) {
      yield { key, isElement: false, start, end: json.at, tokens: 1 };
      continue;
    }
    do yield { key, isElement: true, ...json.value() };
    while (!json.endsAfterElement());
  }
  json.expectEnd();
}

/** What one JSON text holds, by its first value; whether it is JSON is for JSON.parse to judge. @throws SyntaxError */
export function tokensOf(bytes: Uint8Array): number {
  return new Cursor(bytes).value().tokens;
}

class Cursor {
  #at: number;

  constructor(private readonly bytes: Uint8Array) {
    this.#at = startOfJson(bytes);
  }

  /** Offset of the next byte to be read. */
  get at(): number {
    return this.#at;
  }

  accept(byte: number): boolean {
    this.#skipSpace();
    if (this.bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  expect(byte: number): void {
    if (!this.accept(byte)) throw new SyntaxError('unexpected byte or end');
  }

  /** Steps over what follows an element of an array: true when that was the last one. */
  endsAfterElement(): boolean {
    if (this.accept(CLOSE_ARRAY)) return true;
    this.expect(COMMA);
    return false;
  }

  expectEnd(): void {
    this.#skipSpace();
    if (this.#at !== this.bytes.length) throw new SyntaxError('more after the end');
  }

  key(): string {
    this.#skipSpace();
    const start = this.#at;
    if (this.bytes[start] !== QUOTE) throw new SyntaxError('key expected');
    this.#at = endOfString(this.bytes, start);
    if (this.#at - start > LONGEST_KEY) throw new SyntaxError('key too long');
    return JSON.parse(textOf(this.bytes, start, this.#at)) as string;
  }

  value(): Extent {
    this.#skipSpace();
    const start = this.#at;
    const extent = extentOfValue(this.bytes, start);
    this.#at = extent.end;
    return extent;
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }
}

/** @param start at the opening quote. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  throw new SyntaxError('unfinished string');
}

type Extent = Pick<JsonSlice, 'start' | 'end' | 'tokens'>;

/**
 * How far the value goes that starts at this byte, and what it costs to parse. Brackets and strings alone are looked at.
 *
 * @throws SyntaxError when it does not end, and for nesting deeper than 64.
 */
function extentOfValue(bytes: Uint8Array, start: number): Extent {
  let depth = 0;
  let tokens = 1;
  let at = start;
  while (at < bytes.length) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at);
        if (depth === 0) return { start, end: at, tokens };
        continue;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        tokens++;
        if (++depth > DEEPEST) throw new SyntaxError('nested too deeply');
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        if (depth === 0) return { start, end: notEmpty(start, at), tokens };
        if (--depth === 0) return { start, end: at + 1, tokens };
        break;
      case COMMA:
        if (depth === 0) return { start, end: notEmpty(start, at), tokens };
        tokens++;
        break;
      case COLON:
        tokens++;
        break;
      case undefined:
      default:
        break;
    }
    at++;
  }
  if (depth === 0) return { start, end: notEmpty(start, at), tokens };
  throw new SyntaxError('unfinished value');
}

function notEmpty(start: number, end: number): number {
  if (start === end) throw new SyntaxError('value expected');
  return end;
}

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** The offset behind a byte order mark. */
export function startOfJson(bytes: Uint8Array): number {
  return BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte) ? BYTE_ORDER_MARK.length : 0;
}

/** The text of a slice. */
export function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
}
