import * as vscode from 'vscode';
import { clientIdentity } from './bitwarden/http/clientIdentity';
import { logger, secretStore, systemClock } from './ui/adapters';
import { runInBackground } from './ui/background';
import { ChosenAccount } from './ui/chosenAccount';
import { ShownFiles } from './ui/attachments/shownFiles';
import { Clipboard } from './ui/clipboard/clipboard';
import { isAvailable } from './ui/commands/commandTable';
import type { CommandId } from './ui/commands/commandId';
import { registerCommands } from './ui/commands/register';
import { ContextKeys } from './ui/context';
import { contextValues, type ContextValues } from './ui/contextValues';
import { CopyFile } from './ui/clipboard/copyFile';
import { ItemView } from './ui/item/itemView';
import { offerDrafts } from './ui/item/offerDrafts';
import { FolderFiles } from './platform/folderFiles';
import { FolderWatch } from './platform/folderWatch';
import { OwnFiles } from './platform/ownFiles';
import { Milestones } from './ui/milestones';
import { showNotices } from './ui/notices';
import { ErrorReporter } from './ui/errors/errorReporter';
import { LastServer } from './ui/signIn/lastServer';
import { FollowUp } from './ui/search/followUp';
import type { SearchKey } from './ui/search/searchKeys';
import type { GeneratorKey } from './ui/generator/generatorKeys';
import { OpenKeys } from './ui/openKeys';
import { StatusBar } from './ui/status/statusBar';
import { Expansion } from './ui/tree/expansion';
import { VaultTree } from './ui/tree/vaultTree';
import { followPresentationMode, isPresenting, onDidChangePresenting } from './ui/presentation';
import { ItemValues } from './ui/values/itemValues';
import type { Session, WindowParts } from './account/session';
import { Sessions } from './account/sessions';

let tidyUpAtEnd: (() => Promise<unknown>) | undefined;

/** Builds each object once, in order. Nothing here waits, asks, or reaches for the network. */
export function activate(context: vscode.ExtensionContext): void {
  const logs = vscode.window.createOutputChannel('Vaultside for Bitwarden', { log: true });
  const log = logger(logs);
  // In a browser each page reads the stored secrets when it is loaded, and learns of no later change.
  const secrets = secretStore(context.secrets, vscode.env.uiKind === vscode.UIKind.Desktop);
  const folder = context.globalStorageUri.fsPath;
  const changes = new FolderWatch(folder);
  const files = new FolderFiles(folder);
  const ownFolder = vscode.Uri.joinPath(context.globalStorageUri, 'own').fsPath;
  const local = new OwnFiles(ownFolder);
  const parts: WindowParts = {
    secrets,
    files,
    scratch: local,
    changes,
    clock: systemClock,
    log,
    connect,
    keeper: {
      connect: async (secret, options) => {
        const { KeeperClient } = await import('./keeper/keeperClient');
        const program = vscode.Uri.joinPath(context.extensionUri, 'dist', 'keeper.js').fsPath;
        return new KeeperClient({ program, storage: folder }).connect(secret, options);
      },
    },
  };
  const sessions = new Sessions(parts, new ChosenAccount(context.workspaceState, context.globalState));
  const session = sessions.active;
  const presentation = followPresentationMode();
  const tree = new VaultTree(sessions, new Expansion(context.workspaceState), systemClock);
  const milestones = new Milestones();
  const contextOf = ({ state }: Pick<Session, 'state'>): ContextValues =>
    contextValues(state, {
      severalAccounts: sessions.all.length > 1,
      filtered: tree.filterQuery !== undefined,
      itemOpen: itemView.isOpen,
      formFocused: itemView.focusedForm !== undefined,
      presenting: isPresenting(),
      ...milestones.values,
      searchOpen: openSearch.isOpen,
      generatorOpen: generator.keys.isOpen,
    });
  const currentContext = () => contextOf(session);
  const isAvailableNow = (id: CommandId) => isAvailable(id, currentContext());
  const reporter = new ErrorReporter(log, (id, whose) => isAvailable(id, contextOf(whose)), sessions);
  const clipboard = new Clipboard(systemClock, new CopyFile(secrets, files), changes);
  const values = new ItemValues(session, clipboard, systemClock);
  const openSearch = new OpenKeys<SearchKey>();
  const generator = {
    keys: new OpenKeys<GeneratorKey>(),
    memory: context.globalState,
    words: async () => {
      const words = vscode.Uri.joinPath(context.extensionUri, 'dist', 'eff_large_wordlist.txt');
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(words));
    },
    strength: vscode.Uri.joinPath(context.extensionUri, 'dist', 'strength.js').fsPath,
  };
  const { onDidCopy } = values;
  const followUp = new FollowUp({ onDidCopy, onDidLock: session.onDidLock, clock: systemClock });
  const pages = vscode.Uri.joinPath(context.extensionUri, 'dist', 'pages');
  const makePassword = async (of: Session) => {
    const { passwordAsChosen } = await import('./ui/generator/passwordAsChosen');
    return passwordAsChosen(generator, of);
  };
  const inPages = { session, values, clipboard, clock: systemClock, reporter, makePassword };
  const itemView = new ItemView({ ...inPages, folder: pages });
  const shownFiles = new ShownFiles(local, ownFolder, (error) => reporter.record('files', error));
  const keys = new ContextKeys();
  const showState = () => keys.update(currentContext());
  const started = sessions.start();
  const tidyUp = () => {
    clipboard.clear().catch((error: unknown) => reporter.failure('clear clipboard', error));
  };
  tidyUpAtEnd = () => Promise.allSettled([clipboard.clear(), shownFiles.clear()]);

  context.subscriptions.push(
    logs,
    presentation,
    changes,
    sessions,
    clipboard,
    values,
    tree,
    itemView,
    shownFiles,
    followUp,
    new StatusBar(sessions, isAvailableNow),
    sessions.onDidChange(showState),
    tree.onDidChangeFilter(showState),
    itemView.onDidChange(showState),
    onDidChangePresenting(showState),
    milestones.onDidReach(showState),
    values.onDidCopy(() => milestones.reach('hasCopied')),
    openSearch.onDidChange(showState),
    generator.keys.onDidChange(showState),
    sessions.onDidLock(tidyUp),
    // A client_secret can be on the clipboard though the vault was never unlocked.
    session.onDidChange(({ kind }) => {
      if (kind === 'signedOut') tidyUp();
    }),
    showNotices(sessions, reporter),
    offerDrafts(session, reporter),
    runInBackground(sessions, systemClock, log),
    registerCommands(
      {
        ...{
          sessions,
          clipboard,
          values,
          tree,
          itemView,
          local,
          shownFiles,
          openSearch,
          generator,
          followUp,
          milestones,
          reporter,
          logs,
          makePassword,
        },
        lastServer: new LastServer(context.globalState),
        context: currentContext,
      },
      started,
    ),
  );
}

/**
 * Clears the clipboard and deletes the files that are shown when VS Code turns the extension off. When a window closes, this comes too late: VS Code then lets
 * no extension reach the clipboard.
 */
export async function deactivate(): Promise<void> {
  await tidyUpAtEnd?.();
}

/** The HTTP client is loaded at the first request, so that starting up does not wait for it. */
async function connect(deviceIdentifier: string) {
  const [{ HttpClient }, { default: fetch }] = await Promise.all([
    import('./bitwarden/http/client'),
    import('node-fetch'),
  ]);
  return new HttpClient(fetch, clientIdentity(process.platform, deviceIdentifier));
}
