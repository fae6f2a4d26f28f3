import { asBuffer } from '../../base/secretBytes';
import { parseBounded, smallElement } from '../../bitwarden/wire/boundedJson';
import type { MasterPasswordUnlock } from '../../bitwarden/wire/model';
import { asObject } from '../../bitwarden/wire/wireObject';
import type { KdfConfig } from '../../bitwarden/crypto/kdf';
import type { RawElements } from '../../vault/encryptedVault';

/**
 * The lines of a vault's file, each `checksum key json` or, for an element that is gone, `checksum key`. The checksum is
 * the CRC-32 of all that follows it, in eight hexadecimal digits: it tells what a disk or a power cut has spoiled. What
 * somebody may have changed is another matter, see SECURITY.md.
 *
 * A line whose key is `@` is a header. The lines before it take effect with it: those behind the last header come from a
 * write that was cut off, and count for nothing.
 */
export interface VaultLine {
  readonly key: string;
  /** UTF-8, without line breaks; undefined: gone. */
  readonly json: Uint8Array | undefined;
}

/** What is known of the vault as a whole. */
export interface VaultHeader {
  /** Random; another one after each sync that brought something. */
  readonly id: string;
  /** The server's revision date of the account, in milliseconds since the epoch. */
  readonly revision: number;
  readonly securityStamp: string | undefined;
  readonly unlock: MasterPasswordUnlock | undefined;
}

/** The vault as last received. */
export interface CachedVault {
  readonly header: VaultHeader;
  /** False: part of the file is spoiled or of a former layout, so that the vault has to be fetched whatever its revision. */
  readonly isWhole: boolean;
  /** By key: every element and member as the server sent it. Names and secrets in it are encrypted. */
  readonly elements: RawElements;
}

/**
 * A header as it is in a file. `base` is the id of the header before it: the lines between the two are changes to that
 * vault. Undefined: all lines before this header are the whole vault.
 */
interface HeaderLine extends VaultHeader {
  readonly base: string | undefined;
}

export const HEADER_KEY = '@';

const NEWLINE = 0x0a;
const SPACE = 0x20;
const CHECKSUM_LENGTH = 8;

/** @param json without line breaks. */
export function formatLine({ key, json }: VaultLine): Uint8Array {
  const content = Buffer.concat(json === undefined ? [Buffer.from(key)] : [Buffer.from(`${key} `), json]);
  return Buffer.concat([Buffer.from(`${checksumOf(content)} `), content, Buffer.of(NEWLINE)]);
}

export function formatHeader(header: HeaderLine): Uint8Array {
  return formatLine({ key: HEADER_KEY, json: Buffer.from(JSON.stringify(header)) });
}

/** Whether a header with this in it can be read again. */
export function fitsHeader(content: Pick<VaultHeader, 'securityStamp' | 'unlock'>): boolean {
  return 2 * Buffer.byteLength(JSON.stringify(content)) <= smallElement.bytes;
}

/**
 * The lines of a file that are not empty. The last one counts only with the line break that ends it.
 *
 * @returns undefined in the place of each line that is spoiled.
 */
export function* readLines(bytes: Uint8Array): Generator<VaultLine | undefined, void> {
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end !== start) yield end < 0 ? undefined : parseLine(bytes.subarray(start, end));
    if (end < 0) return;
    start = end + 1;
  }
}

/** @param line without its line break. */
function parseLine(line: Uint8Array): VaultLine | undefined {
  const content = line.subarray(CHECKSUM_LENGTH + 1);
  if (latin1(line.subarray(0, CHECKSUM_LENGTH + 1)) !== `${checksumOf(content)} `) return undefined;
  const space = content.indexOf(SPACE);
  if (space < 0) return { key: latin1(content), json: undefined };
  return { key: latin1(content.subarray(0, space)), json: content.subarray(space + 1) };
}

/** Undefined for another line, and for a header of another shape. */
export function parseHeader({ key, json }: VaultLine): HeaderLine | undefined {
  if (key !== HEADER_KEY || json === undefined) return undefined;
  try {
    const { id, base, revision, securityStamp, unlock } = asObject(parseBounded(json, smallElement)) ?? {};
    if (typeof id !== 'string' || typeof revision !== 'number') return undefined;
    return {
      id,
      base: typeof base === 'string' ? base : undefined,
      revision,
      securityStamp: typeof securityStamp === 'string' ? securityStamp : undefined,
      unlock: parseUnlock(unlock),
    };
  } catch {
    return undefined;
  }
}

/** In bytes. If the last line of a file is a header, all of it is within so many bytes from the end. */
export const END_LENGTH = smallElement.bytes + 1024;

/**
 * @param end the last END_LENGTH bytes of a file.
 * @returns undefined where the last line is no header, as after a write that was cut off.
 */
export function lastHeaderOf(end: Uint8Array): HeaderLine | undefined {
  if (end.at(-1) !== NEWLINE) return undefined;
  const line = parseLine(end.subarray(end.lastIndexOf(NEWLINE, -2) + 1, -1));
  return line && parseHeader(line);
}

/** The same JSON on one line: it has line breaks only between its parts, where a space means the same. */
export function onOneLine(json: Uint8Array): Uint8Array {
  let at = json.indexOf(NEWLINE);
  if (at < 0) return json;
  const line = json.slice();
  for (; at >= 0; at = line.indexOf(NEWLINE, at + 1)) line[at] = SPACE;
  return line;
}

/** Checks the shape alone: checkKdf checks the bounds, where the settings are used. Undefined for another shape. */
export function parseKdf(value: unknown): KdfConfig | undefined {
  const { type, iterations, memoryMiB, parallelism } = asObject(value) ?? {};
  if (typeof iterations !== 'number') return undefined;
  if (type === 'pbkdf2') return { type, iterations };
  if (type !== 'argon2id' || typeof memoryMiB !== 'number' || typeof parallelism !== 'number') return undefined;
  return { type, iterations, memoryMiB, parallelism };
}

function parseUnlock(value: unknown): MasterPasswordUnlock | undefined {
  const { kdf, salt, masterKeyEncryptedUserKey } = asObject(value) ?? {};
  const config = parseKdf(kdf);
  if (config === undefined || typeof salt !== 'string' || typeof masterKeyEncryptedUserKey !== 'string') {
    return undefined;
  }
  return { kdf: config, salt, masterKeyEncryptedUserKey };
}

/** CRC-32 in eight digits. node:zlib is loaded with the first line, so that starting up does not wait for it. */
function checksumOf(content: Uint8Array): string {
  const { crc32 } = process.getBuiltinModule('node:zlib');
  return crc32(content).toString(16).padStart(CHECKSUM_LENGTH, '0');
}

function latin1(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('latin1');
}
