import { hash, randomBytes } from 'node:crypto';
import { version } from '../../package.json';
import { secretFromText, textOfSecret, wipe } from '../base/secretBytes';
import type { TimeSlices } from '../base/timeSlices';
import { attempt } from '../base/thrown';
import { keyOfCipher, type RawElements } from './encryptedVault';
import type { Item, ItemLister } from './items';
import type { Keyring } from './keyring';
import type { OpenItem } from './openItems';
import type { SearchEntry } from './search';

/**
 * What is listed and searched of a vault, sealed under a key that comes from the user key, so that the next time only
 * what has changed since is decrypted one by one. It is: a salt of 32 bytes, and blocks of a length (four bytes, the
 * highest first) and as many bytes, which are rows in JSON under AES-256-GCM with the number of the block as nonce. Salt
 * and key are never used for another list.
 *
 * A list of another version of Vaultside cannot be opened: it may have listed another way.
 */
export type SealedItemList = Uint8Array;

interface Row extends OpenItem {
  /** SHA-256 of the element that it was opened from, in base64. */
  readonly digest: string;
}

const SALT_LENGTH = 32;
const PURPOSE = `items listed by ${version}`;
const ROWS_IN_BLOCK = 100;
const LENGTH_OF_LENGTH = 4;
const NOTHING = new Uint8Array();

/** Whether it is worth a row: what did not open may do so another time. */
export function hasRow({ name, closed }: Item): boolean {
  return name !== undefined && closed === undefined;
}

/**
 * @param entries in the order in which they are to be opened.
 * @param isOutdated asked between the slices, of a few milliseconds each: true when entries and elements may not belong
 * together any more.
 * @returns undefined when they are outdated.
 * @throws LockedError
 */
export async function sealItemList(
  entries: readonly SearchEntry[],
  elements: RawElements,
  keyring: Keyring,
  slices: TimeSlices,
  isOutdated: () => boolean,
): Promise<SealedItemList | undefined> {
  const salt = randomBytes(SALT_LENGTH);
  const key = keyring.deriveKey(PURPOSE, salt);
  const parts: Uint8Array[] = [salt];
  try {
    for (let at = 0; at < entries.length; at += ROWS_IN_BLOCK) {
      await slices.next();
      keyring.assertOpen();
      if (isOutdated()) return undefined;
      const rows = entries.slice(at, at + ROWS_IN_BLOCK).flatMap((entry) => rowOf(entry, elements) ?? []);
      const plaintext = secretFromText(JSON.stringify(rows));
      const sealed = key.seal(nonceOf(at / ROWS_IN_BLOCK, key.algorithm.nonceLength), plaintext, NOTHING);
      wipe(plaintext);
      const length = Buffer.alloc(LENGTH_OF_LENGTH);
      length.writeUInt32BE(sealed.length);
      parts.push(length, sealed);
    }
    return Buffer.concat(parts);
  } finally {
    key.wipe();
  }
}

/**
 * The rows that still hold: their element is the same as then, and what they were encrypted under could be opened. In
 * blocks, and in slices of a few milliseconds. Ends where the list is spoiled.
 *
 * @returns with each block, how many of its rows do not hold any more.
 * @throws LockedError
 */
export async function* openItemList(
  list: SealedItemList,
  elements: RawElements,
  keyring: Keyring,
  lister: ItemLister,
  slices: TimeSlices,
): AsyncGenerator<{ readonly rows: readonly OpenItem[]; readonly outdated: number }, void> {
  const key = keyring.deriveKey(PURPOSE, list.subarray(0, SALT_LENGTH));
  try {
    let number = 0;
    for (const block of blocksOf(list)) {
      await slices.next();
      keyring.assertOpen();
      const plaintext = attempt(() => key.open(nonceOf(number++, key.algorithm.nonceLength), block, NOTHING));
      if (plaintext === undefined) return;
      const rows = JSON.parse(textOfSecret(plaintext) ?? '[]') as readonly Row[];
      wipe(plaintext);
      const held = rows.filter((row) => holds(row, elements, keyring));
      yield {
        rows: held.map(({ item, uris }) => ({ item: lister.again(item), uris })),
        outdated: rows.length - held.length,
      };
    }
  } finally {
    key.wipe();
  }
}

function* blocksOf(list: SealedItemList): Generator<Uint8Array, void> {
  const { buffer, byteOffset, length } = list;
  const bytes = Buffer.from(buffer, byteOffset, length);
  for (let at = SALT_LENGTH; at + LENGTH_OF_LENGTH <= length;) {
    const start = at + LENGTH_OF_LENGTH;
    at = start + bytes.readUInt32BE(at);
    yield bytes.subarray(start, at);
  }
}

function nonceOf(number: number, length: number): Uint8Array {
  const nonce = Buffer.alloc(length);
  nonce.writeUInt32BE(number);
  return nonce;
}

function rowOf({ item, text, usernameEnd }: SearchEntry, elements: RawElements): Row | undefined {
  const element = elements.get(keyOfCipher(item.id));
  if (element === undefined || !hasRow(item)) return undefined;
  const uris = text.slice(usernameEnd + 1);
  return { digest: digestOf(element), item, uris: uris === '' ? [] : uris.split('\n') };
}

function holds({ digest, item }: Row, elements: RawElements, keyring: Keyring): boolean {
  const element = elements.get(keyOfCipher(item.id));
  if (element === undefined || digestOf(element) !== digest) return false;
  return item.organizationId === undefined || keyring.organizationKey(item.organizationId) !== undefined;
}

function digestOf(element: Uint8Array): string {
  return hash('sha256', element, 'base64');
}
