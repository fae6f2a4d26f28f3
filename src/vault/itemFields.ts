import { attempt } from '../base/thrown';
import { isUtf8 } from 'node:buffer';
import { wipe } from '../base/secretBytes';
import type { Cipher } from '../bitwarden/wire/model';
import { uriChecksum } from '../bitwarden/crypto/uriChecksum';
import { HiddenByOrganizationError, NotReadableError, RepromptRequiredError } from './errors';
import {
  type Field,
  type FieldRef,
  type FieldState,
  formerPasswords,
  refKey,
  type StoredField,
  storedFields,
  storedUris,
  identifiesItem,
} from './fields';
import type { Keyring } from './keyring';
import { MasterPasswordProof } from './masterPasswordProof';
import { type OpenCipher, withOpenCipher } from './openCipher';
import { looksLikeAddress, webAddress } from './webAddress';

function fieldsOf({ cipher, needsChecksums }: OpenCipher): StoredField[] {
  return storedFields(cipher, needsChecksums);
}

/** The fields of an item as they are listed, without their values. Empty if no key opens the item. */
export function listFields(cipher: Cipher, keyring: Keyring): readonly Field[] {
  const list = (opened: OpenCipher) =>
    fieldsOf(opened).flatMap((stored): Field[] => {
      const state = stateOf(stored, opened);
      if (!isListed(stored, state)) return [];
      const { ref, linkedTo, customName, match, isBoolean } = stored;
      const name = customName === undefined ? '' : attempt(() => opened.text(customName));
      const address =
        state === 'there' && ref.kind === 'uri' ? attempt(() => decryptStored(stored, opened)) : undefined;
      const asks = cipher.reprompt && !identifiesItem(ref);
      const masked = stored.masked || asks || (address !== undefined && isMaskedAddress(address));
      const opens = address !== undefined && isLaunchable(stored, address);
      return [{ ref, customName: name, masked, state, opens, match, isBoolean, linkedTo }];
    });
  return attempt(() => withOpenCipher(cipher, keyring, list)) ?? [];
}

/** Whether anything is listed of an item. False if no key opens it. */
export function hasFields(cipher: Cipher, keyring: Keyring): boolean {
  const isThere = (opened: OpenCipher) => fieldsOf(opened).some((stored) => isListed(stored, stateOf(stored, opened)));
  return attempt(() => withOpenCipher(cipher, keyring, isThere)) ?? false;
}

/** A kind of value that one may want of an item. */
export interface Wanted {
  readonly fits: (ref: FieldRef) => boolean;
  /** Only an address that a browser may be sent to. */
  readonly opens?: boolean;
}

/**
 * Those of the wanted kinds of which the item has a value that can be read, in the order in which they were given; none
 * if no key opens the item. Decrypts no more than it has to.
 */
export function thoseThere<W extends Wanted>(cipher: Cipher, keyring: Keyring, wanted: readonly W[]): readonly W[] {
  const found = new Set<W>();
  const look = (opened: OpenCipher) => {
    for (const stored of fieldsOf(opened)) {
      const fitting = wanted.filter((each) => !found.has(each) && each.fits(stored.ref));
      if (fitting.length === 0 || stateOf(stored, opened) !== 'there') continue;
      for (const each of fitting) {
        if (each.opens !== true || isLaunchable(stored, attempt(() => decryptStored(stored, opened)) ?? ''))
          found.add(each);
      }
    }
  };
  attempt(() => withOpenCipher(cipher, keyring, look));
  return wanted.filter((each) => found.has(each));
}

/**
 * The value as it is stored, which for one-time codes is the secret that they are computed from. An empty text if there
 * is none.
 *
 * @throws LockedError after a lock; HiddenByOrganizationError if the organisation hides the value from this user;
 * RepromptRequiredError for a value of an item with reprompt that does not identify it, unless a proof is given;
 * NotReadableError if the item has no such value, or if an address does not fit its checksum; and the errors of decryption.
 */
export function readStored(cipher: Cipher, keyring: Keyring, ref: FieldRef, proof?: MasterPasswordProof): string {
  const wanted = refKey(ref);
  return withOpenCipher(cipher, keyring, (opened) => {
    const all = [...fieldsOf(opened), ...formerPasswords(opened.cipher)];
    const stored = all.find((each) => refKey(each.ref) === wanted);
    if (stored === undefined) throw new NotReadableError('no such value');
    if (stored.withheld) throw new HiddenByOrganizationError('hidden by the organisation');
    const asks = cipher.reprompt && !MasterPasswordProof.isFor(keyring, proof);
    if (asks && (stored.masked || !identifiesItem(ref))) throw new RepromptRequiredError('reprompt');
    const text = decryptStored(stored, opened);
    if (asks && ref.kind === 'uri' && isMaskedAddress(text)) throw new RepromptRequiredError('reprompt');
    return text;
  });
}

/** A server may have moved a secret into the place of an address, so a text that is no address is masked. */
function isMaskedAddress(text: string): boolean {
  return text !== '' && !looksLikeAddress(text);
}

/**
 * Whether a browser may be sent there. A regular expression never is one, as in other clients (clients:
 * libs/common/src/vault/models/view/login-uri.view.ts).
 */
function isLaunchable({ ref, match }: StoredField, address: string): boolean {
  return ref.kind === 'uri' && match !== 'regularExpression' && webAddress(address) !== undefined;
}

/** The addresses of an item that can be read, decrypted. Those with a checksum that does not fit are left out. */
export function readUris(opened: Pick<OpenCipher, 'cipher' | 'needsChecksums' | 'text'>): readonly string[] {
  return storedUris(opened.cipher, opened.needsChecksums)
    .flatMap((each) => attempt(() => decryptStored(each, opened)) ?? [])
    .filter((uri) => uri !== '');
}

/** Empty values are not listed, as in official clients. Custom fields are, since the user has given them a name. */
function isListed({ ref }: StoredField, state: FieldState): boolean {
  return state !== 'empty' || ref.kind === 'custom';
}

/** The state of a value. Clients encrypt empty texts as well, so it is decrypted to bytes, which are wiped at once. */
export function stateOf(stored: StoredField, opened: OpenCipher): FieldState {
  if (stored.isLink) return 'linked';
  const { value, withheld } = stored;
  if (value === undefined) return 'empty';
  try {
    if (isEmpty(value, opened)) return 'empty';
    if (withheld) return 'withheld';
    if (stored.checksum !== undefined) decryptStored(stored, opened);
    return 'there';
  } catch {
    return withheld ? 'withheld' : 'unreadable';
  }
}

/** @throws as openText. */
function isEmpty(value: string, opened: OpenCipher): boolean {
  const bytes = opened.bytes(value);
  try {
    if (!isUtf8(bytes)) throw new NotReadableError('not UTF-8');
    return bytes.length === 0;
  } finally {
    wipe(bytes);
  }
}

function decryptStored({ value, checksum }: StoredField, opened: Pick<OpenCipher, 'text'>): string {
  if (value === undefined) return '';
  const text = opened.text(value);
  if (checksum !== undefined && !checksumFits(checksum, text, opened)) {
    throw new NotReadableError('the address does not fit its checksum');
  }
  return text;
}

/**
 * Whether the checksum fits the address. Official clients drop addresses that do not fit: without the check a server
 * could exchange them (sdk: cipher.rs, login.rs). A missing checksum is an empty text here, which fits no address.
 */
function checksumFits(checksum: string, uri: string, opened: Pick<OpenCipher, 'text'>): boolean {
  return attempt(() => opened.text(checksum)) === uriChecksum(uri);
}
