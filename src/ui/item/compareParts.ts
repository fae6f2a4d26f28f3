import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemPart } from '../../vault/edit/itemEdit';
import type { CustomFieldValue, UriValue } from '../../vault/edit/itemValues';
import { partKey, type PartValue } from '../../vault/edit/merge';
import { uriMatches } from '../../vault/fields';
import type { Listed } from '../../vault/items';
import { fieldWord } from '../itemWords';
import { MASK } from '../labels';
import { clipped, matchWords } from './describeItem';
import { typeFields } from './formBase';
import type { CompareCard, ComparedField, Numbered } from './formMessages';
import { partWord } from './formParts';
import { type FormBase, FormState } from './formState';

interface Compared {
  readonly type: KnownItemType;
  readonly mine: FormState;
  /** The item as it is now. */
  readonly now: FormBase;
  readonly folders: Listed['folders'];
}

/** What was changed both here and elsewhere, for somebody to choose. Secrets are left out. */
export function compareParts(
  parts: readonly ItemPart[],
  { mine, now, folders, type }: Compared,
): Omit<CompareCard, keyof Numbered> {
  const theirs = new FormState(now);
  const secrets = new Set(typeFields(type).flatMap(({ name, open }) => (open ? [] : [name])));
  return {
    title: vscode.l10n.t('Changed here and elsewhere'),
    explanation: vscode.l10n.t('Choose what each is to be. Nothing is saved yet.'),
    fields: parts.map((part): ComparedField => {
      const [theirText, myText] = [textOf(part, theirs, folders), textOf(part, mine, folders)];
      const isSecret =
        (part.kind === 'content' && secrets.has(part.name)) || theirText === undefined || myText === undefined;
      const lists = part.kind === 'uris' || part.kind === 'fields' ? part.kind : undefined;
      const isCovered = isSecret || (lists !== undefined && [theirText, myText].some((text) => text.includes(MASK)));
      return {
        key: partKey(part),
        label: partWord(part),
        isSecret: isCovered,
        theirs: isSecret ? '' : theirText,
        mine: isSecret ? '' : myText,
        choices: part.kind === 'notes' && !isSecret ? ['theirs', 'mine', 'both'] : ['theirs', 'mine'],
      };
    }),
    words: {
      theirs: vscode.l10n.t('Theirs'),
      mine: vscode.l10n.t('Mine'),
      both: vscode.l10n.t('Both, one below the other'),
      use: vscode.l10n.t('Use These'),
      back: vscode.l10n.t('Back'),
      reveal: vscode.l10n.t('Reveal'),
      hide: vscode.l10n.t('Hide'),
      masked: MASK,
      none: vscode.l10n.t('no value'),
    },
  };
}

/** Undefined: it is a secret. */
function textOf(part: ItemPart, state: FormState, folders: Listed['folders']): string | undefined {
  switch (part.kind) {
    case 'content':
      return state.text(partKey(part));
    case 'notes': {
      const notes = state.text('notes');
      return notes === undefined ? undefined : clipped(notes);
    }
    case 'name':
      return printable(state.text('name') ?? '');
    case 'folder': {
      const id = state.text('folder');
      return printable(folders.find((folder) => folder.id === id)?.name ?? '') || vscode.l10n.t('No folder');
    }
    case 'favorite':
    case 'reprompt':
      return state.text(part.kind) === 'true' ? vscode.l10n.t('Yes') : vscode.l10n.t('No');
    case 'uris':
      return state.uris.map(({ id }) => uriLine(uriIn(state, id))).join('\n');
    case 'fields':
      return state.fields.map(({ id }) => fieldLine(fieldIn(state, id))).join('\n');
  }
}

/** @param value of a part that is covered by dots: a text, or a list with all its values. */
export function textOfCompared(value: PartValue): string {
  if (typeof value !== 'object' || value === null) return String(value ?? '');
  return value.map((each) => ('uri' in each ? uriLine(each) : fieldLine(each))).join('\n');
}

function uriLine({ uri, match }: Pick<UriValue, 'uri' | 'match'>): string {
  const word = match === null || typeof match === 'number' ? '' : ` (${matchWords[match]()})`;
  return `${printable(uri)}${word}`;
}

function fieldLine({ name, value, linkedTo }: Omit<CustomFieldValue, 'type'>): string {
  const text = typeof linkedTo === 'string' && linkedTo !== '' ? `→ ${fieldWord(linkedTo)}` : printable(value);
  return `${printable(name)}: ${text}`;
}

function uriIn(state: FormState, id: string): Pick<UriValue, 'uri' | 'match'> {
  const match = uriMatches.find((each) => each === state.text(`${id}.match`)) ?? null;
  return { uri: state.text(`${id}.uri`) ?? MASK, match };
}

/** Of a hidden field no value. */
function fieldIn(state: FormState, id: string): Omit<CustomFieldValue, 'type'> {
  const row = state.fields.find((each) => each.id === id);
  const isHidden = row?.type === 'hidden' || state.before(`${id}.value`)?.field?.masked === true;
  return {
    name: state.text(`${id}.name`) ?? '',
    value: isHidden ? MASK : (state.text(`${id}.value`) ?? MASK),
    linkedTo: state.text(`${id}.linkedTo`),
  };
}
