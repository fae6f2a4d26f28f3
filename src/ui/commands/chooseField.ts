import * as vscode from 'vscode';
import { NotReadableError } from '../../vault/errors';
import { type Field, refKey } from '../../vault/fields';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../account/session';
import { type ItemAction, mainField } from '../itemActions';
import { fieldLabel, fieldNote, itemName, MASK, shownValue } from '../labels';
import { openValue } from '../presentation';
import { askToChoose } from '../prompts/choice';
import { unlockedVault } from '../prompts/unlock';
import { pickItem } from '../search/pickItem';
import { withoutIcons } from '../untrustedText';
import type { ChosenField } from '../values/itemValues';
import { nothingThere } from '../values/noValue';
import { commandTitle } from './commandId';
import { rowArgument } from './rowArgument';

/** The value that a command is to work on: that of the row it was called on, or one that the user picks. */
export async function fieldFor(
  session: Session,
  argument: unknown,
  action: ItemAction,
): Promise<ChosenField | undefined> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return undefined;
  const row = rowArgument(argument);
  const title = commandTitle(action.command);
  const item =
    row === undefined
      ? (
          await pickItem(session, vault, {
            title: action.value === 'totp' ? { plain: title, ofCode: title } : title,
            placeholder: action.question(),
            matches: ({ id }) => vault.thoseThere(id, [action]).length > 0,
          })
        )?.item
      : vault.item(row.itemId);
  if (item === undefined) {
    if (row === undefined) return undefined;
    throw new NotReadableError('no such item');
  }
  if (row?.ref !== undefined && action.fits(row.ref)) {
    const key = refKey(row.ref);
    const field = vault.fields(item.id).find(({ ref }) => refKey(ref) === key);
    if (field !== undefined && (action.opens !== true || field.opens)) return { session, vault, item, field };
  }
  return chooseField(session, vault, item, action);
}

/** What people come to this item for: see mainField. Where there is nothing, a notification says so. */
export async function mainFieldOf(session: Session, itemId: string): Promise<ChosenField | undefined> {
  const vault = await unlockedVault(session);
  const item = vault?.item(itemId);
  if (vault === undefined || item === undefined) return undefined;
  const field = mainField(item, vault.fields(itemId));
  if (field !== undefined) return { session, vault, item, field };
  void vscode.window.showInformationMessage(nothingThere(item, 'any'));
  return undefined;
}

/**
 * Asks the user which value they mean. With a single one nothing is asked; where there is none, a notification says so.
 */
export async function chooseField(
  session: Session,
  vault: OpenVault,
  item: Item,
  action: Pick<ItemAction, 'command' | 'fits' | 'opens' | 'value'>,
): Promise<ChosenField | undefined> {
  const fields = vault
    .fields(item.id)
    .filter(({ ref, state, opens }) => action.fits(ref) && hasValue(state) && (action.opens !== true || opens));
  const [first] = fields;
  if (first === undefined) {
    void vscode.window.showInformationMessage(nothingThere(item, action.value));
    return undefined;
  }
  if (fields.length === 1 && action.value !== 'any') return { session, vault, item, field: first };
  const answer = await askToChoose({
    // Says whether the value will be copied or shown.
    title: `${commandTitle(action.command)}: ${withoutIcons(itemName(item))}`,
    placeholder: vscode.l10n.t('Choose a field'),
    closeOn: session.onDidLock,
    choices: fields.map((field) => ({
      label: withoutIcons(fieldLabel(field)),
      description: fieldNote(field) ?? describedValue(vault, item, field),
      value: field,
    })),
  });
  return answer.kind === 'done' ? { session, vault, item, field: answer.value } : undefined;
}

/** Values that are withheld or cannot be read are offered, too: whoever chooses one is told why. */
function hasValue(state: Field['state']): boolean {
  return state !== 'empty' && state !== 'linked';
}

function describedValue(vault: OpenVault, item: Item, field: Field): string {
  const listed = openValue(vault, item, field);
  return listed === undefined ? MASK : withoutIcons(shownValue(field, listed));
}
