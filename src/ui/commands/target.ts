import * as vscode from 'vscode';
import { NotReadableError } from '../../vault/errors';
import { actionsOf, type Field, fieldFits, type Item, type ItemAction } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../vault/session';
import { openValue } from '../gate';
import { fieldLabel, itemName, MASK } from '../labels';
import { askToChoose } from '../prompts/choice';
import { unlockedVault } from '../prompts/unlock';
import { pickItem } from '../search/pickItem';
import { printable, withoutIcons } from '../untrustedText';
import { pointerOf } from './pointer';

export interface Target {
  readonly vault: OpenVault;
  readonly item: Item;
  readonly field: Field;
}

/** The value that a command is about: the one of the row it was called on, or one that the user picks. */
export async function targetOf(
  session: Session,
  argument: unknown,
  wanted: ItemAction | 'any',
  placeholder: string,
): Promise<Target | undefined> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return undefined;
  const pointer = pointerOf(argument);
  const item =
    pointer === undefined
      ? await pickItem(session, vault, {
          placeholder,
          matches: (candidate) => wanted === 'any' || actionsOf(candidate).includes(wanted),
        })
      : vault.item(pointer.itemId);
  if (item === undefined) {
    if (pointer === undefined) return undefined;
    throw new NotReadableError('no such item');
  }
  const fields = vault.fields(item.id);
  const pointed = fields.find(({ key }) => key === pointer?.fieldKey);
  const field =
    pointed !== undefined && (wanted === 'any' || fieldFits(pointed, wanted))
      ? pointed
      : await chooseField(session, vault, item, wanted);
  return field && { vault, item, field };
}

/** Asks only when there is a choice. */
export async function chooseField(
  session: Session,
  vault: OpenVault,
  item: Item,
  wanted: ItemAction | 'any',
): Promise<Field | undefined> {
  const fields = vault.fields(item.id).filter((field) => wanted === 'any' || fieldFits(field, wanted));
  const [first] = fields;
  if (first === undefined) throw new NotReadableError('no such value');
  if (fields.length === 1 && wanted !== 'any') return first;
  const answer = await askToChoose({
    title: withoutIcons(itemName(item, vscode.l10n)),
    placeholder: vscode.l10n.t('Choose a field'),
    closeOn: session.onDidLock,
    choices: fields.map((field) => ({
      label: withoutIcons(fieldLabel(field, vscode.l10n)),
      description: field.withheld
        ? vscode.l10n.t('hidden by your organisation')
        : withoutIcons(printable(openValue(vault, item, field) ?? MASK)),
      value: field,
    })),
  });
  return answer.kind === 'done' ? answer.value : undefined;
}
