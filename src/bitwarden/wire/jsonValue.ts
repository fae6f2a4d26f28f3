/** That of UTF-8. */
export const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf];

/** Far deeper than any answer of a server; stops deeply nested input before a parser meets it. */
const DEEPEST = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Finds where one value ends, and counts its keys and values (`tokens`, at least 1), by which one can tell how long
 * JSON.parse will take. It looks at brackets, commas, colons and strings alone; whether the rest is JSON, JSON.parse says.
 */
export class Extent {
  /** Keys and values that were counted so far. */
  tokens = 1;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #isEmpty = true;

  /**
   * Takes the next piece of the value.
   *
   * @param bytes UTF-8: the value from this offset on, or a piece of it that follows the one before.
   * @returns the offset behind the value; undefined when it goes on in the next piece.
   * @throws SyntaxError for no value, and for nesting deeper than 64.
   */
  endIn(bytes: Uint8Array, start: number): number | undefined {
    let at = start;
    while (at < bytes.length) {
      if (this.#inString) {
        const end = this.#endOfString(bytes, at);
        if (end === undefined || this.#depth === 0) return end;
        at = end;
        continue;
      }
      switch (bytes[at]) {
        case QUOTE:
          if (this.#depth === 0 && !this.#isEmpty) return at;
          this.#inString = true;
          break;
        case OPEN_ARRAY:
        case OPEN_OBJECT:
          this.tokens++;
          if (++this.#depth > DEEPEST) throw new SyntaxError('nested too deeply');
          break;
        case CLOSE_ARRAY:
        case CLOSE_OBJECT:
          if (this.#depth === 0) return this.#scalarEnd(at);
          if (--this.#depth === 0) return at + 1;
          break;
        case COMMA:
          if (this.#depth === 0) return this.#scalarEnd(at);
          this.tokens++;
          break;
        case COLON:
          this.tokens++;
          break;
        case undefined:
        default:
          break;
      }
      this.#isEmpty = false;
      at++;
    }
    return undefined;
  }

  /**
   * To be called when there is no next piece.
   *
   * @throws SyntaxError when the value is not whole. A number or a word may end anywhere.
   */
  end(): void {
    if (this.#inString || this.#depth > 0 || this.#isEmpty) throw new SyntaxError('unfinished value');
  }

  #scalarEnd(at: number): number {
    if (this.#isEmpty) throw new SyntaxError('value expected');
    return at;
  }

  /** The offset behind the string; undefined when it goes on in the next piece. */
  #endOfString(bytes: Uint8Array, start: number): number | undefined {
    let at = this.#escaped ? start + 1 : start;
    for (; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) {
        this.#escaped = false;
        this.#inString = false;
        return at + 1;
      }
    }
    // What is escaped is in the next piece where the backslash was the last byte.
    this.#escaped = at > bytes.length;
    return undefined;
  }
}

/**
 * The number of keys and values in a JSON text; of several values the first counts.
 *
 * @param bytes UTF-8, with or without a byte order mark.
 * @throws SyntaxError as Extent.
 */
export function tokensOf(bytes: Uint8Array): number {
  const extent = new Extent();
  const text = bytes.subarray(startOfJson(bytes));
  if (extent.endIn(text, startOfValue(text)) === undefined) extent.end();
  return extent.tokens;
}

function startOfValue(bytes: Uint8Array): number {
  const start = bytes.findIndex((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return start < 0 ? bytes.length : start;
}

/** The offset behind a byte order mark. */
function startOfJson(bytes: Uint8Array): number {
  return BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte) ? BYTE_ORDER_MARK.length : 0;
}

/** JSON in UTF-8 as text, without a byte order mark before it. */
export function textOf(bytes: Uint8Array): string {
  const start = startOfJson(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start).toString();
}
