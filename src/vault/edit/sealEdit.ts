import type { SymmetricKey } from '../../bitwarden/crypto/keys';
import { openText } from '../../bitwarden/crypto/open';
import { uriChecksum } from '../../bitwarden/crypto/uriChecksum';
import { loginUris, sentHistory, typedObject } from '../../bitwarden/wire/cipherRequest';
import { itemTypeOf, linkedIdOf } from '../../bitwarden/wire/itemTypes';
import type { Cipher } from '../../bitwarden/wire/model';
import { field, integer, nonEmptyText, objects, type WireObject, withField } from '../../bitwarden/wire/wireObject';
import { HiddenByOrganizationError, MissingValueError, TooLongError } from '../errors';
import { contentRef, customRef, formerPasswordRef, matchNumber, notesRef, uriRef } from '../fields';
import type { Keyring } from '../keyring';
import { customFieldNumber } from './customFieldType';
import type { CustomFieldEdit, ItemEdit, UriEdit } from './itemEdit';
import type { ReceivedItem } from './receivedItem';
import { sealWithin } from './sealWithin';

/** As in official clients, which keep the latest (clients: libs/common/src/vault/services/cipher.service.ts). */
const MOST_FORMER_PASSWORDS = 5;
const HIDDEN = customFieldNumber('hidden');
const BOOLEAN = customFieldNumber('boolean');
const LINKED = customFieldNumber('linked');
/** What an organisation may hide of a login (server: CipherService.cs ValidateViewPasswordUserAsync). */
const MAY_BE_HIDDEN: ReadonlySet<string> = new Set(['password', 'totp']);

/**
 * Encrypts what a person has changed in an item: under the key of the item, else that of its organisation, else the user's.
 * A value that is typed as it was counts as unchanged. Passwords that are replaced, and hidden custom fields that are changed
 * or removed, go into the history as official clients keep it (clients: libs/common/src/vault/services/cipher.service.ts,
 * updateModelfromExistingCipher).
 *
 * @param item one that is not read-only: see whyReadOnly.
 * @param now the time in milliseconds since the epoch.
 * @returns the members of a request that become other ones; empty where nothing changes.
 * @throws TooLongError; MissingValueError; HiddenByOrganizationError for a change of what the organisation hides; LockedError; RangeError for an
 * edit that does not fit the item; the errors of decryption.
 */
export function sealEdit(item: ReceivedItem, edit: ItemEdit, keyring: Keyring, now: number): WireObject {
  return keyring.withCipherKey(item.cipher, (key) => new Sealing(item, key, now).changes(edit));
}

class Sealing {
  readonly #date: string;
  /** What goes into the history, the latest first. */
  #former: WireObject[] = [];
  readonly #cipher: Cipher;

  constructor(
    private readonly item: ReceivedItem,
    private readonly key: SymmetricKey,
    now: number,
  ) {
    this.#cipher = item.cipher;
    this.#date = new Date(now).toISOString();
  }

  changes(edit: ItemEdit): WireObject {
    const { name, notes, folderId, favorite, reprompt, content = {}, uris, fields } = edit;
    const cipher = this.#cipher;
    const changes: Record<string, unknown> = {};
    if (name !== undefined && name !== this.#open(cipher.name)) changes.name = sealWithin(name, this.key, 'itemName');
    if (notes !== undefined && notes !== this.#open(cipher.notes)) changes.notes = this.#seal(notes, notesRef);
    if (folderId !== undefined && folderId !== (cipher.folderId ?? null)) changes.folderId = folderId;
    if (favorite !== undefined && favorite !== cipher.favorite) changes.favorite = favorite;
    if (reprompt !== undefined && reprompt !== cipher.reprompt) changes.reprompt = reprompt ? 1 : 0;
    Object.assign(changes, this.#typed(content, uris));
    if (fields !== undefined) Object.assign(changes, this.#fields(fields));
    if (this.#former.length > 0) {
      const history = [...this.#former, ...sentHistory(this.item.element)];
      changes.passwordHistory = history.slice(0, MOST_FORMER_PASSWORDS);
    }
    return changes;
  }

  #typed(content: Readonly<Record<string, string>>, uris: readonly UriEdit[] | undefined): WireObject {
    const type = itemTypeOf(this.#cipher.type);
    if (type === undefined) throw new RangeError('no such type');
    const before = typedObject(this.item.element, type.name);
    let typed = before;
    for (const [name, text] of Object.entries(content)) {
      if (!type.fields.some((known) => known.name === name)) throw new RangeError('no such value');
      const current = this.#open(nonEmptyText(before, name));
      if (text === current) continue;
      if (type.name === 'login' && MAY_BE_HIDDEN.has(name)) this.#refuseHidden();
      typed = withField(typed, name, this.#seal(text, contentRef(name)));
      if (type.name !== 'login' || name !== 'password' || current === '') continue;
      this.#keepFormer(current);
      typed = withField(typed, 'passwordRevisionDate', this.#date);
    }
    if (uris !== undefined && type.name === 'login') typed = this.#withUris(typed, uris);
    if (type.name === 'sshKey') requireAll(typed, type.fields);
    return typed === before ? {} : { [type.name]: typed };
  }

  #withUris(login: WireObject, edits: readonly UriEdit[]): WireObject {
    const before = loginUris(login);
    const after = edits.flatMap(({ from, uri, match }, index): WireObject[] => {
      const entry = from === undefined ? { uri: null, uriChecksum: null, match: null } : entryAt(before, from);
      let changed: WireObject = entry;
      if (uri !== undefined && uri !== this.#open(nonEmptyText(entry, 'uri'))) {
        changed = withField(changed, 'uri', this.#seal(uri, uriRef(index)));
        const checksum = uri === '' ? null : sealWithin(uriChecksum(uri), this.key, uriRef(index));
        changed = withField(changed, 'uriChecksum', checksum);
      }
      if (match !== undefined) {
        const number = match === null ? null : matchNumber(match);
        if (number !== (integer(entry, 'match') ?? null)) changed = withField(changed, 'match', number);
      }
      // One that was empty before stays as it is; one that was emptied or left empty is none.
      const isTouched = from === undefined || changed !== entry;
      return isTouched && field(changed, 'uri') === undefined ? [] : [changed];
    });
    if (isSameList(before, after)) return login;
    return withField(login, 'uris', after.length === 0 ? null : after);
  }

  #fields(edits: readonly CustomFieldEdit[]): WireObject {
    const before = objects(this.item.element, 'fields');
    const kept = new Set(edits.map(({ from }) => from));
    const after = edits.map((edit, index) => {
      const entry = edit.from === undefined ? {} : entryAt(before, edit.from);
      const changed = this.#field(entry, edit, index);
      if (changed !== entry && isHidden(entry)) this.#refuseHidden();
      return changed;
    });
    if (before.some((entry, at) => isHidden(entry) && !kept.has(at))) this.#refuseHidden();
    if (isSameList(before, after)) return {};
    if (this.#cipher.viewPassword) this.#keepHiddenFields(before, after);
    return { fields: after };
  }

  #field(entry: WireObject, { from, type, name, value, linkedTo }: CustomFieldEdit, index: number): WireObject {
    let changed = entry;
    const set = (member: string, to: unknown) => (changed = withField(changed, member, to));
    const numberBefore = integer(entry, 'type');
    const number = type === undefined ? (numberBefore ?? 0) : customFieldNumber(type);
    if (from === undefined || (type !== undefined && number !== numberBefore)) set('type', number);
    if (from === undefined || (name !== undefined && name !== this.#open(nonEmptyText(entry, 'name')))) {
      set('name', sealWithin(name ?? '', this.key, { kind: 'customName', index }));
    }
    if (number === LINKED) {
      const linkedId = linkedTo === undefined ? undefined : linkedIdOf(this.#cipher.type, linkedTo);
      if (linkedTo !== undefined && linkedId === undefined) throw new RangeError('nothing to be linked to');
      if (linkedId !== undefined && linkedId !== integer(entry, 'linkedId')) set('linkedId', linkedId);
      if (field(entry, 'value') !== undefined) set('value', null);
      if (from === undefined) set('value', null);
      return changed;
    }
    if (field(changed, 'linkedId') !== undefined && changed !== entry) set('linkedId', null);
    const current = this.#open(nonEmptyText(entry, 'value'));
    const typed = value ?? current;
    const wanted = number === BOOLEAN && changed !== entry && typed !== 'true' ? 'false' : typed;
    if (from === undefined || wanted !== current) set('value', sealWithin(wanted, this.key, customRef(index)));
    return changed;
  }

  /** Those that have no field of their name and value any more. */
  #keepHiddenFields(before: readonly WireObject[], after: readonly WireObject[]): void {
    const open = (entry: WireObject) => ({
      name: this.#open(nonEmptyText(entry, 'name')),
      value: this.#open(nonEmptyText(entry, 'value')),
    });
    const hidden = after.filter(isHidden).map(open);
    for (const { name, value } of before.filter(isHidden).map(open)) {
      if (name === '' || value === '') continue;
      if (hidden.find((each) => each.name === name)?.value === value) continue;
      this.#keepFormer(value, `${name}: `);
    }
  }

  #keepFormer(password: string, before = ''): void {
    const seal = (text: string) => sealWithin(text, this.key, formerPasswordRef(0));
    let sealed: string;
    try {
      sealed = seal(before + password);
    } catch (error) {
      // The value alone fits, since it was one before.
      if (!(error instanceof TooLongError)) throw error;
      sealed = seal(password);
    }
    this.#former = [{ password: sealed, lastUsedDate: this.#date }, ...this.#former];
  }

  #refuseHidden(): void {
    if (!this.#cipher.viewPassword) throw new HiddenByOrganizationError('hidden by the organisation');
  }

  #open(value: string | undefined): string {
    return value === undefined ? '' : openText(value, this.key);
  }

  /** Null for an empty text: the official server takes no other word for it. */
  #seal(text: string, what: Parameters<typeof sealWithin>[2]): string | null {
    return text === '' ? null : sealWithin(text, this.key, what);
  }
}

/** Vaultwarden sends an SSH key that lacks one of its values without any of them (vaultwarden: src/db/models/cipher.rs). */
function requireAll(typed: WireObject, fields: readonly { readonly name: string }[]): void {
  const missing = fields.find(({ name }) => nonEmptyText(typed, name) === undefined);
  if (missing !== undefined) throw new MissingValueError(missing.name);
}

function isHidden(entry: WireObject): boolean {
  return integer(entry, 'type') === HIDDEN;
}

function entryAt(list: readonly WireObject[], at: number): WireObject {
  const entry = list[at];
  if (entry === undefined) throw new RangeError('no such entry');
  return entry;
}

function isSameList(before: readonly WireObject[], after: readonly WireObject[]): boolean {
  return before.length === after.length && before.every((entry, at) => entry === after[at]);
}
