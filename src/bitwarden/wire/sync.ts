import { MalformedAnswerError } from '../errors';
import { TimeSlices } from '../../base/timeSlices';
import { smallElement } from './boundedJson';
import { readCipher } from './ciphers';
import { jsonSlices, textOf } from './jsonSlices';
import { masterPasswordUnlockFrom, upgradeTokenFrom } from './masterPasswordUnlock';
import type { Cipher, Collection, EncryptedVault, Folder, Policy, Profile } from './model';
import { readProfile } from './profile';
import { asObject, flag, identifier, integer, object, required, text, type WireObject } from './reader';

const OPEN_ARRAY = 0x5b;

/** Items, folders and so on together: fifty times a large vault, and less than the editor's memory holds. */
const MOST_ELEMENTS = 500_000;

/**
 * Reads the whole vault as a server sends it, a few milliseconds at a time. What it does not know it leaves out or marks
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
  // Those of organisations that the user has accepted and that have not confirmed them yet are among these (server:
  // SyncResponseModel.cs).
  let policiesNew: Policy[] | undefined;
  let profile: Profile | undefined;
  let userDecryption: WireObject | undefined;
  const readers = new Map<string, (bytes: Uint8Array, tokens: number) => void>([
    ['folders[]', (...slice) => keep(folders, folderFrom(small(...slice) ?? {}))],
    ['collections[]', (...slice) => keep(collections, collectionFrom(small(...slice) ?? {}))],
    ['ciphers[]', (...slice) => keep(ciphers, readCipher(...slice))],
    ['policies[]', (...slice) => keep(policies, policyFrom(small(...slice) ?? {}))],
    ['policiesNew', (bytes) => (policiesNew = bytes[0] === OPEN_ARRAY ? [] : undefined)],
    ['policiesNew[]', (...slice) => keep((policiesNew ??= []), policyFrom(small(...slice) ?? {}))],
    ['profile', (bytes) => (profile = readProfile(bytes, host))],
    ['userDecryption', (...slice) => (userDecryption = small(...slice))],
  ]);

  let elements = 0;
  try {
    for (const { key, isElement, start, end, tokens } of jsonSlices(raw)) {
      await slices.next();
      if (++elements > MOST_ELEMENTS) throw new MalformedAnswerError(host, `at most ${MOST_ELEMENTS} elements`);
      const name = `${key.charAt(0).toLowerCase()}${key.slice(1)}${isElement ? '[]' : ''}`;
      readers.get(name)?.(raw.subarray(start, end), tokens);
    }
  } catch (error) {
    // Without the cause: the parser's message quotes the text.
    if (error instanceof SyntaxError) throw new MalformedAnswerError(host, 'JSON');
    throw error;
  }

  const owner: Profile = required(profile, host, 'profile');
  const masterPasswordUnlock = masterPasswordUnlockFrom(userDecryption, owner.email, host);
  return {
    profile: owner,
    folders,
    collections,
    ciphers,
    policies: policiesNew ?? policies,
    masterPasswordUnlock,
    upgradeToken: upgradeTokenFrom(userDecryption),
  };
}

/** Undefined for what is no object, or larger than any folder, collection or policy. @throws SyntaxError */
function small(bytes: Uint8Array, tokens: number): WireObject | undefined {
  const fits = bytes.length <= smallElement.bytes && tokens <= smallElement.tokens;
  return fits ? asObject(JSON.parse(textOf(bytes, 0, bytes.length))) : undefined;
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
