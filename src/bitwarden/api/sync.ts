import { MalformedAnswerError } from '../errors';
import { TimeSlices } from '../timeSlices';
import { cipherFrom } from './ciphers';
import type { HttpClient } from './http';
import { jsonSlices, textOf } from './jsonSlices';
import { masterPasswordUnlockFrom } from './masterPasswordUnlock';
import type { Cipher, Collection, EncryptedVault, Folder, Policy } from './model';
import { profileFrom } from './profile';
import { asObject, flag, identifier, integer, object, required, text, type WireObject } from './reader';
import type { ServerUrls } from './servers';

/**
 * The whole vault as the server sends it, to be stored as it is and read by {@link parseSync}. There is no partial
 * sync; `accounts/revision-date` tells whether one is needed (server: src/Api/Vault/Controllers/SyncController.cs).
 *
 * @returns UTF-8 that begins like a JSON object; not looked into any further.
 * @throws what HttpClient.send throws, and MalformedAnswerError.
 */
export async function fetchSync(
  http: HttpClient,
  urls: ServerUrls,
  token: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const url = `${urls.api}/sync?excludeDomains=true`;
  const body = await http.send({ method: 'GET', url, token, large: true, signal });
  const start = body
    .subarray(0, 64)
    .toString()
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (!start.startsWith('{')) throw new MalformedAnswerError(new URL(url).host, 'JSON object');
  return body;
}

/** Items, folders and so on together: fifty times a large vault, and less than the editor's memory holds. */
const MOST_ELEMENTS = 500_000;

/**
 * Reads the answer of {@link fetchSync}, a few milliseconds at a time. What it does not know it leaves out or marks
 * as unsupported; a broken item, folder or collection does not spoil the others.
 *
 * @param host for error messages.
 * @throws MalformedAnswerError for cut-off or malformed JSON and for a vault without a profile, KdfOutOfBoundsError
 * for an unknown KDF.
 */
export async function parseSync(
  raw: Uint8Array,
  host: string,
  slices: TimeSlices = new TimeSlices(),
): Promise<EncryptedVault> {
  const folders: Folder[] = [];
  const collections: Collection[] = [];
  const ciphers: Cipher[] = [];
  const policies: Policy[] = [];
  const single = new Map<string, WireObject>();
  const readers = new Map<string, (element: WireObject) => void>([
    ['folders', (element) => keep(folders, folderFrom(element))],
    ['collections', (element) => keep(collections, collectionFrom(element))],
    ['ciphers', (element) => keep(ciphers, cipherFrom(element))],
    ['policies', (element) => keep(policies, policyFrom(element))],
  ]);

  let elements = 0;
  try {
    for (const { key, isElement, start, end } of jsonSlices(raw)) {
      await slices.next();
      const name = key.charAt(0).toLowerCase() + key.slice(1);
      const read = isElement ? readers.get(name) : undefined;
      if (read || name === 'profile' || name === 'userDecryption') {
        const value = asObject(JSON.parse(textOf(raw, start, end)));
        if (read && ++elements > MOST_ELEMENTS)
          throw new MalformedAnswerError(host, `at most ${MOST_ELEMENTS} elements`);
        if (value && read) read(value);
        else if (value) single.set(name, value);
      }
    }
  } catch (error) {
    // Without the cause: the parser's message quotes the text.
    if (error instanceof SyntaxError) throw new MalformedAnswerError(host, 'JSON');
    throw error;
  }

  const profile = profileFrom(required(single.get('profile'), host, 'profile'), host);
  const masterPasswordUnlock = masterPasswordUnlockFrom(single.get('userDecryption'), profile.email, host);
  return { profile, folders, collections, ciphers, policies, masterPasswordUnlock };
}

function keep<T>(into: T[], value: T | undefined): void {
  if (value !== undefined) into.push(value);
}

function folderFrom(from: WireObject): Folder | undefined {
  const id = identifier(from, 'id');
  const name = text(from, 'name');
  return id === undefined || name === undefined ? undefined : { id, name };
}

function collectionFrom(from: WireObject): Collection | undefined {
  const id = identifier(from, 'id');
  const organizationId = identifier(from, 'organizationId');
  const name = text(from, 'name');
  return id === undefined || organizationId === undefined || name === undefined
    ? undefined
    : { id, organizationId, name };
}

function policyFrom(from: WireObject): Policy | undefined {
  const id = identifier(from, 'id');
  const organizationId = identifier(from, 'organizationId');
  const type = integer(from, 'type');
  if (id === undefined || organizationId === undefined || type === undefined) return undefined;
  return { id, organizationId, type, enabled: flag(from, 'enabled') === true, data: object(from, 'data') ?? {} };
}
