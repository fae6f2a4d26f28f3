import { readCipher } from '../bitwarden/wire/ciphers';
import { masterPasswordUnlockFrom, upgradeTokenFrom } from '../bitwarden/wire/masterPasswordUnlock';
import type { Cipher, Collection, Folder, MasterPasswordUnlock, Policy, Profile } from '../bitwarden/wire/model';
import { readProfile } from '../bitwarden/wire/profile';
import { required } from '../bitwarden/wire/wireObject';
import type { UpgradeToken } from '../bitwarden/crypto/upgradeToken';
import { MalformedAnswerError } from '../bitwarden/errors';
import {
  idOfElement,
  readCollection,
  readFolder,
  readPolicy,
  readSmall,
  readSyncAnswer,
  type SyncPiece,
} from '../bitwarden/wire/syncAnswer';
import { TimeSlices } from '../base/timeSlices';

const CIPHERS = 'ciphers/';

/**
 * Every element and member of a vault as the server sent it: JSON in UTF-8, by the keys that {@link elementKeys} gives.
 */
export type RawElements = Map<string, Uint8Array>;

/** A change of one element or member: what is under the key from now on. Undefined: nothing, it is gone. */
export interface RawChange {
  readonly key: string;
  readonly json: Uint8Array | undefined;
}

/**
 * Names the pieces of one answer: `profile`, `ciphers/<id>`, and `sends/#3` for the third of a list without an id that may
 * be used.
 *
 * @param host for error messages.
 * @returns a function that gives the key of a piece. It has to be called with each of them, in their order, and throws
 * MalformedAnswerError for one that is no JSON.
 */
export function elementKeys(host: string): (piece: SyncPiece) => string {
  const unnamed = new Map<string, number>();
  return ({ name, isElement, bytes }) => {
    const id = idOf(bytes, host);
    if (!isElement) return name;
    if (id !== undefined) return `${name}/${id}`;
    const count = (unnamed.get(name) ?? 0) + 1;
    unnamed.set(name, count);
    return `${name}/#${count}`;
  };
}

function idOf(bytes: Uint8Array, host: string): string | undefined {
  try {
    return idOfElement(bytes);
  } catch {
    throw new MalformedAnswerError(host, 'JSON');
  }
}

/**
 * The vault as the server sends it, still encrypted. Items stay in JSON until they are asked for: there are many, each is
 * asked for seldom, and what we do not know of an item is kept with it.
 */
export class EncryptedVault {
  private constructor(
    readonly elements: Map<string, Uint8Array>,
    private readonly host: string,
    readonly profile: Profile,
    readonly folders: readonly Folder[],
    readonly collections: readonly Collection[],
    readonly policies: readonly Policy[],
    /**
     * Null: the account has no master password. Undefined: the server is too old to say; fall back to profile.key and the
     * KDF of the token answer.
     */
    readonly masterPasswordUnlock: MasterPasswordUnlock | null | undefined,
    /** Leads from the V1 user key to the V2 one, while the server keeps it. */
    readonly upgradeToken: UpgradeToken | undefined,
  ) {}

  /**
   * Reads what is small, in slices of a few milliseconds. A broken folder, collection or policy does not spoil the others.
   *
   * @param elements taken over; the caller must not change them any more.
   * @param host for error messages.
   * @throws as readAccount.
   */
  static async of(elements: Map<string, Uint8Array>, host: string, slices = new TimeSlices()): Promise<EncryptedVault> {
    const { profile, masterPasswordUnlock, upgradeToken } = readAccount((name) => elements.get(name), host);
    const folders: Folder[] = [];
    const collections: Collection[] = [];
    const policies: Policy[] = [];
    const policiesNew: Policy[] = [];
    let hasPoliciesNew = isList(elements.get('policiesNew'));
    const readers = new Map<string, (bytes: Uint8Array) => void>([
      ['folders', (bytes) => keep(folders, readFolder(bytes))],
      ['collections', (bytes) => keep(collections, readCollection(bytes))],
      ['policies', (bytes) => keep(policies, readPolicy(bytes))],
      [
        'policiesNew',
        (bytes) => {
          hasPoliciesNew = true;
          keep(policiesNew, readPolicy(bytes));
        },
      ],
    ]);
    for (const [key, bytes] of elements) {
      if (key.startsWith(CIPHERS)) continue;
      await slices.next();
      const end = key.indexOf('/');
      if (end > 0) attempt(() => readers.get(key.slice(0, end))?.(bytes));
    }
    return new EncryptedVault(
      elements,
      host,
      profile,
      folders,
      collections,
      // Those of organisations that the user has accepted and that have not confirmed them yet are among the new ones
      // (server: SyncResponseModel.cs).
      hasPoliciesNew ? policiesNew : policies,
      masterPasswordUnlock,
      upgradeToken,
    );
  }

  /** A copy of this vault with some changes made in it; this one stays as it is. @throws as readAccount. */
  copyWith(changes: readonly RawChange[], slices = new TimeSlices()): Promise<EncryptedVault> {
    const elements = new Map(this.elements);
    applyTo(elements, changes);
    return EncryptedVault.of(elements, this.host, slices);
  }

  /** Makes changes in this vault. @param changes of items alone: folders and the like are read once, in `of`. */
  change(changes: readonly RawChange[]): void {
    applyTo(this.elements, changes);
  }

  /**
   * Parses items, each when it is asked for; what is no item is left out.
   *
   * @param keys of elements, by default of all.
   */
  *ciphers(keys: Iterable<string> = this.elements.keys()): Generator<Cipher, void> {
    for (const key of keys) {
      const cipher = cipherOf({ key, json: this.elements.get(key) });
      if (cipher !== undefined) yield cipher;
    }
  }

  /** Parses one item. Undefined where there is none of this id. */
  cipher(id: string): Cipher | undefined {
    const key = keyOfCipher(id);
    return cipherOf({ key, json: this.elements.get(key) });
  }
}

function applyTo(elements: Map<string, Uint8Array>, changes: readonly RawChange[]): void {
  for (const { key, json } of changes) {
    if (json === undefined) elements.delete(key);
    else elements.set(key, json);
  }
}

/** The key of the item with this id. */
export function keyOfCipher(id: string): string {
  return CIPHERS + id;
}

/** The key of the folder with this id. */
export function keyOfFolder(id: string): string {
  return `folders/${id}`;
}

/** The id in the key of an item; undefined for the keys of everything else. */
export function idOfCipher(key: string): string | undefined {
  return key.startsWith(CIPHERS) ? key.slice(CIPHERS.length) : undefined;
}

/**
 * Parses an item. Undefined for a key or JSON of something else, and where the JSON has another id than the key, as in a
 * file that was tampered with.
 */
export function cipherOf({ key, json }: RawChange): Cipher | undefined {
  const id = idOfCipher(key);
  const cipher = id === undefined || json === undefined ? undefined : attempt(() => readCipher(json));
  return cipher?.id === id ? cipher : undefined;
}

/** Whether a key is that of an element of a list, and not that of a member such as the profile. */
export function isOfElement(key: string): boolean {
  return key.includes('/');
}

/**
 * Takes a whole answer of `sync` apart. Of several elements of one id the first counts.
 *
 * @param answer UTF-8, JSON. What is returned holds views of it.
 * @param host for error messages.
 * @throws as readSyncAnswer and elementKeys.
 */
export async function rawElements(
  answer: Uint8Array,
  host: string,
  slices: TimeSlices,
): Promise<Map<string, Uint8Array>> {
  const elements = new Map<string, Uint8Array>();
  const keyOf = elementKeys(host);
  for await (const piece of readSyncAnswer([answer], host, slices)) {
    const key = keyOf(piece);
    if (!elements.has(key)) elements.set(key, piece.bytes);
  }
  return elements;
}

/** Whose vault it is, and what opens it. */
export interface VaultAccount {
  readonly profile: Profile;
  /** See EncryptedVault. */
  readonly masterPasswordUnlock: MasterPasswordUnlock | null | undefined;
  readonly upgradeToken: UpgradeToken | undefined;
}

/** The members of a vault that say whose it is, and what opens it. */
const membersOfAccount = ['profile', 'userDecryption'] as const;
/** The key of one of these members. */
export type MemberOfAccount = (typeof membersOfAccount)[number];

/** Whether a key is that of one of these members. */
export function isMemberOfAccount(key: string): key is MemberOfAccount {
  return membersOfAccount.some((name) => name === key);
}

/**
 * Reads whose vault it is, and what opens it.
 *
 * @param member gives these members as JSON in UTF-8; undefined for one that the server does not send.
 * @param host for error messages.
 * @throws MalformedAnswerError for a vault without a profile, and one that is malformed; KdfOutOfBoundsError for an
 * unknown KDF.
 */
export function readAccount(member: (name: MemberOfAccount) => Uint8Array | undefined, host: string): VaultAccount {
  const profile = readProfile(required(member('profile'), host, 'profile'), host);
  const bytes = member('userDecryption');
  const userDecryption = bytes && attempt(() => readSmall(bytes));
  return {
    profile,
    masterPasswordUnlock: masterPasswordUnlockFrom(userDecryption, profile.email, host),
    upgradeToken: upgradeTokenFrom(userDecryption),
  };
}

const OPEN_ARRAY = 0x5b;

function isList(bytes: Uint8Array | undefined): boolean {
  return bytes?.[0] === OPEN_ARRAY;
}

function keep<T>(into: T[], value: T | undefined): void {
  if (value !== undefined) into.push(value);
}

/** Undefined where what should be JSON is none, as in a file that was spoiled. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
