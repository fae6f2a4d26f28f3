import { decompose } from '../../base/decompose';

/** Tells whether a text is what was copied. */
export type Recogniser = (text: string) => Promise<boolean>;

/** What windows keep of a copied secret for each other. */
export interface CopyRecord {
  /** The first bits of the keyed digest (HMAC-SHA256), as `0` and `1`; see {@link bitsKept}. */
  readonly bits: string;
  /** When it is time to clear it, in milliseconds since the epoch. */
  readonly clearAt: number;
}

/**
 * The part of a text that every clipboard gives back unchanged: its letters, without spaces, line ends, zero bytes and
 * other characters that are not seen. Browsers on Windows turn LF into CRLF; others drop a line end at the end, put
 * spaces for no-break spaces, or compose and decompose accents. A text of the user's own that differs from a secret in
 * nothing but these is not to be expected.
 */
function essenceOf(text: string): string {
  const letters = decompose(text.toWellFormed(), 'NFKD').replace(/[\p{C}\p{Z}]+/gu, '');
  return letters === '' ? text : letters;
}

/**
 * Whether a text that is read right after writing may be what the clipboard has made of it. It may be the beginning
 * only: some clipboards hold a limited number of characters, or end at a zero byte.
 */
export function canBe(text: string, written: string): boolean {
  const essence = essenceOf(text);
  let end = essence.length;
  // A character that was cut in two comes back as U+FFFD.
  while (essence[end - 1] === '\ufffd') end--;
  return end > 0 && essenceOf(written).startsWith(essence.slice(0, end));
}

/**
 * Recognises a text by a keyed digest of it, so that the text itself need not be kept. The whole digest (256 bits)
 * stays in the memory of this process.
 */
export class CopiedText {
  private constructor(
    private readonly key: string,
    private readonly digest: Buffer,
    /** Number of characters, without those that are not seen. */
    private readonly length: number,
  ) {}

  static async of(text: string, key: string): Promise<CopiedText> {
    return new CopiedText(key, await digestOf(key, text), essenceOf(text).length);
  }

  readonly recognises: Recogniser = async (text) => {
    const { timingSafeEqual } = await import('node:crypto');
    return timingSafeEqual(await digestOf(this.key, text), this.digest);
  };

  /** What other windows are told, and those that are opened later. */
  record(clearAt: number): CopyRecord {
    return { bits: bitsOf(this.digest).slice(0, bitsKept(this.length)), clearAt };
  }
}

const MOST_BITS = 8;
const BITS_OF_A_DIGIT = Math.log2(10);

/**
 * How many bits of a digest are kept for other windows. A server knows the key (see CopyFile), and whoever has key
 * and digest can try all values of a kind: the million codes of six digits take seconds. With few bits, many values
 * fit, and nobody can say which one it was. The key stays the same, so that copying a value again gives away no further
 * bits.
 *
 * No more than 8 bits are kept, and of a short value no more than half of what a number of that length has: 3,906 codes
 * of six digits fit, 156 PINs of four, 62 security codes of three. Who knows 8 bits of a password's digest needs up to
 * 256 times fewer guesses.
 *
 * The price: when it is time to clear, a text of the user's own on the clipboard is taken for the secret once in 256
 * times (of a PIN 64, of a security code 16). That can happen only where the window that copied the secret has ended
 * meanwhile: as long as it is there, it decides, by all 256 bits of the digest in its memory.
 *
 * @param length of the value, in characters.
 */
function bitsKept(length: number): number {
  return Math.min(MOST_BITS, Math.floor((length * BITS_OF_A_DIGIT) / 2));
}

export function recogniserOf({ bits }: CopyRecord, key: string): Recogniser {
  return async (text) => bitsOf(await digestOf(key, text)).startsWith(bits);
}

/** Undefined for anything that {@link CopiedText.record} could not have given. */
export function parseRecord(text: string | undefined): CopyRecord | undefined {
  if (text === undefined) return undefined;
  try {
    const { bits, clearAt } = (JSON.parse(text) ?? {}) as Partial<Record<keyof CopyRecord, unknown>>;
    if (typeof bits !== 'string' || typeof clearAt !== 'number') return undefined;
    return BITS.test(bits) ? { bits, clearAt } : undefined;
  } catch {
    return undefined;
  }
}

const BITS = new RegExp(`^[01]{1,${MOST_BITS}}$`);

function bitsOf(digest: Buffer): string {
  return [...digest.subarray(0, MOST_BITS / 8)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
}

async function digestOf(key: string, text: string): Promise<Buffer> {
  // Loaded at the first copy, so that starting up does not wait for it.
  const { createHmac } = await import('node:crypto');
  return createHmac('sha256', key).update(essenceOf(text), 'utf8').digest();
}
