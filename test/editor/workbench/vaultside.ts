import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createAccount, type AccountOptions } from '../../server/accounts';
import { startServer, type ServerOptions, type TestServer } from '../../server/server';
import { projectRoot, versionUnderTest } from '../host/installed';
import { openVSCode, type OpenOptions, type VSCode } from '../host/openVSCode';
import type { QuickInput } from '../host/quickInput';
import type { Tree } from '../host/tree';
import { until } from '../host/until';
import type { Workbench } from '../host/workbench';
import { typeInKey } from './typeInKey';

export type Setup = Partial<
  Pick<OpenOptions, 'settings' | 'shortcuts' | 'trusted' | 'env' | 'extensionDir' | 'viewport' | 'version'>
> & {
  account?: AccountOptions;
  server?: Partial<Omit<ServerOptions, 'accounts'>>;
  /** Environment variables that need to know the account. */
  envOf?: (server: TestServer) => Record<string, string>;
  /** Files of the folder that is open, by their path in it. */
  files?: Record<string, string>;
};

/** One VS Code with the extension, one server with an account, and the steps that most tests begin with. */
export class Vaultside {
  readonly workbench: Workbench;
  readonly quickInput: QuickInput;
  readonly tree: Tree;

  private constructor(
    public server: TestServer,
    readonly vscode: VSCode,
    private readonly serverOptions: Omit<ServerOptions, 'accounts'>,
    private readonly workspace: string,
    /** The environment holds a key. */
    private readonly offersKey: boolean,
  ) {
    this.workbench = vscode.workbench;
    this.quickInput = vscode.workbench.quickInput;
    this.tree = vscode.workbench.tree('Vault');
  }

  static async open(setup: Setup = {}): Promise<Vaultside> {
    const serverOptions = { dialect: 'official' as const, ...setup.server };
    const server = await startServer({ ...serverOptions, accounts: [await createAccount(setup.account)] });
    const env = { ...setup.env, ...setup.envOf?.(server) };
    const workspace = newFolder({ 'hello.txt': 'Hello.\n', ...setup.files });
    let vscode: VSCode | undefined;
    try {
      vscode = await openVSCode({
        version: setup.version ?? versionUnderTest(),
        extensionDir: setup.extensionDir ?? process.env.EXTENSION_DIR ?? projectRoot,
        workspace,
        settings: { 'workbench.editor.useModal': 'off', ...setup.settings },
        ...(setup.shortcuts && { shortcuts: setup.shortcuts }),
        ...(setup.viewport && { viewport: setup.viewport }),
        ...(setup.trusted !== undefined && { trusted: setup.trusted }),
        env,
      });
      const vaultside = new Vaultside(server, vscode, serverOptions, workspace, 'BW_CLIENTID' in env);
      vscode.context.setDefaultTimeout(60_000);
      await vaultside.waitForState('signed out');
      await vscode.workbench.openSideBar('Bitwarden');
      return vaultside;
    } catch (error) {
      await vscode?.close();
      await server.close();
      rmSync(workspace, { recursive: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.vscode.close();
    await this.server.close();
    rmSync(this.workspace, { recursive: true });
  }

  /** Waits until the status bar tells a screen reader this: "locked", "unlocked", "unlocked, Offline", … */
  async waitForState(spoken: string, workbench = this.workbench): Promise<void> {
    const name = `Bitwarden, ${spoken}`;
    await workbench.statusBarItem('vaultside.status').getByRole('button', { name, exact: true }).waitFor();
  }

  /** As waitForState takes it; "signed out" where nobody is signed in. */
  async state(): Promise<string> {
    const item = this.workbench.statusBarItem('vaultside.status').getByRole('button').first();
    return ((await item.getAttribute('aria-label')) ?? '').replace('Bitwarden, ', '');
  }

  async signOut(): Promise<void> {
    await this.workbench.runCommand('Bitwarden: Sign Out');
    await this.workbench.pressModal('Sign Out');
    await this.waitForState('signed out');
  }

  /** Where a test begins that does not care what those before it have done: nobody is signed in. */
  async beginSignedOut(): Promise<void> {
    await this.workbench.dismiss();
    if ((await this.state()) !== 'signed out') await this.signOut();
  }

  /** Where a test begins that does not care what those before it have done: all is well, and the vault is open. */
  async beginUnlocked(): Promise<void> {
    if ((await this.afterSyncing()) === 'unlocked') return;
    await this.beginSignedOut();
    await this.signInAndUnlock();
  }

  /** With the key typed in, also where the environment holds one. */
  async signIn(): Promise<void> {
    await this.enterKey();
    await this.quickInput.waitFor('Unlock Vault');
    await this.afterSyncing();
  }

  /** All steps of the sign-in; what comes of it is seen then. */
  async enterKey(): Promise<void> {
    const { url, account } = this.server;
    await typeInKey(this.workbench, { server: url, ...account }, this.offersKey);
  }

  /** For an account without a master password, which is told so. */
  async signInWithoutUnlocking(): Promise<void> {
    await this.enterKey();
    await this.quickInput.waitUntilGone();
    await this.workbench.waitForNotification('This account has no master password');
    await this.afterSyncing();
  }

  /** The state once no sync is under way. */
  async afterSyncing(): Promise<string> {
    return until('an end of syncing', async () => {
      const now = await this.state();
      return now.includes('Syncing') ? undefined : now;
    });
  }

  async signInAndUnlock(): Promise<void> {
    await this.signIn();
    await this.enterMasterPassword();
    await this.waitForState('unlocked');
  }

  async unlock(): Promise<void> {
    await this.workbench.runCommand('Bitwarden: Unlock Vault');
    await this.quickInput.waitFor('Unlock Vault');
    await this.enterMasterPassword();
    await this.workbench.openSideBar('Bitwarden');
    await this.tree.waitForRow('Types');
  }

  async lock(): Promise<void> {
    await this.workbench.runCommand('Bitwarden: Lock Vault');
    await this.tree.welcome().getByText('The vault is locked.').waitFor();
  }

  /** Into the box that is open. */
  async enterMasterPassword(password = this.server.account.password): Promise<void> {
    await this.quickInput.submit(password);
    await this.quickInput.waitUntilGone();
  }

  /** Types into the list that is open, and presses Enter once the best match is this one. */
  async searchFor(text: string, best: string): Promise<void> {
    await this.quickInput.type(text);
    await until(`"${best}" to come first`, async () => (await this.quickInput.rows())[0]?.label === best);
    await this.quickInput.submit();
  }

  /** Nobody can reach the server any more. */
  async takeServerDown(): Promise<void> {
    await this.server.close();
  }

  /** The server is back at its old address, with its accounts, and remembers no session. */
  async bringServerBack(): Promise<void> {
    const { accounts, url } = this.server;
    this.server = await startServer({ ...this.serverOptions, accounts, port: Number(new URL(url).port) });
  }

  /** All that the page holds: text, attributes, styles, and what stands in input boxes. */
  async wholePage(): Promise<string> {
    return this.vscode.page.evaluate(`
      document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((box) => box.value).join('\\n')
    `);
  }

  /** The extension's global storage. */
  get storage(): string {
    return join(this.vscode.server.userDir, 'globalStorage', 'vaultside.vaultside');
  }

  /** What is in there, but for that somebody has signed out. */
  storedFiles(): string[] {
    return existsSync(this.storage)
      ? readdirSync(this.storage)
          .filter((name) => !name.endsWith('.signedOut'))
          .sort()
      : [];
  }

  /** The random id of the account that is signed in, as its files have it. */
  get accountId(): string {
    const [file = ''] = this.storedFiles();
    return file.split('.')[0] ?? '';
  }

  /** What is in there while somebody is signed in and nothing under way. */
  get filesOfAccount(): string[] {
    return ['accountVersion', 'kdf', 'sessionVersion', 'vault'].map((kind) => `${this.accountId}.${kind}`);
  }
}

function newFolder(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'vaultside-folder-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
