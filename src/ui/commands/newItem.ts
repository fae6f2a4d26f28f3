import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { itemTypes, type KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { OpenVault } from '../../vault/openVault';
import { restrictionOf } from '../../vault/policies';
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
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const type = await askType(session, vault);
  if (type === undefined || !switchTo(sessions, session)) return;
  const folderId = folderArgument(argument)?.ids[0];
  await itemView.create(session, { type, ...(folderId === undefined ? {} : { edit: { folderId } }) });
}

async function askType(session: Session, { policies }: OpenVault): Promise<KnownItemType | undefined> {
  const isRestricted = restrictionOf(policies);
  const types = itemTypes.filter(({ name }) => isRestricted?.({ type: name, organizationId: undefined }) !== true);
  const answer = await askToChoose<KnownItemType>({
    title: commandTitle('vaultside.newItem'),
    placeholder: vscode.l10n.t('What kind of item?'),
    closeOn: session.onDidLock,
    choices: types.map(({ name }) => ({ label: `$(${itemIcon(name)}) ${typeName(name)}`, value: name })),
  });
  return answer.kind === 'done' ? answer.value : undefined;
}
