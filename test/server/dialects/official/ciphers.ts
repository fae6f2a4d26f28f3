import { isObject, Refusal, strings, text, type JsonObject } from '../../http';
import { itemType, itemTypes } from '../../itemTypes';
import type { Account, StoredCipher } from '../../model';
import type { CipherDialect, CipherShape, Content, Links, ManyAct } from '../dialect';
import { cipherCore, withDates } from '../shared';
import { attachments } from './attachments';
import { checkCollections, checkCreate, checkEdit, checkShare, checkShareMany } from './cipherChecks';
import { boundList, boundTyped } from './cipherModel';
import { date } from './date';
import { mayDelete, mayEdit } from './permissions';
import { bad } from './refusals';

const LIMIT = 500;

const pascalNames = new Map<string, string>();

function pascal(name: string): string {
  let found = pascalNames.get(name);
  if (found === undefined) {
    found = name === 'ssn' ? 'SSN' : name.charAt(0).toUpperCase() + name.slice(1);
    pascalNames.set(name, found);
  }
  return found;
}

/**
 * A value as the database stores it: names in PascalCase except `SSN`, and nothing that is null. Written as one pass,
 * since a vault has many items.
 */
function asStored(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStored);
  if (!isObject(value)) return value;
  const stored: JsonObject = {};
  for (const name in value) {
    const inner = value[name];
    if (inner !== null && inner !== undefined) stored[pascal(name)] = asStored(inner);
  }
  return stored;
}

/** The column `data` of the database: the members of the typed object beside the others. */
function dataOf({ name, notes, fields, passwordHistory }: StoredCipher, typed: JsonObject | null): string {
  return JSON.stringify(asStored({ name, notes, fields, passwordHistory, ...typed, uri: null }));
}

/** The typed objects of an answer: all eight, null except for the type of the item (CipherResponseModel.cs:115-149). */
const NO_TYPED = Object.fromEntries(itemTypes.map(({ name }) => [name, null]));

function answer(account: Account, cipher: StoredCipher, shape: CipherShape, links: Links): JsonObject {
  const { collectionIds, folderId, favorite, viewPassword, archivedDate, ...mini } = withDates(
    cipherCore(account, cipher),
    date,
  );
  const type = itemType(cipher.type);
  const typed = cipher.blob === null ? boundTyped(cipher.typed ?? {}, cipher.type) : null;
  const permission = mayDelete(account, cipher);
  return {
    ...mini,
    ...NO_TYPED,
    ...(type ? { [type.name]: typed } : {}),
    attachments:
      cipher.attachments.length === 0
        ? null
        : cipher.attachments.map((attachment) => attachments.answer(cipher.id, attachment, links, false)),
    data: cipher.blob ?? dataOf(cipher, typed),
    ...(shape === 'cipherMini'
      ? {}
      : {
          ...{ folderId, favorite, edit: mayEdit(cipher), viewPassword, archivedDate },
          permissions: { delete: permission, restore: permission },
        }),
    ...(shape === 'cipherDetails' ? { collectionIds } : {}),
    object: shape,
  };
}

/** Keeps the stored values of members who may not see them (CipherService.cs ValidateViewPasswordUserAsync). */
function keepHidden(content: Content, stored: StoredCipher | undefined): Content {
  const isFree = stored === undefined || stored.organizationId === null || (stored.viewPassword && stored.edit);
  if (isFree) return content;
  const isHidden = ({ type }: JsonObject) => type === 1;
  const fields = [
    ...(content.fields ?? []).filter((field) => !isHidden(field)),
    ...(stored.fields ?? []).filter(isHidden),
  ];
  const { password, totp, fido2Credentials } = stored.typed ?? {};
  const typed = stored.type === 1 ? { ...content.typed, password, totp, fido2Credentials } : content.typed;
  return { ...content, typed, fields: fields.length > 0 ? fields : null };
}

function content(request: JsonObject, stored: StoredCipher | undefined): Content {
  const type = stored?.type ?? Number(request.type);
  const blob = text(request.data);
  const own = { type, key: text(request.key), blob, favorite: request.favorite === true };
  const archivedDate = text(request.archivedDate);
  if (blob !== null)
    return { ...own, archivedDate, name: null, notes: null, typed: null, fields: null, passwordHistory: null };
  return keepHidden(
    {
      ...own,
      archivedDate,
      name: text(request.name),
      notes: text(request.notes),
      typed: boundTyped(request[itemType(type)?.name ?? ''], type),
      fields: boundList(request.fields, 'fields'),
      passwordHistory: boundList(request.passwordHistory, 'passwordHistory'),
    },
    stored,
  );
}

const TOO_MANY: Readonly<Record<ManyAct, string>> = {
  trash: `You can only delete up to ${LIMIT} items at a time.`,
  restore: `You can only restore up to ${LIMIT} items at a time.`,
  delete: `You can only delete up to ${LIMIT} items at a time. Consider using the "Purge Vault" option instead.`,
  archive: `You can only archive up to ${LIMIT} items at a time.`,
  unarchive: `You can only unarchive up to ${LIMIT} items at a time.`,
  move: `You can only move up to ${LIMIT} items at a time.`,
};

const ENSURE_ONE = 'Ensure the provided ID is correct and you have permission to archive it.';
const NOTHING_CHANGED = {
  archive: 'No ciphers were archived. Ensure the provided IDs are correct and you have permission to archive them.',
  unarchive: `Ciphers were not unarchived. ${ENSURE_ONE}`,
};

/** Skips items that do not exist or must not be changed. Only archiving refuses a request of which nothing is left. */
function* choose(act: ManyAct, account: Account, ids: readonly string[]): Generator<StoredCipher, void> {
  if (ids.length > LIMIT) throw new Refusal(bad(TOO_MANY[act]));
  const wanted = new Set(strings(ids));
  const fits = (cipher: StoredCipher): boolean => {
    switch (act) {
      case 'trash':
      case 'restore':
      case 'delete':
        return mayDelete(account, cipher);
      case 'archive':
        return cipher.archivedDate === null;
      case 'unarchive':
        return cipher.archivedDate !== null;
      case 'move':
        return true;
    }
  };
  const chosen = account.ciphers.filter((cipher) => wanted.has(cipher.id) && fits(cipher));
  if (chosen.length === 0 && (act === 'archive' || act === 'unarchive')) {
    throw new Refusal(bad(ids.length === 0 ? 'No cipher ids provided.' : NOTHING_CHANGED[act]));
  }
  yield* chosen;
}

export const ciphers: CipherDialect = {
  answer,
  content,
  checkCreate,
  checkEdit,
  checkShare,
  checkShareMany,
  checkCollections,
  checkTrash: (account, stored) =>
    mayDelete(account, stored) ? undefined : bad('You do not have permissions to soft delete this.'),
  checkRestore: (account, stored) =>
    mayDelete(account, stored) ? undefined : bad('You do not have permissions to delete this.'),
  checkDelete: (account, stored) =>
    mayDelete(account, stored) ? undefined : bad('You do not have permissions to delete this.'),
  // CiphersController.cs:850, ArchiveCiphersCommand.cs:39: the right to edit is not asked for.
  checkArchive: (stored, archived) =>
    stored && (stored.archivedDate === null) === archived
      ? undefined
      : bad(`Cipher was not ${archived ? 'archived' : 'unarchived'}. ${ENSURE_ONE}`),
  checkMove: (account, folderId) =>
    folderId === null || account.folders.some(({ id }) => id === folderId) ? undefined : bad('Invalid folder.'),
  choose,
  trashesAgain: false,
  trashEndsArchive: true,
  archivingTouchesRevision: true,
  manyRestored: 'cipherMini',
  manyArchived: 'cipher',
  manyShared: 'cipherMini',
};
