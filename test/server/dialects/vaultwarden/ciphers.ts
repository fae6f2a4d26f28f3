import { isObject, Refusal, text, type JsonObject, type Reply } from '../../http';
import { itemType, itemTypes } from '../../itemTypes';
import type { Account, StoredCipher } from '../../model';
import type { Caller, CipherDialect, CipherShape, Content, Links, ManyAct } from '../dialect';
import { cipherCore, withDates } from '../shared';
import { attachments } from './attachments';
import { date } from './date';
import { handled } from './refusals';

const NEWEST_TYPE = 5;
const LONGEST_NOTES = 10_000;
const PERSONAL_OWNERSHIP = 5;
const POLICY = 'Due to an Enterprise Policy, you are restricted from saving items to your personal vault.';
const NO_COLLECTION = 'You must select at least one collection.';
const UNKNOWN_COLLECTION = 'Invalid collection ID provided';
const READ_ONLY_COLLECTION = 'No rights to modify the collection';

const mayWrite = ({ organizationId, edit }: StoredCipher) => organizationId === null || edit;

/** Writes dates within the content in Vaultwarden's form, whatever was sent. */
function dated(value: unknown): unknown {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? value : new Date(time).toISOString().replace(/Z$/, '000Z');
}

const NO_TYPED = Object.fromEntries(itemTypes.map(({ name }) => [name, null]));

function answer(account: Account, cipher: StoredCipher, _shape: CipherShape, { urls, ticket }: Links): JsonObject {
  const { login } = cipher.type === 1 ? { login: cipher.typed } : { login: null };
  const uris = Array.isArray(login?.uris) ? (login.uris as JsonObject[]) : [];
  const typed =
    login === null
      ? cipher.typed
      : { ...login, passwordRevisionDate: dated(login.passwordRevisionDate), uri: uris[0]?.uri ?? null };
  const write = mayWrite(cipher);
  const type = itemType(cipher.type);
  return {
    ...withDates(cipherCore(account, cipher), date),
    ...NO_TYPED,
    ...(type ? { [type.name]: typed } : {}),
    fields: cipher.fields ?? [],
    passwordHistory: (cipher.passwordHistory ?? []).map((entry) => ({
      ...entry,
      lastUsedDate: dated(entry.lastUsedDate),
    })),
    attachments:
      cipher.attachments.length === 0
        ? null
        : cipher.attachments.map((each) => attachments.answer(cipher.id, each, { urls, ticket }, false)),
    edit: write,
    permissions: { delete: write, restore: write },
    organizationUseTotp: true,
    object: 'cipherDetails',
  };
}

/** Removes what JavaScript clients send by mistake. The rest is stored as it was sent. */
function withoutResponse(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== 'response'));
}

function listWithoutResponse(list: unknown): JsonObject[] | null {
  return Array.isArray(list) && list.length > 0 ? list.filter(isObject).map(withoutResponse) : null;
}

function content(request: JsonObject, stored: StoredCipher | undefined): Content {
  const type = Number(request.type);
  const sent = request[itemType(type)?.name ?? ''];
  const typed = isObject(sent) ? withoutResponse(sent) : null;
  if (typed && Array.isArray(typed.uris)) typed.uris = listWithoutResponse(typed.uris);
  return {
    type,
    key: text(request.key),
    name: text(request.name),
    notes: text(request.notes),
    typed,
    fields: listWithoutResponse(request.fields),
    passwordHistory: listWithoutResponse(request.passwordHistory),
    blob: null,
    favorite: typeof request.favorite === 'boolean' ? request.favorite : stored?.favorite === true,
    archivedDate: text(request.archivedDate) ?? stored?.archivedDate ?? null,
  };
}

/** vaultwarden: src/api/core/ciphers.rs update_cipher_from_data */
function checkContent({ account }: Caller, request: JsonObject, stored: StoredCipher | undefined): Reply | undefined {
  const organizationId = text(request.organizationId);
  const restricted = account.policies.some(({ type, enabled }) => type === PERSONAL_OWNERSHIP && enabled);
  if (organizationId === null && restricted) return handled(POLICY);
  const known = text(request.lastKnownRevisionDate);
  if (stored && known !== null && Date.parse(stored.revisionDate) - Date.parse(known) > 1000) {
    return handled('The client copy of this cipher is out of date. Resync the client and try again.');
  }
  if (stored && stored.organizationId !== null && stored.organizationId !== organizationId) {
    return handled('Organization mismatch. Please resync the client before updating the cipher');
  }
  if ((text(request.notes) ?? '').length > LONGEST_NOTES) {
    return handled(`The field Notes exceeds the maximum encrypted value length of ${LONGEST_NOTES} characters.`);
  }
  if (organizationId !== null && !account.organizations.some(({ id }) => id === organizationId)) {
    return handled("You don't have permission to add item to organization");
  }
  const folderId = text(request.folderId);
  if (folderId !== null && !account.folders.some(({ id }) => id === folderId)) return handled('Invalid folder');
  const type = Number(request.type);
  const typed = itemType(type);
  if (!typed || type > NEWEST_TYPE) return handled('Invalid type');
  return isObject(request[typed.name]) ? undefined : handled('Data missing');
}

function checkCollectionIds(account: Account, organizationId: string | null, ids: readonly string[]) {
  for (const id of ids) {
    const found = account.collections.find((each) => each.id === id && each.organizationId === organizationId);
    if (!found) return handled(UNKNOWN_COLLECTION);
    if (found.readOnly) return handled(READ_ONLY_COLLECTION);
  }
  return undefined;
}

function checkCreate(caller: Caller, request: JsonObject, collectionIds: readonly string[] | undefined) {
  const organizationId = text(request.organizationId);
  if (organizationId !== null && collectionIds?.length === 0) return handled(NO_COLLECTION);
  return (
    checkCollectionIds(caller.account, organizationId, organizationId === null ? [] : (collectionIds ?? [])) ??
    checkContent(caller, request, undefined)
  );
}

function checkShare(
  caller: Caller,
  request: JsonObject,
  collectionIds: readonly string[],
  stored: StoredCipher | undefined,
): Reply | undefined {
  if (!stored) return handled("Cipher doesn't exist");
  if (!mayWrite(stored)) return handled('Cipher is not write accessible');
  return (
    checkCollectionIds(caller.account, text(request.organizationId), collectionIds) ??
    checkContent(caller, request, stored)
  );
}

function checkShareMany(caller: Caller, requests: readonly JsonObject[], collectionIds: readonly string[]) {
  if (requests.length === 0) return handled('You must select at least one cipher.');
  if (collectionIds.length === 0) return handled(NO_COLLECTION);
  if (requests.some(({ id }) => text(id) === null)) return handled('Request missing ids field');
  for (const request of requests) {
    const stored = caller.account.ciphers.find(({ id }) => id === request.id);
    const refusal = checkShare(caller, request, collectionIds, stored);
    if (refusal) return refusal;
  }
  return undefined;
}

/** The user must be allowed to write to every collection that is added or removed. */
function checkCollections({ account }: Caller, ids: readonly string[], stored: StoredCipher): Reply | undefined {
  if (!mayWrite(stored)) return handled('Cipher is not write accessible');
  const changed = [
    ...ids.filter((id) => !stored.collectionIds.includes(id)),
    ...stored.collectionIds.filter((id) => !ids.includes(id)),
  ];
  return checkCollectionIds(account, stored.organizationId, changed);
}

const REFUSED: Readonly<Partial<Record<ManyAct, string>>> = {
  trash: "Cipher can't be deleted by user",
  delete: "Cipher can't be deleted by user",
  restore: "Cipher can't be restored by user",
};

/** Items are changed one after the other. If one must not be changed, those before it stay changed. */
function* choose(act: ManyAct, account: Account, ids: readonly string[]): Generator<StoredCipher, void> {
  for (const id of ids) {
    const cipher = account.ciphers.find((each) => each.id === id);
    if (!cipher) throw new Refusal(handled("Cipher doesn't exist"));
    const message = REFUSED[act];
    if (message !== undefined && !mayWrite(cipher)) throw new Refusal(handled(message));
    yield cipher;
  }
}

const refusedBy = (act: ManyAct) => (_account: Account, stored: StoredCipher) =>
  mayWrite(stored) ? undefined : handled(REFUSED[act] ?? '');

export const ciphers: CipherDialect = {
  answer,
  content,
  checkCreate,
  checkEdit: (caller, request, stored) =>
    mayWrite(stored) ? checkContent(caller, request, stored) : handled('Cipher is not write accessible'),
  checkShare,
  checkShareMany,
  checkCollections,
  checkTrash: refusedBy('trash'),
  checkRestore: refusedBy('restore'),
  checkDelete: refusedBy('delete'),
  checkArchive: (stored) => (stored ? undefined : handled("Cipher doesn't exist")),
  checkMove: (account, folderId) =>
    folderId === null || account.folders.some(({ id }) => id === folderId) ? undefined : handled('Invalid folder'),
  choose,
  trashesAgain: true,
  trashEndsArchive: false,
  archivingTouchesRevision: false,
  manyRestored: 'cipherDetails',
  manyArchived: 'cipherDetails',
  manyShared: undefined,
};
