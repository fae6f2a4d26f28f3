import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import { type Field, isContent, refKey, type UriMatch } from '../../vault/fields';
import type { ItemDetails } from '../../vault/itemDetails';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { mayChangeFiles } from '../attachments/fileRights';
import { commandTitle } from '../commands/commandId';
import { mainField } from '../itemActions';
import { itemIcon, typeName } from '../itemWords';
import {
  fieldLabel,
  fieldNote,
  formatDate,
  itemName,
  itemNotes,
  linkedLabel,
  MASK,
  shownValue,
  sizeInWords,
} from '../labels';
import { type Places, placesOf } from '../places';
import { hidesNames, isPresenting, openCardEnd, openNotes, openValue, presentationNote } from '../presentation';
import type { PageButton, ItemCard, ItemTool, PageRow, PageSection, RowAction } from './messages';

/** What is shown of a text that is no secret. Whoever wants all of a longer one copies it. */
const LONGEST_TEXT = 50_000;

/** The vault, as far as an item is described from it. */
export type DescribedItems = Places & Pick<OpenVault, 'fields' | 'details' | 'read' | 'rights'>;

/**
 * An item as its page shows it: what is no secret in clear, the rest masked. Of an item that asks for the master password
 * only the username and the addresses are in clear.
 *
 * @param hasDraft whether it was changed in a form, and that was not saved.
 */
export function describeItem(vault: DescribedItems, item: Item, hasDraft = false): Omit<ItemCard, 'number'> {
  const fields = vault.fields(item.id);
  const details = vault.details(item.id);
  const mayEdit = mayChangeFiles(item, vault.rights(item.id));
  const rowOf = (field: Field) => fieldRow(vault, item, field, { fields, details });
  const [notes, others] = split(fields, ({ ref }) => ref.kind === 'notes');
  const [custom, main] = split(others, ({ ref }) => ref.kind === 'custom');
  return {
    title: itemName(item),
    subtitle: [typeName(item.type), ...placeWords(vault, item)].join(' · '),
    icon: itemIcon(item.type),
    notes: [...(isPresenting() ? [presentationNote()] : []), ...itemNotes(item)],
    tools: item.trashed || item.closed !== undefined ? [] : itemTools(),
    draft: hasDraft
      ? {
          text: vscode.l10n.t('Draft kept: there are changes that were not saved.'),
          goOn: vscode.l10n.t('Continue Editing'),
          discard: vscode.l10n.t('Discard'),
        }
      : undefined,
    actions: buttons(item, fields),
    face: item.type === 'card' ? cardFace(vault, item, fields) : undefined,
    sections: [
      section(undefined, main.map(rowOf)),
      section(vscode.l10n.t('Custom fields'), custom.map(rowOf)),
      section(undefined, notes.map(rowOf)),
      ...(details === undefined ? [] : detailSections(details, item, mayEdit)),
    ].filter(({ rows }) => rows.length > 0),
    footer: details === undefined ? [] : dates(details),
    words: {
      copy: vscode.l10n.t('Copy'),
      reveal: vscode.l10n.t('Reveal'),
      hide: vscode.l10n.t('Hide'),
      open: commandTitle('vaultside.openInBrowser'),
      openFile: commandTitle('vaultside.openAttachment'),
      saveFile: commandTitle('vaultside.saveAttachment'),
      deleteFile: commandTitle('vaultside.deleteAttachment'),
      masked: vscode.l10n.t('hidden'),
      hidesIn: vscode.l10n.t('hides in {0} s', '{0}'),
      goodFor: vscode.l10n.t('{0} s', '{0}'),
      renews: vscode.l10n.t('a new one every {0} s', '{0}'),
      nextIn: vscode.l10n.t('next {0} in {1} s', '{0}', '{1}'),
    },
  };
}

function split<T>(all: readonly T[], fits: (each: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((each) => !fits(each))];
}

/** The key of the row of a file. */
export function fileKey(attachmentId: string): string {
  return `file.${attachmentId}`;
}

function section(title: string | undefined, rows: readonly PageRow[]): PageSection {
  return { title, rows };
}

/** Where the item is, as people call it. */
function placeWords(vault: DescribedItems, item: Item): string[] {
  const { folders, organizations, collections } = placesOf(item, vault);
  const inOrganization = [organizations.join(), collections.join(', ')].filter(Boolean).join(' / ');
  return [...folders, inOrganization].map((name) => printable(name)).filter(Boolean);
}

function fieldRow(
  vault: DescribedItems,
  item: Item,
  field: Field,
  { fields, details }: { readonly fields: readonly Field[]; readonly details: ItemDetails | undefined },
): PageRow {
  const { ref, state, opens, linkedTo } = field;
  const isThere = state === 'there';
  const isCode = isContent(ref, 'totp') && isThere && !item.reprompt;
  const isLong = ref.kind === 'notes';
  const text = fieldNote(field) ?? textInClear(vault, item, field);
  const can: RowAction[] = isThere ? ['copy'] : [];
  if (isThere && text === undefined && !isCode && !isPresenting()) can.unshift('reveal');
  if (isThere && opens) can.unshift('open');
  const label = [fieldLabel(field), ...labelNotes(field, details)].join(' · ');
  const linked = state === 'linked' ? fields.find((each) => isContent(each.ref, linkedTo ?? '')) : undefined;
  const target = linked && textInClear(vault, item, linked);
  return {
    key: refKey(ref),
    label: state === 'linked' ? `${label} → ${linkedLabel(field)}` : label,
    text: target ?? text,
    isLong,
    can,
  };
}

/** The notes of an item are read here, so they are in clear like what is listed, unless the item asks for more. */
function textInClear(vault: DescribedItems, item: Item, field: Field): string | undefined {
  if (field.ref.kind !== 'notes') {
    const listed = openValue(vault, item, field);
    return listed === undefined ? undefined : field.isBoolean ? shownValue(field, listed) : clipped(listed);
  }
  const notes = openNotes(vault, item, field);
  return notes === undefined ? undefined : clipped(notes);
}

/** As much of a text as a page shows. */
export function clipped(text: string): string {
  const wellFormed = text.slice(0, LONGEST_TEXT).toWellFormed();
  return text.length <= LONGEST_TEXT
    ? wellFormed
    : `${wellFormed}\n${vscode.l10n.t('… copy the value to have all of it')}`;
}

function labelNotes({ ref, match }: Field, details: ItemDetails | undefined): string[] {
  if (ref.kind === 'uri') return match === undefined ? [] : [matchWords[match]()];
  const changed = isContent(ref, 'password') ? details?.passwordChanged : undefined;
  return changed === undefined ? [] : [vscode.l10n.t('changed {0}', formatDate(changed))];
}

/** How Bitwarden's own clients call the ways to compare an address with a page. */
export const matchWords: Readonly<Record<UriMatch, () => string>> = {
  domain: () => vscode.l10n.t('base domain'),
  host: () => vscode.l10n.t('host'),
  startsWith: () => vscode.l10n.t('starts with'),
  exact: () => vscode.l10n.t('exact'),
  regularExpression: () => vscode.l10n.t('regular expression'),
  never: () => vscode.l10n.t('never'),
};

function buttons(item: Item, fields: readonly Field[]): PageButton[] {
  const main = mainField(item, fields);
  const address = fields.find(({ state, opens }) => state === 'there' && opens);
  return [
    ...(main === undefined
      ? []
      : [
          {
            does: 'copy' as const,
            key: refKey(main.ref),
            label: vscode.l10n.t('Copy {0}', fieldLabel(main)),
            letter: 'C',
          },
        ]),
    ...(address === undefined
      ? []
      : [{ does: 'open' as const, key: refKey(address.ref), label: vscode.l10n.t('Open Website'), letter: 'O' }]),
  ];
}

function itemTools(): ItemTool[] {
  return [
    { does: 'edit', icon: 'edit', label: commandTitle('vaultside.editItem'), letter: 'E' },
    { does: 'clone', icon: 'files', label: commandTitle('vaultside.cloneItem'), letter: undefined },
  ];
}

function cardFace(vault: DescribedItems, item: Item, fields: readonly Field[]): ItemCard['face'] {
  const text = (name: string) => {
    const field = fields.find(({ ref }) => isContent(ref, name));
    return (field && openValue(vault, item, field)) ?? '';
  };
  const number = fields.find(({ ref }) => isContent(ref, 'number'));
  const [month, year] = [text('expMonth'), text('expYear')];
  return {
    brand: printable(text('brand')),
    number: `•••• ${number === undefined ? '' : openCardEnd(vault, item, number)}`.trim(),
    holder: printable(text('cardholderName')),
    expires: printable([month === '' ? '' : month.padStart(2, '0'), year].filter(Boolean).join('/')),
  };
}

/** Of an item that asks for the master password it is told how many there are, and not what they are called. */
function detailSections(
  { passkeys, attachments, formerPasswords }: ItemDetails,
  item: Pick<Item, 'reprompt'>,
  mayEdit: boolean,
): PageSection[] {
  const plain = { key: '', isLong: false, can: [] };
  const hidden = hidesNames(item);
  const named = (name: string | undefined) =>
    hidden ? MASK : printable(name ?? '') || vscode.l10n.t('(name cannot be read)');
  return [
    section(
      vscode.l10n.t('Passkeys'),
      passkeys.map(({ site, user, created }) => ({
        ...plain,
        label:
          created === undefined ? named(site) : `${named(site)} · ${vscode.l10n.t('created {0}', formatDate(created))}`,
        text: hidden ? undefined : printable(user ?? '') || vscode.l10n.t('no username'),
      })),
    ),
    {
      title: vscode.l10n.t('Attachments'),
      rows: attachments.map(({ id, name, size }) => ({
        ...plain,
        key: fileKey(id),
        label: named(name),
        text: size === undefined ? vscode.l10n.t('size not known') : sizeInWords(size),
        can: mayEdit ? ['openFile', 'saveFile', 'deleteFile'] : ['openFile', 'saveFile'],
      })),
      adds: mayEdit ? `${commandTitle('vaultside.addAttachment')}…` : undefined,
    },
    section(
      vscode.l10n.t('Password history'),
      formerPasswords
        .filter(({ field }) => field.state !== 'empty')
        .map(({ field, until }) => ({
          ...plain,
          key: refKey(field.ref),
          label: until === undefined ? vscode.l10n.t('before') : vscode.l10n.t('until {0}', formatDate(until)),
          text: fieldNote(field),
          can: field.state !== 'there' ? [] : isPresenting() ? ['copy'] : ['reveal', 'copy'],
        })),
    ),
  ];
}

function dates({ edited, created }: ItemDetails): string[] {
  return [
    ...(edited === undefined ? [] : [vscode.l10n.t('Edited {0}', formatDate(edited))]),
    ...(created === undefined ? [] : [vscode.l10n.t('Created {0}', formatDate(created))]),
  ];
}
