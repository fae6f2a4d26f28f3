import { attempt } from '../../base/thrown';
import { nameOfType, rowOfType } from '../../bitwarden/wire/itemTypes';
import type { Keyring } from '../keyring';
import type { ItemEdit, NewItem } from './itemEdit';
import { ItemValues } from './itemValues';
import { wholeField, wholeUri } from './merge';
import type { ReceivedItem } from './receivedItem';

/** What makes an item that is there as this new one: also what that does not have is said. */
export function wholeEdit({ type, edit }: NewItem): ItemEdit {
  const blank = Object.fromEntries(rowOfType(type).fields.map(({ name }) => [name, '']));
  return {
    ...{ notes: '', folderId: null, favorite: false, reprompt: false, uris: [], fields: [] },
    ...edit,
    content: { ...blank, ...edit.content },
  };
}

/**
 * What an item was together with what was changed in it, as a new item of the user. Of one that asks for the master password,
 * or of which the organisation hides values, only the name and what was typed is in it; so it is with what does not open.
 *
 * @param base the item as it was when the edit began.
 * @returns undefined for an item of a type that we do not know.
 * @throws LockedError
 */
export function newItemFrom({ cipher }: ReceivedItem, edit: ItemEdit, keyring: Keyring): NewItem | undefined {
  keyring.assertOpen();
  const type = nameOfType(cipher.type);
  if (type === undefined) return undefined;
  const values = new ItemValues(cipher, keyring);
  const isOpen = !cipher.reprompt && cipher.viewPassword;
  const before = <T>(read: () => T): T | undefined => (isOpen ? attempt(read) : undefined);
  const content = rowOfType(type).fields.flatMap(({ name }): [string, string][] => {
    const text = edit.content?.[name] ?? before(() => values.content(name)) ?? '';
    return text === '' ? [] : [[name, text]];
  });
  const [uris, fields] = [before(() => values.uris) ?? [], before(() => values.fields) ?? []];
  const isSaid = (change: object) => Object.keys(change).length > 0;
  return {
    type,
    edit: {
      name: edit.name ?? attempt(() => values.name) ?? '',
      notes: edit.notes ?? before(() => values.notes) ?? '',
      folderId: edit.folderId === undefined ? (cipher.folderId ?? null) : edit.folderId,
      favorite: edit.favorite ?? cipher.favorite,
      reprompt: edit.reprompt ?? cipher.reprompt,
      content: Object.fromEntries(content),
      uris: (edit.uris ?? uris.map((_, from) => ({ from }))).flatMap(({ from, ...to }) => {
        const uri = from === undefined ? undefined : uris[from];
        return uri === undefined && !isSaid(to) ? [] : [wholeUri(uri, to)];
      }),
      fields: (edit.fields ?? fields.map((_, from) => ({ from }))).flatMap(({ from, ...to }) => {
        const field = from === undefined ? undefined : fields[from];
        return field === undefined && !isSaid(to) ? [] : [wholeField(field, to)];
      }),
    },
  };
}
