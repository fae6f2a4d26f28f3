import { isDeepStrictEqual } from 'node:util';
import { asObject, object, type WireObject, withField } from '../../bitwarden/wire/wireObject';
import { itemElement, parseExactly } from '../../bitwarden/wire/boundedJson';
import { readCipher } from '../../bitwarden/wire/ciphers';
import { itemTypeOf, nameOfType } from '../../bitwarden/wire/itemTypes';
import type { Cipher } from '../../bitwarden/wire/model';
import { attempt } from '../../base/thrown';
import { formerPasswords, type StoredField, storedFields } from '../fields';
import { stateOf } from '../itemFields';
import type { Keyring } from '../keyring';
import { withOpenCipher } from '../openCipher';
import type { ReadOnlyReason } from './readOnly';

/** An item as the server sent it, with everything that we do not know, and what we know of it. */
export interface ReceivedItem {
  readonly element: WireObject;
  readonly cipher: Cipher;
}

/** @param json UTF-8. @returns undefined for what is no item, and for one that is larger than any of ordinary size. */
export function receivedItem(json: Uint8Array): ReceivedItem | undefined {
  return attempt(() => {
    const element = asObject(parseExactly(json, itemElement));
    const cipher = readCipher(json);
    return element && cipher && { element, cipher };
  });
}

/** Undefined: it can be changed. Values that the organisation hides can not: see sealEdit. @throws LockedError */
export function whyReadOnly({ element, cipher }: ReceivedItem, keyring: Keyring): ReadOnlyReason | undefined {
  keyring.assertOpen();
  if (cipher.deletedDate !== undefined) return 'trashed';
  if (!cipher.mayEdit) return 'notAllowed';
  if (cipher.blob !== undefined) return 'sealed';
  const typed = nameOfType(cipher.type);
  if (cipher.unsupported || typed === undefined || cipher.name === undefined) return 'unknown';
  // An item of which the server sends the content in `data` alone may be stored in a way that we do not know, and what
  // stands there alone would be lost: `data` is not sent.
  if (typed !== 'secureNote' && object(element, typed) === undefined) return 'unknown';
  const sent = readCipher(Buffer.from(JSON.stringify(withField(element, 'data', null))));
  if (!isDeepStrictEqual(sent, cipher)) return 'unknown';
  return allOpens(cipher, keyring) ? undefined : 'unreadable';
}

function allOpens(cipher: Cipher, keyring: Keyring): boolean {
  const opens = attempt(() =>
    withOpenCipher(cipher, keyring, (opened) => {
      const known = itemTypeOf(cipher.type)?.fields ?? [];
      // What we do not know stays as it is, whatever it may be.
      const isKnown = ({ ref }: StoredField) => ref.kind !== 'content' || known.some(({ name }) => name === ref.name);
      const stored = [...storedFields(cipher, opened.needsChecksums).filter(isKnown), ...formerPasswords(cipher)];
      if (stored.some((each) => stateOf(each, opened) === 'unreadable')) return false;
      const names = [cipher.name, ...cipher.fields.map(({ name }) => name)];
      return names.every((name) => name === undefined || attempt(() => opened.text(name)) !== undefined);
    }),
  );
  return opens === true;
}
