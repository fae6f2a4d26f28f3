import { itemTypes, type KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { Field } from '../../vault/fields';
import { refKey } from '../../vault/fields';
import type { Item } from '../../vault/items';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { valueToEdit } from '../../vault/read';
import type { FormBase, FormValue } from './formState';

const none: FormValue = { field: undefined, text: undefined };

/** The values that an item of this type may have. */
export function typeFields(
  type: KnownItemType,
): readonly { name: string; open: boolean; linkedId?: number | undefined }[] {
  return itemTypes.find(({ name }) => name === type)?.fields ?? [];
}

/** What a form of a new item begins with. */
export function emptyBase(type: KnownItemType): FormBase {
  return {
    name: '',
    notes: none,
    folderId: null,
    favorite: false,
    reprompt: false,
    content: new Map(typeFields(type).map(({ name }) => [name, none])),
    uris: [],
    fields: [],
  };
}

/**
 * What a form of this item begins with. Secrets are not read.
 *
 * @param proof for an item that asks for the master password: with it, what is no secret of another one is none here either.
 */
export function baseOf(
  vault: Pick<OpenVault, 'fields' | 'read'>,
  item: Item & { readonly type: KnownItemType },
  proof: MasterPasswordProof | undefined,
): FormBase {
  const fields = vault.fields(item.id);
  const open = new Set(typeFields(item.type).flatMap(({ name, open: isOpen }) => (isOpen ? [`content.${name}`] : [])));
  const isOpen = (field: Field) =>
    open.has(refKey(field.ref)) || field.ref.kind === 'notes' || field.isBoolean || !field.masked;
  const valueOf = (field: Field): FormValue => ({
    field,
    text: isOpen(field) ? valueToEdit(vault, item, field, proof) : undefined,
  });
  const content = new Map(typeFields(item.type).map(({ name }) => [name, none]));
  let notes = none;
  const uris: (FormValue & { from: number })[] = [];
  const custom: (FormValue & { from: number })[] = [];
  for (const field of fields) {
    const value = valueOf(field);
    switch (field.ref.kind) {
      case 'content':
        // What we have no word for stays as it is.
        if (content.has(field.ref.name)) content.set(field.ref.name, value);
        break;
      case 'notes':
        notes = value;
        break;
      case 'uri':
        uris.push({ ...value, from: field.ref.index });
        break;
      case 'custom':
        custom.push({ ...value, from: field.ref.index });
        break;
      case 'formerPassword':
    }
  }
  const { name = '', folderId = null, favorite, reprompt } = item;
  return { name, notes, folderId, favorite, reprompt, content, uris, fields: custom };
}
