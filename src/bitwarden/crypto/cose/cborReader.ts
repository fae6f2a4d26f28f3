import { asBuffer, type SecretBytes } from '../../../base/secretBytes';
import { CoseFormatError } from '../../errors';

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const SIMPLE = 7;

/** How deep items may be nested: far deeper than any content of an item is. */
const DEEPEST = 16;

const NULL = 22;

/**
 * Reads CBOR (RFC 8949) in place: what holds secrets, and what may be of any size, since nothing is built of what is
 * stepped over. Bytes and texts are returned as views of the input, so that wiping the input wipes them. Strict: definite
 * lengths, each number in as few bytes as it needs, no tags. Each method reads the next item.
 *
 * Each of them throws CoseFormatError for an item of another kind, or for malformed or cut off input; its message holds
 * nothing of the input.
 */
export class CborReader<Bytes extends Uint8Array = SecretBytes> {
  #at = 0;

  /** @param bytes stay the caller's to wipe, and with them all that is returned. */
  constructor(private readonly bytes: Bytes) {}

  /** A whole number from -2^53 to 2^53. */
  integer(): number {
    const { major, argument } = this.#head();
    if (major === UNSIGNED) return argument;
    if (major === NEGATIVE) return -1 - argument;
    throw new CoseFormatError('integer expected');
  }

  /** A byte string. */
  byteString(): Bytes {
    return this.#string(BYTES);
  }

  /** The bytes of a text. They should be UTF-8, which is not checked. */
  textBytes(): Bytes {
    return this.#string(TEXT);
  }

  /** The number of elements, which are to be read next. */
  array(): number {
    return this.#container(ARRAY);
  }

  /** The number of pairs. They are to be read next, of each the key and then the value. */
  map(): number {
    return this.#container(MAP);
  }

  /** A text as a string, which cannot be wiped: only for names, such as the keys of a map. */
  name(): string {
    return asBuffer(this.textBytes()).toString('latin1');
  }

  /** Steps over null. For any other item false is returned, and that item is still to be read. */
  acceptNull(): boolean {
    if (this.bytes[this.#at] !== ((SIMPLE << 5) | NULL)) return false;
    this.#at++;
    return true;
  }

  /** Whether a text is to be read next. */
  get nextIsText(): boolean {
    return (this.bytes[this.#at] ?? 0) >> 5 === TEXT;
  }

  /** Steps over one item of any kind. */
  skip(depth = 0): void {
    if (depth > DEEPEST) throw new CoseFormatError('nested too deeply');
    const { major, argument } = this.#head();
    switch (major) {
      case BYTES:
      case TEXT:
        this.#advance(argument);
        break;
      case ARRAY:
        for (let i = 0; i < argument; i++) this.skip(depth + 1);
        break;
      case MAP:
        for (let i = 0; i < 2 * argument; i++) this.skip(depth + 1);
        break;
      case UNSIGNED:
      case NEGATIVE:
      case SIMPLE:
        break;
      default:
        throw new CoseFormatError('tag');
    }
  }

  /**
   * The bytes of one item of any kind.
   *
   * @param longest in bytes: a longer one counts as cut off, after no more than these were looked at.
   */
  item(longest: number): Bytes {
    const start = this.#at;
    const rest = new CborReader(this.#view(start, start + longest));
    rest.skip();
    this.#at += rest.#at;
    return this.#view(start, this.#at);
  }

  /** @throws CoseFormatError when something follows the last item. */
  end(): void {
    if (this.#at !== this.bytes.length) throw new CoseFormatError('more after the end');
  }

  #string(expected: number): Bytes {
    const { major, argument } = this.#head();
    if (major !== expected) throw new CoseFormatError('another kind of item');
    const start = this.#at;
    this.#advance(argument);
    return this.#view(start, this.#at);
  }

  #view(start: number, end: number): Bytes {
    return this.bytes.subarray(start, end) as Bytes;
  }

  #container(expected: number): number {
    const { major, argument } = this.#head();
    if (major !== expected) throw new CoseFormatError('another kind of item');
    return argument;
  }

  /** The head of an item (RFC 8949, section 3). Floating-point numbers are stepped over and never decoded. */
  #head(): { major: number; argument: number } {
    const first = this.#byte();
    const major = first >> 5;
    const size = first & 0x1f;
    if (size < 24) return { major, argument: size };
    if (size > 27 || (major === SIMPLE && size === 24)) throw new CoseFormatError('form that is not allowed');
    const length = 2 ** (size - 24);
    let argument = 0;
    for (let i = 0; i < length; i++) argument = argument * 256 + this.#byte();
    if (major === SIMPLE) return { major, argument: NULL + 1 };
    const smallest = size === 24 ? 24 : 2 ** (4 * length);
    if (argument < smallest || argument > Number.MAX_SAFE_INTEGER) throw new CoseFormatError('number');
    return { major, argument };
  }

  #byte(): number {
    const byte = this.bytes[this.#at];
    if (byte === undefined) throw new CoseFormatError('cut off');
    this.#at++;
    return byte;
  }

  #advance(length: number): void {
    if (length > this.bytes.length - this.#at) throw new CoseFormatError('cut off');
    this.#at += length;
  }
}
