import type { WireObject } from '../wire/wireObject';

/** How deep values may be nested: far deeper than any message of the hub is. */
const DEEPEST = 16;

/**
 * Reads one value of MessagePack (github.com/msgpack/msgpack/blob/master/spec.md) that takes up all of the bytes. Nothing
 * is built that the bytes do not hold: an array or a map is refused that has more elements than there are bytes left.
 *
 * @param bytes from a server; a caller bounds how many.
 * @returns maps as objects; numbers of 64 bits rounded. Bytes and extensions, such as dates, are undefined, entries of maps
 * whose keys are no texts left out.
 * @throws SyntaxError for everything else; the message holds no input.
 */
export function unpack(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (!reader.isAtEnd) throw new SyntaxError('more after the value');
  return value;
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new SyntaxError('nested too deeply');
    const head = this.#number(1);
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f, depth);
    if (head < 0xa0) return this.#array(head & 0x0f, depth);
    if (head < 0xc0) return this.#text(head & 0x1f);
    if (head >= 0xe0) return head - 0x100;
    switch (head) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        this.#take(this.#number(2 ** (head - 0xc4)));
        return undefined;
      case 0xc7:
      case 0xc8:
      case 0xc9:
        this.#take(this.#number(2 ** (head - 0xc7)) + 1);
        return undefined;
      case 0xca:
        return this.#take(4).readFloatBE();
      case 0xcb:
        return this.#take(8).readDoubleBE();
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#number(2 ** (head - 0xcc));
      case 0xcf:
        return Number(this.#take(8).readBigUInt64BE());
      case 0xd0:
        return this.#take(1).readInt8();
      case 0xd1:
        return this.#take(2).readInt16BE();
      case 0xd2:
        return this.#take(4).readInt32BE();
      case 0xd3:
        return Number(this.#take(8).readBigInt64BE());
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        this.#take(2 ** (head - 0xd4) + 1);
        return undefined;
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#number(2 ** (head - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#number(2 ** (head - 0xdb)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#number(2 ** (head - 0xdd)), depth);
      default:
        throw new SyntaxError('no such kind of value');
    }
  }

  #array(count: number, depth: number): readonly unknown[] {
    this.#mustHold(count);
    const values: unknown[] = [];
    for (let at = 0; at < count; at++) values.push(this.value(depth + 1));
    return values;
  }

  #map(count: number, depth: number): WireObject {
    this.#mustHold(2 * count);
    const entries = new Map<string, unknown>();
    for (let at = 0; at < count; at++) {
      const key = this.value(depth + 1);
      const value = this.value(depth + 1);
      if (typeof key === 'string') entries.set(key, value);
    }
    return Object.fromEntries(entries);
  }

  #text(length: number): string {
    return this.#take(length).toString();
  }

  /** @param size 1, 2 or 4 bytes. */
  #number(size: number): number {
    return this.#take(size).readUIntBE(0, size);
  }

  #take(length: number): Buffer {
    this.#mustHold(length);
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  #mustHold(count: number): void {
    if (count > this.bytes.length - this.#at) throw new SyntaxError('cut off');
  }
}
