import * as vscode from 'vscode';
import type { Session } from '../../vault/session';
import type { Clipboard } from '../clipboard';
import { askToUnlock } from '../prompts/unlock';
import type { ErrorReporter } from '../errors/errorReporter';
import type { Reveal } from '../reveal';
import type { VaultTree } from '../tree/vaultTree';
import { copy } from './copy';
import { deauthorizeSessions } from './deauthorizeSessions';
import { enterNewClientSecret } from './enterNewClientSecret';
import { filter } from './filter';
import { finishRotation } from './finishRotation';
import { commandIds, type CommandId } from './ids';
import { openApiKeyPage } from './openApiKeyPage';
import { openInBrowser } from './openInBrowser';
import { openWebVault } from './openWebVault';
import { rotateApiKey } from './rotateApiKey';
import { searchVault } from './searchVault';
import { showActions } from './showActions';
import { showField } from './showField';
import { signIn } from './signIn';
import { signInAgain } from './signInAgain';
import { signOut } from './signOut';
import { sync } from './sync';
import { tryAgain } from './tryAgain';
import { viewApiKey } from './viewApiKey';

interface Parts {
  readonly session: Session;
  readonly clipboard: Clipboard;
  readonly reveal: Reveal;
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
  reveal,
  tree,
  reporter,
  logs,
  started,
}: Parts): vscode.Disposable {
  const run: Record<CommandId, (argument: unknown) => Promise<void> | void> = {
    'vaultside.signIn': () => signIn(session, reporter),
    'vaultside.tryAgain': () => tryAgain(session),
    'vaultside.unlock': () => askToUnlock(session),
    'vaultside.lock': () => (session.state.kind === 'unlocked' ? session.lock() : undefined),
    'vaultside.signOut': () => signOut(session),
    'vaultside.sync': () => sync(session),
    'vaultside.searchVault': () => searchVault(session, reveal, reporter),
    'vaultside.copyUsername': (argument) =>
      copy({ session, reveal }, argument, 'username', vscode.l10n.t('Copy the username of which item?')),
    'vaultside.copyPassword': (argument) =>
      copy({ session, reveal }, argument, 'password', vscode.l10n.t('Copy the password of which item?')),
    'vaultside.copyTotp': (argument) =>
      copy(
        { session, reveal },
        argument,
        'totp',
        vscode.l10n.t('Copy the TOTP code (authenticator code) of which item?'),
      ),
    'vaultside.copyField': (argument) =>
      copy({ session, reveal }, argument, 'any', vscode.l10n.t('Copy a field of which item?')),
    'vaultside.showField': (argument) => showField(session, reveal, argument),
    'vaultside.openInBrowser': (argument) => openInBrowser(session, reveal, argument),
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
  return vscode.Disposable.from(
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(id, async (argument: unknown) => {
        try {
          await started;
          await run[id](argument === FROM_SELECTION ? tree.selection : argument);
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
