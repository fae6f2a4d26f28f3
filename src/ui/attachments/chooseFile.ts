import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { printable } from '../../base/printable';
import type { AttachmentDetails } from '../../vault/itemDetails';
import { NotReadableError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { type ChosenItem, itemOrPicked } from '../commands/chooseItem';
import { type CommandId, commandTitle } from '../commands/commandId';
import { itemArgument } from '../commands/rowArgument';
import { itemName, sizeInWords } from '../labels';
import { hidesNames } from '../presentation';
import { askToChoose } from '../prompts/choice';
import { withoutIcons, withoutLinks } from '../untrustedText';
import { ChosenFile } from './fileArgument';

/** In characters. */
const LONGEST_NAME = 40;

/** An item, and a file of it. */
export interface ItemFile extends ChosenItem {
  readonly file: AttachmentDetails;
}

/** What a sentence calls a file: its name, where that may be on the screen. */
export function fileWords(item: Pick<Item, 'reprompt'>, name: string | undefined): string {
  const shown = hidesNames(item) ? '' : printable(name ?? '', LONGEST_NAME);
  return shown === '' ? vscode.l10n.t('Attachment') : withoutLinks(shown);
}

/** The file that a command was called on, or that of an item, or one that the user picks. Undefined: they gave up. */
export async function chosenFile(
  session: Session,
  argument: unknown,
  command: CommandId,
  question: string,
): Promise<ItemFile | undefined> {
  const isChosen = argument instanceof ChosenFile;
  if (isChosen && argument.accountId !== session.accountId) return undefined;
  const itemId = isChosen ? argument.itemId : itemArgument(argument);
  const hasFiles = ({ id }: Item, vault: OpenVault) => vault.hasAttachments(id);
  const chosen = await itemOrPicked(session, itemId, command, question, hasFiles);
  if (chosen === undefined) return undefined;
  const { vault, item } = chosen;
  const files = vault.details(item.id)?.attachments ?? [];
  if (isChosen) {
    const file = files.find(({ id }) => id === argument.attachmentId);
    if (file === undefined) throw new NotReadableError('no such file');
    return { vault, item, file };
  }
  const [only, ...others] = files;
  if (only === undefined) {
    const text = vscode.l10n.t('{0} has no attachments.', printable(itemName(item), LONGEST_NAME));
    void vscode.window.showInformationMessage(withoutLinks(text));
    return undefined;
  }
  if (others.length === 0) return { vault, item, file: only };
  const answer = await askToChoose({
    title: commandTitle(command),
    placeholder: question,
    closeOn: session.onDidLock,
    choices: files.map((file, at) => ({
      label: hidesNames(item) ? vscode.l10n.t('Attachment {0}', at + 1) : withoutIcons(fileWords(item, file.name)),
      ...(file.size === undefined ? {} : { description: sizeInWords(file.size) }),
      value: file,
    })),
  });
  return answer.kind === 'done' ? { vault, item, file: answer.value } : undefined;
}
