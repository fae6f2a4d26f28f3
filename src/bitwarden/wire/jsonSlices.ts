import { BYTE_ORDER_MARK, Extent, textOf } from './jsonValue';

/** One value of the outermost object, or one element of an array that is such a value and not empty. */
export interface JsonSlice {
  /** Key in the outermost object. */
  readonly key: string;
  /** Whether this is one element of the array under that key. */
  readonly isElement: boolean;
  /** The value's own JSON text, UTF-8; undefined: it is longer than the slicer keeps. */
  readonly bytes: Uint8Array | undefined;
}

/** Keys of the outermost object, and bytes of one in JSON: far more than any answer of a server has. */
const MOST_KEYS = 1_000;
const LONGEST_KEY = 1_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Cuts the text of a JSON object into its values, and its arrays into their elements, without parsing any: each can
 * then be given to JSON.parse apart, and a vault of 20 MB be read in small steps. Only the outer grammar is checked,
 * and that brackets balance; JSON.parse judges each slice.
 *
 * @param bytes UTF-8, with or without a byte order mark. The slices are views into it.
 * @throws SyntaxError for anything but one whole object, for a key that comes twice in any letter case, for more than
 * 1,000 keys or one of more than 1,000 bytes, and for nesting deeper than 64. The message holds no input.
 */
export function* jsonSlices(bytes: Uint8Array): Generator<JsonSlice & { readonly bytes: Uint8Array }, void> {
  const slicer = new JsonSlicer();
  for (const { bytes: own, ...slice } of slicer.push(bytes)) if (own) yield { ...slice, bytes: own };
  slicer.end();
}

/**
 * What the slicer expects next.
 *
 * - `start`: the object, behind a byte order mark or not
 * - `firstKey`, `key`: a key; before the first one the object may end
 * - `inKey`: the rest of a key
 * - `colon`, `afterMember`, `afterElement`: what stands between
 * - `member`, `element`, `firstElement`: a value; in place of the first element its array may end
 * - `inValue`: the rest of a value
 * - `end`: nothing more
 */
type Expected =
  | 'start'
  | 'firstKey'
  | 'key'
  | 'inKey'
  | 'colon'
  | 'member'
  | 'firstElement'
  | 'element'
  | 'inValue'
  | 'afterMember'
  | 'afterElement'
  | 'end';

/** As {@link jsonSlices}, for text that comes in pieces, cut anywhere. Holds no more of it than one value. */
export class JsonSlicer {
  #expected: Expected = 'start';
  #marks = 0;
  #key = '';
  readonly #seen = new Set<string>();
  #isElement = false;
  #extent = new Extent();
  /** What has come of a key or value that goes on in the next piece. */
  #begun: Uint8Array[] = [];
  #length = 0;

  /** @param longest bytes that are kept of a value. */
  constructor(private readonly longest = Infinity) {}

  /**
   * Takes the next piece.
   *
   * @param bytes UTF-8; read until the generator ends. A slice is a view into them where it lies in one piece.
   * @throws SyntaxError as jsonSlices.
   */
  *push(bytes: Uint8Array): Generator<JsonSlice, void> {
    for (let at = 0; at < bytes.length;) {
      if (this.#expected === 'inKey' || this.#expected === 'inValue') {
        const end = this.#extent.endIn(bytes, at);
        this.#keep(bytes.subarray(at, end ?? bytes.length));
        if (end === undefined) return;
        at = end;
        if (this.#expected === 'inKey') this.#endKey();
        else yield this.#endValue();
        continue;
      }
      const byte = bytes[at] ?? 0;
      if (this.#expected === 'start' && this.#marks < 3 && byte === BYTE_ORDER_MARK[this.#marks]) {
        this.#marks++;
        at++;
        continue;
      }
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        at++;
        continue;
      }
      const isEmptyArray = this.#expected === 'firstElement' && byte === CLOSE_ARRAY;
      if (this.#take(byte)) at++;
      if (isEmptyArray) yield { key: this.#key, isElement: false, bytes: EMPTY_ARRAY };
    }
  }

  /** @throws SyntaxError when the object has not ended. */
  end(): void {
    if (this.#expected !== 'end') throw new SyntaxError('unfinished');
  }

  /** One byte of the outer grammar, or the first one of a key or value, which is not taken then. */
  #take(byte: number): boolean {
    switch (this.#expected) {
      case 'start':
        if (byte !== OPEN_OBJECT || this.#marks % 3 !== 0) throw new SyntaxError('object expected');
        this.#expected = 'firstKey';
        return true;
      case 'firstKey':
      case 'key':
        if (byte === CLOSE_OBJECT && this.#expected === 'firstKey') {
          this.#expected = 'end';
          return true;
        }
        if (byte !== QUOTE) throw new SyntaxError('key expected');
        return this.#begin('inKey');
      case 'colon':
        if (byte !== COLON) throw new SyntaxError('colon expected');
        this.#expected = 'member';
        return true;
      case 'member':
        if (byte === OPEN_ARRAY) {
          this.#expected = 'firstElement';
          return true;
        }
        this.#isElement = false;
        return this.#begin('inValue');
      case 'firstElement':
      case 'element':
        if (byte === CLOSE_ARRAY && this.#expected === 'firstElement') {
          this.#expected = 'afterMember';
          return true;
        }
        this.#isElement = true;
        return this.#begin('inValue');
      case 'afterMember':
        if (byte !== COMMA && byte !== CLOSE_OBJECT) throw new SyntaxError('comma or end expected');
        this.#expected = byte === COMMA ? 'key' : 'end';
        return true;
      case 'afterElement':
        if (byte !== COMMA && byte !== CLOSE_ARRAY) throw new SyntaxError('comma or end expected');
        this.#expected = byte === COMMA ? 'element' : 'afterMember';
        return true;
      case 'end':
      case 'inKey':
      case 'inValue':
        throw new SyntaxError('more after the end');
    }
  }

  #begin(expected: 'inKey' | 'inValue'): false {
    this.#expected = expected;
    this.#extent = new Extent();
    this.#begun = [];
    this.#length = 0;
    return false;
  }

  #keep(bytes: Uint8Array): void {
    this.#length += bytes.length;
    if (this.#expected === 'inKey' && this.#length > LONGEST_KEY) throw new SyntaxError('key too long');
    if (this.#length > this.longest) this.#begun = [];
    else this.#begun.push(bytes);
  }

  #endKey(): void {
    try {
      this.#key = JSON.parse(textOf(this.#whole())) as string;
    } catch {
      // The message of the parser quotes the text.
      throw new SyntaxError('no key');
    }
    const known = this.#key.toLowerCase();
    if (this.#seen.has(known)) throw new SyntaxError('duplicate key');
    if (this.#seen.add(known).size > MOST_KEYS) throw new SyntaxError('too many keys');
    this.#expected = 'colon';
  }

  #endValue(): JsonSlice {
    this.#expected = this.#isElement ? 'afterElement' : 'afterMember';
    const bytes = this.#length > this.longest ? undefined : this.#whole();
    return { key: this.#key, isElement: this.#isElement, bytes };
  }

  #whole(): Uint8Array {
    const [first] = this.#begun;
    return first !== undefined && this.#begun.length === 1 ? first : Buffer.concat(this.#begun);
  }
}

const EMPTY_ARRAY = Buffer.from('[]');
