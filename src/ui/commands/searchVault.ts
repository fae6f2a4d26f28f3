import * as vscode from 'vscode';
import { actionsOf, type Item, type ItemAction } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../vault/session';
import { unlockedVault } from '../prompts/unlock';
import type { ErrorReporter } from '../errors/errorReporter';
import type { Reveal } from '../reveal';
import { pickItem } from '../search/pickItem';
import { chooseField } from './target';

/** Enter copies the password; an item without one offers its fields. */
export async function searchVault(session: Session, reveal: Reveal, reporter: ErrorReporter): Promise<void> {
  const vault = await unlockedVault(session);
  if (vault === undefined) return;
  const item = await pickItem(session, vault, {
    placeholder: vscode.l10n.t(
      'Search by name, username, address, folder, collection or organisation. Enter copies the password.',
    ),
    onButton: (pressed, action) => {
      act(session, reveal, vault, pressed, action).catch((error: unknown) => reporter.failure('search', error));
    },
  });
  if (item !== undefined) {
    await act(session, reveal, vault, item, actionsOf(item).includes('password') ? 'password' : 'any');
  }
}

async function act(
  session: Session,
  reveal: Reveal,
  vault: OpenVault,
  item: Item,
  action: ItemAction | 'any',
): Promise<void> {
  const field = await chooseField(session, vault, item, action);
  if (field === undefined) return;
  if (action === 'uri') await reveal.open(vault, item, field);
  else await reveal.copy(vault, item, field);
}
