/** Reads MessagePack as a notifications hub writes it. Throws for everything else. */
export function unpack(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.value();
  if (!reader.isAtEnd) throw new Error('more after the message');
  return value;
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.#at === this.bytes.length;
  }

  value(): unknown {
    const head = this.bytes.readUInt8(this.#at++);
    if (head < 0x80) return head;
    if (head < 0x90) return this.#map(head & 0x0f);
    if (head < 0xa0) return Array.from({ length: head & 0x0f }, () => this.value());
    if (head < 0xc0) return this.#text(head & 0x1f);
    switch (head) {
      case 0xc0:
        return null;
      case 0xce:
        return this.#take(4).readUInt32BE();
      case 0xd7:
        return this.#date();
      case 0xd9:
        return this.#text(this.#take(1).readUInt8());
      default:
        throw new Error(`no such kind: ${head.toString(16)}`);
    }
  }

  #map(count: number): Record<string, unknown> {
    const entries = Array.from({ length: count }, () => [String(this.value()), this.value()] as const);
    return Object.fromEntries(entries);
  }

  #text(length: number): string {
    return this.#take(length).toString();
  }

  #date(): Date {
    if (this.#take(1).readInt8() !== -1) throw new Error('no timestamp');
    const packed = this.#take(8).readBigUInt64BE();
    return new Date(Number(packed & 0x3_ffff_ffffn) * 1000 + Number((packed >> 34n) / 1_000_000n));
  }

  #take(length: number): Buffer {
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }
}
