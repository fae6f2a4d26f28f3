import type { IdleLimits, KeptKey } from '../base/keyKeeper';
import { copyPublic } from '../base/publicBytes';
import { allocateSecret, copySecret, partOfSecret, type SecretBytes } from '../base/secretBytes';
import { WireError } from './frames';

/** All that windows say to the keeper, and the keeper to windows. Who takes a message out of one wipes its key. */
export type Message =
  | ({ readonly kind: 'limits'; readonly account: string } & IdleLimits)
  | { readonly kind: 'used'; readonly account: string }
  | ({ readonly kind: 'put'; readonly account: string } & KeptKey)
  | { readonly kind: 'get'; readonly account: string }
  | { readonly kind: 'lock'; readonly account: string; readonly signal: number }
  | { readonly kind: 'stored'; readonly account: string }
  | { readonly kind: 'void'; readonly account: string }
  | ({ readonly kind: 'key'; readonly account: string } & KeptKey)
  | { readonly kind: 'none'; readonly account: string }
  | { readonly kind: 'locked'; readonly account: string };

/** The first byte of each. */
const numbers: Readonly<Record<Message['kind'], number>> = {
  ...{ limits: 1, used: 2, put: 3, get: 4, lock: 5 },
  ...{ stored: 17, void: 18, key: 19, none: 20, locked: 21 },
};

const ACCOUNT = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ACCOUNT_LENGTH = 36;
const NUMBER_LENGTH = 8;
const ORIGIN_LENGTH = 32;
/** Bytes of a key: 64 of the classic kind; those for COSE are padded and have a header. */
const [SHORTEST_KEY, LONGEST_KEY] = [64, 512];

/**
 * @returns a number for the kind, and what belongs to it, each of a fixed length but for a key at the end; the caller's to
 * wipe.
 */
export function encode(message: Message): SecretBytes {
  const writer = new Writer();
  writer.byte(numbers[message.kind]);
  if ('account' in message) writer.text(message.account);
  if ('signal' in message) writer.number(message.signal);
  if ('idleMs' in message) writer.number(message.idleMs);
  if (message.kind === 'limits') {
    writer.byte(Number(message.lockOnSleep));
    writer.byte(Number(message.endsWithWindow));
  }
  if ('key' in message) {
    writer.bytes(message.origin);
    writer.bytes(message.key);
  }
  return writer.end();
}

/**
 * @param bytes stays the caller's to wipe.
 * @throws WireError for anything that `encode` does not make.
 */
export function decode(bytes: SecretBytes): Message {
  const reader = new Reader(bytes);
  const number = reader.byte();
  const kind = (Object.keys(numbers) as Message['kind'][]).find((each) => numbers[each] === number);
  if (kind === undefined) throw new WireError('an unknown message');
  const message = read(kind, reader);
  reader.end();
  return message;
}

function read(kind: Message['kind'], reader: Reader): Message {
  switch (kind) {
    case 'limits': {
      const [account, idleMs] = [reader.account(), reader.number()];
      return { kind, account, idleMs, lockOnSleep: reader.flag(), endsWithWindow: reader.flag() };
    }
    case 'used':
    case 'get':
    case 'stored':
    case 'void':
    case 'none':
    case 'locked':
      return { kind, account: reader.account() };
    case 'lock':
      return { kind, account: reader.account(), signal: reader.number() };
    case 'put':
    case 'key': {
      const [account, signal, idleMs] = [reader.account(), reader.number(), reader.number()];
      return { kind, account, signal, idleMs, origin: reader.origin(), key: reader.key() };
    }
  }
}

class Writer {
  readonly #bytes = allocateSecret(1 + ACCOUNT_LENGTH + 2 * NUMBER_LENGTH + 2 + ORIGIN_LENGTH + LONGEST_KEY);
  readonly #view = new DataView(this.#bytes.buffer);
  #at = 0;

  byte(value: number): void {
    this.#view.setUint8(this.#at++, value);
  }

  number(value: number): void {
    this.#view.setFloat64(this.#at, value);
    this.#at += NUMBER_LENGTH;
  }

  text(value: string): void {
    if (!ACCOUNT.test(value)) throw new WireError('no id of an account');
    for (const character of value) this.byte(character.charCodeAt(0));
  }

  bytes(value: Uint8Array): void {
    if (this.#at + value.length > this.#bytes.length) throw new WireError('too long a key');
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  end(): SecretBytes {
    const message = copySecret(this.#bytes.subarray(0, this.#at));
    this.#bytes.fill(0);
    return message;
  }
}

class Reader {
  #at = 0;

  constructor(private readonly bytes: SecretBytes) {}

  byte(): number {
    const [value] = this.#next(1);
    return value ?? 0;
  }

  flag(): boolean {
    const value = this.byte();
    if (value > 1) throw new WireError('no flag');
    return value === 1;
  }

  /** Not negative; may be Infinity. */
  number(): number {
    const { buffer, byteOffset } = this.#next(NUMBER_LENGTH);
    const value = new DataView(buffer, byteOffset).getFloat64(0);
    if (!(value >= 0)) throw new WireError('no number');
    return value;
  }

  account(): string {
    const text = String.fromCharCode(...this.#next(ACCOUNT_LENGTH));
    if (!ACCOUNT.test(text)) throw new WireError('no id of an account');
    return text;
  }

  origin(): Uint8Array {
    return copyPublic(this.#next(ORIGIN_LENGTH));
  }

  /** All that is left. */
  key(): SecretBytes {
    const length = this.bytes.length - this.#at;
    if (length < SHORTEST_KEY || length > LONGEST_KEY) throw new WireError('no key');
    return copySecret(this.#next(length));
  }

  end(): void {
    if (this.#at !== this.bytes.length) throw new WireError('more than a message');
  }

  #next(length: number): SecretBytes {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.bytes.length) throw new WireError('less than a message');
    return partOfSecret(this.bytes, start, this.#at);
  }
}
