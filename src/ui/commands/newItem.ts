import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { itemTypes, type KnownItemType } from '../../bitwarden/wire/itemTypes';
import { itemIcon, typeName } from '../itemWords';
import { askToChoose } from '../prompts/choice';
import { unlockedVault } from '../prompts/unlock';
import { switchTo } from '../switchTo';
import type { Parts } from './command';
import { commandTitle } from './commandId';
import { folderArgument } from './rowArgument';

type Needed = Pick<Parts, 'sessions' | 'session' | 'itemView'>;

/** Opens the form of a new item. @param argument the row of a folder, in which it is to be. */
export async function newItem({ sessions, session, itemView }: Needed, argument: unknown): Promise<void> {
  if ((await unlockedVault(session)) === undefined) return;
  const type = await askType(session);
  if (type === undefined || !switchTo(sessions, session)) return;
  const folderId = folderArgument(argument)?.ids[0];
  await itemView.create(session, { type, ...(folderId === undefined ? {} : { edit: { folderId } }) });
}

async function askType(session: Session): Promise<KnownItemType | undefined> {
  const answer = await askToChoose<KnownItemType>({
    title: commandTitle('vaultside.newItem'),
    placeholder: vscode.l10n.t('What kind of item?'),
    closeOn: session.onDidLock,
    choices: itemTypes.map(({ name }) => ({ label: `$(${itemIcon(name)}) ${typeName(name)}`, value: name })),
  });
  return answer.kind === 'done' ? answer.value : undefined;
}
