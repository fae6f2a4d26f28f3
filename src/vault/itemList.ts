import { randomBytes } from 'node:crypto';
import { version } from '../../package.json';
import { NO_BYTES, publicZeros } from '../base/publicBytes';
import { asBuffer, secretFromText, type SecretBytes, textOfSecret, wipe } from '../base/secretBytes';
import type { TimeSlices } from '../base/timeSlices';
import { attempt } from '../base/thrown';
import type { Aes256GcmKey } from '../bitwarden/crypto/aead/aes256Gcm';
import { digestOf, SALT_LENGTH } from '../bitwarden/crypto/localKey';
import { keyOfCipher, type RawElements } from './encryptedVault';
import type { Item } from './items';
import type { Keyring } from './keyring';
import type { SearchEntry } from './search/searchEntry';

/**
 * What is listed and searched of a vault, sealed under a key that comes from the user key, so that the next time only
 * what has changed since is decrypted one by one. It is: a salt of 32 bytes, and blocks of a length (four bytes, the
 * highest first) and as many bytes, which are rows in JSON under AES-256-GCM with the number of the block as nonce. Salt
 * and key are never used for another list.
 *
 * A list of another version of Vaultside cannot be opened: it may have listed another way.
 */
export type SealedItemList = Uint8Array;

/** An item as it was listed. */
interface Row extends SearchEntry {
  /** Of what it was opened from: see Digests. */
  readonly digest: string;
}

const PURPOSE = `items and names of fields listed by ${version}`;
const LENGTH_OF_LENGTH = 4;

/** Characters of rows in a block: those of some fifty items. The last row may go beyond. */
const CHARACTERS_AT_ONCE = 20_000;

/** An item with more characters to search, or in more collections, gets no row and is decrypted at each unlock. */
const LONGEST_TEXT = 5_000;
const MOST_COLLECTIONS = 200;

/**
 * In characters. An item with a longer row gets none either, because otherwise its block could become longer than the
 * reader takes. Within the limits above only ids that are longer than those of any server make a row so long.
 */
const LONGEST_ROW = 100_000;

/** In bytes, three for each character. A longer block was not written by Vaultside, and is not opened. */
const LONGEST_BLOCK = 3 * (CHARACTERS_AT_ONCE + LONGEST_ROW) + 1_000;

/**
 * Whether an item gets a row. One that did not open gets none, because otherwise it would be listed as it is now even
 * when it could be opened.
 */
export function hasRow({ item, addresses, fieldNames }: SearchEntry): boolean {
  const { name, username, closed, collectionIds } = item;
  if (name === undefined || closed !== undefined) return false;
  const texts = [name, username ?? '', addresses, fieldNames];
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  return length <= LONGEST_TEXT && collectionIds.length <= MOST_COLLECTIONS;
}

/**
 * Seals a list. Works in slices of a few milliseconds.
 *
 * @param entries in the order in which they are to be opened.
 * @param isOutdated asked between the slices: true when entries, elements and keys may not belong together any more.
 * @returns the list in parts; undefined when they are outdated.
 * @throws LockedError
 */
export async function sealItemList(
  entries: readonly SearchEntry[],
  elements: RawElements,
  keyring: Keyring,
  slices: TimeSlices,
  isOutdated: () => boolean,
): Promise<readonly Uint8Array[] | undefined> {
  const salt = randomBytes(SALT_LENGTH);
  const key = keyring.deriveKey(PURPOSE, salt);
  try {
    const digests = new Digests(elements, keyring);
    const parts: Uint8Array[] = [salt];
    let rows: string[] = [];
    let characters = 0;
    const seal = () => {
      parts.push(...sealBlock(`[${rows.join(',')}]`, parts.length >> 1, key));
      rows = [];
      characters = 0;
    };
    for (const entry of entries) {
      await slices.next();
      keyring.assertOpen();
      if (isOutdated()) return undefined;
      const row = rowOf(entry, digests);
      if (row === undefined || row.length > LONGEST_ROW) continue;
      rows.push(row);
      characters += row.length + 1;
      if (characters >= CHARACTERS_AT_ONCE) seal();
    }
    seal();
    return parts;
  } finally {
    key.wipe();
  }
}

/**
 * The rows that still hold: they were listed of the same element, and opened with the same key. In blocks, and in slices
 * of a few milliseconds. Ends before the first block that does not open, which in a list that was sealed with another key
 * is the first.
 *
 * @returns with each block, how many of its rows do not hold any more.
 * @throws LockedError
 */
export async function* openItemList(
  list: SealedItemList,
  elements: RawElements,
  keyring: Keyring,
  slices: TimeSlices,
): AsyncGenerator<{ readonly rows: readonly SearchEntry[]; readonly outdated: number }, void> {
  const key = attempt(() => keyring.deriveKey(PURPOSE, list.subarray(0, SALT_LENGTH)));
  if (key === undefined) return;
  try {
    const digests = new Digests(elements, keyring);
    let number = 0;
    for (const block of blocksOf(list)) {
      const rows = attempt(() => openBlock(block, number++, key));
      if (rows === undefined) return;
      const held: Row[] = [];
      for (const row of rows) {
        await slices.next();
        keyring.assertOpen();
        if (digests.of(row.item) === row.digest) held.push(row);
      }
      yield { rows: held, outdated: rows.length - held.length };
    }
  } finally {
    key.wipe();
  }
}

/**
 * SHA-256 digests of what items are opened from: the element and, where an organisation owns the item, the key of that,
 * since whoever has the user's public key can put another one in its place.
 */
class Digests {
  readonly #ofKeys = new Map<string, string>();

  constructor(
    private readonly elements: RawElements,
    private readonly keyring: Keyring,
  ) {}

  /** @returns undefined where there is no such element, or no such key. */
  of({ id, organizationId }: Item): string | undefined {
    const element = this.elements.get(keyOfCipher(id));
    if (element === undefined) return undefined;
    if (organizationId === undefined) return digestOf(element);
    const ofKey = this.#ofKeys.get(organizationId) ?? this.#ofKey(organizationId);
    return ofKey && digestOf(element) + ofKey;
  }

  #ofKey(organizationId: string): string | undefined {
    const key = this.keyring.organizationKey(organizationId);
    const digest = key && digestOf(key.bytes);
    if (digest !== undefined) this.#ofKeys.set(organizationId, digest);
    return digest;
  }
}

function rowOf(entry: SearchEntry, digests: Digests): string | undefined {
  const { item, addresses, fieldNames } = entry;
  const digest = hasRow(entry) ? digests.of(item) : undefined;
  return digest && JSON.stringify({ digest, item, addresses, fieldNames } satisfies Row);
}

function sealBlock(json: string, number: number, key: Aes256GcmKey): readonly [Uint8Array, Uint8Array] {
  const plaintext = secretFromText(json);
  try {
    const sealed = key.seal(nonceOf(number, key), plaintext, NO_BYTES);
    const length = publicZeros(LENGTH_OF_LENGTH);
    length.writeUInt32BE(sealed.length);
    return [length, sealed];
  } finally {
    wipe(plaintext);
  }
}

function* blocksOf(list: SealedItemList): Generator<Uint8Array, void> {
  const { length } = list;
  const bytes = asBuffer(list);
  for (let at = SALT_LENGTH; at + LENGTH_OF_LENGTH <= length;) {
    const start = at + LENGTH_OF_LENGTH;
    at = start + bytes.readUInt32BE(at);
    if (at - start > LONGEST_BLOCK) return;
    yield bytes.subarray(start, at);
  }
}

/** @throws MacMismatchError; TypeError and SyntaxError for what is no list of rows. */
function openBlock(block: Uint8Array, number: number, key: Aes256GcmKey): readonly Row[] {
  let plaintext: SecretBytes | undefined;
  try {
    plaintext = key.open(nonceOf(number, key), block, NO_BYTES);
    const rows = JSON.parse(textOfSecret(plaintext) ?? '') as unknown;
    if (!Array.isArray(rows) || !rows.every(isRow)) throw new TypeError('no rows');
    return rows;
  } finally {
    wipe(plaintext);
  }
}

/** Checks no more than the shape: what opens was sealed with the user key, so it was written by Vaultside. */
function isRow(value: unknown): value is Row {
  const { digest, item, addresses, fieldNames } = (value ?? {}) as Partial<Row>;
  const isItem = typeof item?.id === 'string' && typeof item.name === 'string' && Array.isArray(item.collectionIds);
  return isItem && [digest, addresses, fieldNames].every((text) => typeof text === 'string');
}

function nonceOf(number: number, { algorithm }: Aes256GcmKey): Uint8Array {
  const nonce = publicZeros(algorithm.nonceLength);
  nonce.writeUInt32BE(number);
  return nonce;
}
