import { attempt } from '../base/thrown';
import type { Cipher } from '../bitwarden/wire/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { type Field, formerPasswords } from './fields';
import { stateOf } from './itemFields';
import type { Keyring } from './keyring';
import { withOpenCipher } from './openCipher';

/** What there is to know of an item beside its fields. Times are in milliseconds since the epoch. */
export interface ItemDetails {
  readonly created: number | undefined;
  readonly edited: number | undefined;
  /** When the password became what it is. Undefined: it was never another one. */
  readonly passwordChanged: number | undefined;
  readonly passkeys: readonly PasskeyDetails[];
  readonly attachments: readonly AttachmentDetails[];
  readonly formerPasswords: readonly FormerPasswordDetails[];
}

/** Names are undefined where there is none, or none that can be decrypted. */
export interface PasskeyDetails {
  readonly site: string | undefined;
  readonly user: string | undefined;
  readonly created: number | undefined;
}

export interface AttachmentDetails {
  readonly id: string;
  readonly name: string | undefined;
  /** In bytes, encrypted: a few more than the file has. */
  readonly size: number | undefined;
}

export interface FormerPasswordDetails {
  readonly field: Field;
  /** When it was replaced. */
  readonly until: number | undefined;
}

const notNamed = { customName: undefined, opens: false, match: undefined, isBoolean: false, linkedTo: undefined };

/**
 * Decrypts names of files, of sites and of users; no password.
 *
 * @returns undefined if no key opens the item.
 * @throws LockedError
 */
export function itemDetails(cipher: Cipher, keyring: Keyring): ItemDetails | undefined {
  keyring.assertOpen();
  return attempt(() =>
    withOpenCipher(cipher, keyring, (opened): ItemDetails => {
      const { login, attachments, passwordHistory, creationDate, revisionDate } = opened.cipher;
      // Nothing is decrypted of an item that is not supported: it may be one with endless lists.
      const known = <T>(list: readonly T[]) => (opened.cipher.unsupported ? [] : list);
      const name = (value: EncStringText | undefined) => value && attempt(() => opened.text(value));
      return {
        created: timeOf(creationDate),
        edited: timeOf(revisionDate),
        passwordChanged: timeOf(login?.passwordRevisionDate),
        passkeys: known(login?.passkeys ?? []).map(({ rpId, userName, creationDate: created }) => ({
          site: name(rpId),
          user: name(userName),
          created: timeOf(created),
        })),
        attachments: known(attachments).map(({ id, fileName, size }) => ({
          id,
          name: fileName && attempt(() => opened.fileName(fileName)),
          size,
        })),
        formerPasswords: formerPasswords(opened.cipher).map((stored, index) => ({
          field: { ...notNamed, ref: stored.ref, masked: stored.masked, state: stateOf(stored, opened) },
          until: timeOf(passwordHistory[index]?.lastUsedDate),
        })),
      };
    }),
  );
}

/** @param date ISO 8601. */
function timeOf(date: string | undefined): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}
