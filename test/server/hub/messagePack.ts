/** The values that the hub sends in MessagePack. Dates are written as timestamps of 64 bits. */
export type Packable = null | number | string | Date | readonly Packable[] | { readonly [name: string]: Packable };

export function pack(value: Packable): Buffer {
  if (value === null) return Buffer.from([0xc0]);
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'string') return packText(value);
  if (value instanceof Date) return packDate(value);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from([0x90 | value.length]), ...value.map(pack)]);
  const entries = Object.entries(value);
  const inner = entries.flatMap(([name, each]) => [packText(name), pack(each)]);
  return Buffer.concat([Buffer.from([0x80 | entries.length]), ...inner]);
}

function packNumber(value: number): Buffer {
  if (value < 0x80) return Buffer.from([value]);
  const bytes = Buffer.from([0xce, 0, 0, 0, 0]);
  bytes.writeUInt32BE(value, 1);
  return bytes;
}

function packText(value: string): Buffer {
  const bytes = Buffer.from(value);
  const head = bytes.length < 32 ? [0xa0 | bytes.length] : [0xd9, bytes.length];
  return Buffer.concat([Buffer.from(head), bytes]);
}

function packDate(value: Date): Buffer {
  const milliseconds = value.getTime();
  const seconds = BigInt(Math.floor(milliseconds / 1000));
  const nanoseconds = BigInt(milliseconds % 1000) * 1_000_000n;
  const bytes = Buffer.alloc(10);
  bytes.writeUInt8(0xd7, 0);
  bytes.writeInt8(-1, 1);
  bytes.writeBigUInt64BE((nanoseconds << 34n) | seconds, 2);
  return bytes;
}

/** A message with its length before it, in groups of seven bits, as SignalR does it. */
export function framed(message: Buffer): Buffer {
  const length: number[] = [];
  let left = message.length;
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from(length), message]);
}
