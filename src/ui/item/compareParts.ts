import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemPart } from '../../vault/edit/itemEdit';
import { partKey } from '../../vault/edit/merge';
import type { Listed } from '../../vault/items';
import { fieldWord } from '../itemWords';
import { MASK } from '../labels';
import { clipped, matchWords } from './describeItem';
import { typeFields } from './formBase';
import type { CompareCard, ComparedField } from './formMessages';
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
): Omit<CompareCard, 'number'> {
  const theirs = new FormState(now);
  const secrets = new Set(typeFields(type).flatMap(({ name, open }) => (open ? [] : [name])));
  return {
    title: vscode.l10n.t('Changed here and elsewhere'),
    explanation: vscode.l10n.t('Choose what each is to be. Nothing is saved yet.'),
    fields: parts.map((part): ComparedField => {
      const [theirText, myText] = [textOf(part, theirs, folders), textOf(part, mine, folders)];
      const isSecret =
        (part.kind === 'content' && secrets.has(part.name)) || theirText === undefined || myText === undefined;
      return {
        key: partKey(part),
        label: partWord(part),
        isSecret,
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
      return state.uris.map(({ id }) => uriLine(state, id)).join('\n');
    case 'fields':
      return state.fields.map(({ id }) => fieldLine(state, id)).join('\n');
  }
}

function uriLine(state: FormState, id: string): string {
  const match = state.text(`${id}.match`);
  const word = match === '' || match === undefined ? '' : ` (${matchWords[match as keyof typeof matchWords]()})`;
  return `${printable(state.text(`${id}.uri`) ?? MASK)}${word}`;
}

/** Of a hidden field no value. */
function fieldLine(state: FormState, id: string): string {
  const row = state.fields.find((each) => each.id === id);
  const linkedTo = state.text(`${id}.linkedTo`) ?? '';
  const isHidden = row?.type === 'hidden' || state.before(`${id}.value`)?.field?.masked === true;
  const value = linkedTo !== '' ? `→ ${fieldWord(linkedTo)}` : isHidden ? MASK : (state.text(`${id}.value`) ?? MASK);
  return `${printable(state.text(`${id}.name`) ?? '')}: ${printable(value)}`;
}
