import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import type { Clipboard } from '../clipboard';
import { type ItemAction, type ItemCommand, itemActions } from '../itemActions';
import { askToUnlock } from '../prompts/unlock';
import type { ErrorReporter } from '../errors/errorReporter';
import type { VaultTree } from '../tree/vaultTree';
import type { ItemValues } from '../values/itemValues';
import { deauthorizeSessions } from './deauthorizeSessions';
import { enterNewClientSecret } from './enterNewClientSecret';
import { filter } from './filter';
import { finishRotation } from './finishRotation';
import { commandIds, type CommandId } from './ids';
import { itemCommand } from './itemCommand';
import { openApiKeyPage } from './openApiKeyPage';
import { openWebVault } from './openWebVault';
import { rotateApiKey } from './rotateApiKey';
import { rowArgument } from './rowArgument';
import { searchVault } from './searchVault';
import { showActions } from './showActions';
import { signIn } from './signIn';
import { signInAgain } from './signInAgain';
import { signOut } from './signOut';
import { sync } from './sync';
import { tryAgain } from './tryAgain';
import { viewApiKey } from './viewApiKey';

interface Parts {
  readonly session: Session;
  readonly clipboard: Clipboard;
  readonly values: ItemValues;
  readonly tree: VaultTree;
  readonly reporter: ErrorReporter;
  readonly logs: vscode.LogOutputChannel;
  /** Settles when the stored account has been read; commands wait for it. */
  readonly started: Promise<void>;
}

/** The one place where commands are registered, and where what they throw ends. None of them returns anything. */
export function registerCommands({
  session,
  clipboard,
  values,
  tree,
  reporter,
  logs,
  started,
}: Parts): vscode.Disposable {
  const run: Record<Exclude<CommandId, ItemCommand>, () => Promise<void> | void> = {
    'vaultside.signIn': () => signIn(session, reporter),
    'vaultside.tryAgain': () => tryAgain(session),
    'vaultside.unlock': () => askToUnlock(session),
    'vaultside.lock': () => (session.state.kind === 'unlocked' ? session.lock() : undefined),
    'vaultside.signOut': () => signOut(session),
    'vaultside.sync': () => sync(session),
    'vaultside.searchVault': () => searchVault(session, values, reporter),
    'vaultside.rotateApiKey': () => rotateApiKey(session),
    'vaultside.finishRotation': () => finishRotation(session),
    'vaultside.viewApiKey': () => viewApiKey(session, clipboard),
    'vaultside.enterNewClientSecret': () => enterNewClientSecret(session, reporter),
    'vaultside.signInAgain': () => signInAgain(session),
    'vaultside.deauthorizeSessions': () => deauthorizeSessions(session),
    'vaultside.openApiKeyPage': () => openApiKeyPage(session),
    'vaultside.openWebVault': () => openWebVault(session),
    'vaultside.filter': () => filter(session, tree, reporter),
    'vaultside.clearFilter': () => tree.setFilter(''),
    'vaultside.showActions': () => showActions(session),
    'vaultside.openSettings': () => openSettings(),
    'vaultside.openLogs': () => logs.show(),
  };
  const runItemCommand = async (action: ItemAction, argument: unknown) => {
    const row = argument === FROM_SELECTION ? tree.selection : argument;
    // The keys of the tree do nothing on the row of a group, instead of asking for an item.
    if (argument === FROM_SELECTION && rowArgument(row) === undefined) return;
    await itemCommand({ session, values }, action, row);
  };
  const runItemCommands = Object.fromEntries(
    itemActions.map((action) => [action.command, (argument: unknown) => runItemCommand(action, argument)]),
  ) as Record<ItemCommand, (argument: unknown) => Promise<void>>;
  const runAll: Record<CommandId, (argument: unknown) => Promise<void> | void> = { ...run, ...runItemCommands };
  return vscode.Disposable.from(
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        try {
          await started;
          await runAll[id](argument);
        } catch (error) {
          reporter.failure(id, error);
        }
      }),
    ),
  );
}

/** What the key bindings of the tree pass, which VS Code gives no row. */
const FROM_SELECTION = 'selection';

async function openSettings(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:vaultside.vaultside');
}
