import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createAccount, type AccountOptions } from '../../server/accounts';
import { startServer, type ServerOptions, type TestServer } from '../../server/server';
import { projectRoot, versionUnderTest } from '../host/installed';
import type { VSCode } from '../host/openVSCode';
import type { QuickInput } from '../host/quickInput';
import type { Tree } from '../host/tree';
import { until } from '../host/until';
import type { Workbench } from '../host/workbench';
import { describeFailure } from './failure';
import {
  closeWindow,
  type EditorWindow,
  leaveWindow,
  openWindow,
  takeWindow,
  type WindowOptions,
} from './sharedWindow';
import { typeInKey } from './typeInKey';

export type Setup = Partial<Omit<WindowOptions, 'acceptsTestSuite' | 'vsix' | 'shortcuts'>> & {
  account?: AccountOptions;
  server?: Partial<Omit<ServerOptions, 'accounts'>>;
  /** The environment has the account's API key. */
  keyInEnvironment?: boolean;
};

/** The same for every account, so that suites can share a window with it in its environment. */
const keyId = '5f0c6f3e-52a1-4d8a-9a53-6a7d2f6ea001';
const keyInEnvironment = { BW_CLIENTID: `user.${keyId}`, BW_CLIENTSECRET: 'KeyThatTheEnvironmentHolds1234' };

/** For what is done while a box is open: the palette would close it. */
const shortcuts = {
  'vaultside.lock': 'ctrl+alt+l',
  'vaultside.signOut': 'ctrl+alt+o',
  'vaultside.openLogs': 'ctrl+alt+g',
};

/**
 * So long that nothing is cleared in the middle of a test. A clock that a test puts ahead, and a machine that is busy with
 * others, look like one that has slept.
 */
const settings = { 'vaultside.clipboard.clearAfterSeconds': 3600, 'vaultside.lockOnSleep': false };

/** A VS Code with the extension, a server with an account, and the steps with which most tests begin. */
export class Vaultside {
  readonly vscode: VSCode;
  readonly workbench: Workbench;
  readonly quickInput: QuickInput;
  readonly tree: Tree;

  private constructor(
    public server: TestServer,
    private readonly window: EditorWindow,
    private readonly serverOptions: Omit<ServerOptions, 'accounts'>,
    /** The environment has a key, and the sign-in offers it. */
    private readonly offersKey: boolean,
  ) {
    this.vscode = window.vscode;
    this.workbench = this.vscode.workbench;
    this.quickInput = this.workbench.quickInput;
    this.tree = this.workbench.tree('Vault');
  }

  /** Opens a VS Code for this suite alone. */
  static open(setup: Setup = {}): Promise<Vaultside> {
    return Vaultside.#begin(setup, openWindow);
  }

  /** Uses the VS Code that another suite has left, if it was started the same way. */
  static share(setup: Setup): Promise<Vaultside> {
    return Vaultside.#begin(setup, takeWindow);
  }

  static async #begin(
    { account, server: ofServer, keyInEnvironment: holdsKey = false, ...ofWindow }: Setup,
    windowOf: (options: WindowOptions) => Promise<EditorWindow>,
  ): Promise<Vaultside> {
    // Where a hub is, the extension asks for changes whenever it has connected, which few tests expect.
    const serverOptions = { dialect: 'official' as const, hub: false, ...ofServer };
    const created = await createAccount(account);
    const { BW_CLIENTID: clientId, BW_CLIENTSECRET: clientSecret } = keyInEnvironment;
    if (holdsKey) Object.assign(created, { id: keyId, clientId, clientSecret });
    const server = await startServer({ ...serverOptions, accounts: [created] });
    const env = { ...ofWindow.env, ...(holdsKey && keyInEnvironment) };
    let window: EditorWindow | undefined;
    try {
      window = await windowOf({
        extensionDir: process.env.EXTENSION_DIR ?? projectRoot,
        shortcuts,
        ...ofWindow,
        version: ofWindow.version ?? versionUnderTest(),
        settings: { ...settings, ...ofWindow.settings },
        env,
      });
      const vaultside = new Vaultside(server, window, serverOptions, 'BW_CLIENTID' in env);
      await vaultside.waitForState('signed out');
      await window.vscode.workbench.openSideBar('Bitwarden');
      return vaultside;
    } catch (error) {
      try {
        if (window !== undefined) {
          await describeFailure('A window that does not become ready', window.vscode.workbench);
          await closeWindow(window);
        }
      } finally {
        await server.close();
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await closeWindow(this.window);
    await this.server.close();
  }

  /** Ends the server, and leaves VS Code as after its start to the next suite. */
  async leave(): Promise<void> {
    try {
      await this.#tidyUp();
      await leaveWindow(this.window);
    } catch (error) {
      // A window that cannot be tidied up is of no use to others.
      console.log(`    a VS Code is not left to the next suite: ${String(error)}\n${await this.workbench.onScreen()}`);
      await closeWindow(this.window);
    } finally {
      await this.server.close();
    }
  }

  async #tidyUp(): Promise<void> {
    const { context, page } = this.vscode;
    for (const other of context.pages()) if (other !== page) await other.close();
    await page.bringToFront();
    await this.beginSignedOut();
    await this.workbench.clearNotifications();
    await this.workbench.closeEditors();
    await this.workbench.closePanel();
    await this.workbench.writeClipboard('');
  }

  /** Waits until the status bar tells a screen reader this: "locked", "unlocked", "unlocked, Offline", … */
  async waitForState(spoken: string, workbench = this.workbench): Promise<void> {
    const name = `Bitwarden, ${spoken}`;
    await workbench.statusBarItem('vaultside.status').getByRole('button', { name, exact: true }).waitFor();
  }

  /** The state as waitForState takes it; "signed out" where nobody is signed in. */
  async state(workbench = this.workbench): Promise<string> {
    const item = workbench.statusBarItem('vaultside.status').getByRole('button').first();
    return ((await item.getAttribute('aria-label')) ?? '').replace('Bitwarden, ', '');
  }

  async signOut(): Promise<void> {
    await this.workbench.runCommand('Bitwarden: Sign Out');
    await this.workbench.pressModal('Sign Out');
    await this.waitForState('signed out');
  }

  /** Has nobody signed in, whatever the tests before have done. */
  async beginSignedOut(): Promise<void> {
    await this.workbench.dismiss();
    if ((await this.state()) !== 'signed out') await this.signOut();
  }

  /** Has somebody signed in with an open vault and no trouble, whatever the tests before have done. */
  async beginUnlocked(): Promise<void> {
    if ((await this.afterSyncing()) === 'unlocked') return;
    await this.beginSignedOut();
    await this.signInAndUnlock();
  }

  /** Signs in with a key that is typed in, also where the environment has one. */
  async signIn(): Promise<void> {
    await this.enterKey();
    await this.quickInput.waitFor('Unlock Vault');
    await this.afterSyncing();
  }

  /** Does all steps of the sign-in. Does not wait for the outcome. */
  async enterKey(): Promise<void> {
    const { url, account } = this.server;
    await typeInKey(this.workbench, { server: url, ...account }, this.offersKey);
  }

  /** Signs in to an account without a master password, and waits for the sentence that says so. */
  async signInWithoutUnlocking(): Promise<void> {
    await this.enterKey();
    await this.quickInput.waitUntilGone();
    await this.workbench.waitForNotification('This account has no master password');
    await this.afterSyncing();
  }

  /** Waits until no sync is under way, and returns the state. */
  async afterSyncing(workbench = this.workbench): Promise<string> {
    return until('an end of syncing', async () => {
      const now = await this.state(workbench);
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

  /** Unlocks in another window than the first one. */
  async unlockIn(window: Workbench): Promise<void> {
    await window.runCommand('Bitwarden: Unlock Vault');
    await window.quickInput.waitForMessage('Master password of');
    await window.quickInput.submit(this.server.account.password);
    await this.waitForState('unlocked', window);
  }

  /** Has the API key rotated, up to the question for a proof. */
  async confirmRotation(): Promise<void> {
    await this.workbench.runCommand('Bitwarden: Rotate API Key');
    await this.workbench.modal();
    await this.workbench.pressModal('Rotate API Key');
  }

  /** Rotates the API key, and waits until that is done. */
  async rotateApiKey(): Promise<void> {
    await this.confirmRotation();
    await this.quickInput.waitForMessage('Enter your master password to confirm.');
    await this.enterMasterPassword();
    await this.workbench.waitForNotification('The API key was rotated, and Vaultside is signed in with the new one.');
  }

  async lock(): Promise<void> {
    await this.workbench.runCommand('Bitwarden: Lock Vault');
    await this.tree.welcome().getByText('The vault is locked.').waitFor();
  }

  /** Enters the master password into the open box. */
  async enterMasterPassword(password = this.server.account.password): Promise<void> {
    await this.quickInput.submit(password);
    await this.quickInput.waitUntilGone();
  }

  /** Types into the open list, and presses Enter once this is the best match. */
  async searchFor(text: string, best: string): Promise<void> {
    await this.quickInput.type(text);
    await until(`"${best}" to come first`, async () => (await this.quickInput.rows())[0]?.label === best);
    await this.quickInput.submit();
  }

  /** Stops the server. */
  async takeServerDown(): Promise<void> {
    await this.server.close();
  }

  /** Starts the server again at its old address, with its accounts and without the sessions. */
  async bringServerBack(): Promise<void> {
    const { accounts, url } = this.server;
    this.server = await startServer({ ...this.serverOptions, accounts, port: Number(new URL(url).port) });
  }

  /** Everything in the page: text, attributes, styles and the content of input boxes. */
  async wholePage(): Promise<string> {
    return this.vscode.page.evaluate(`
      document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea')].map((box) => box.value).join('\\n')
    `);
  }

  /** The folder of the extension's global storage. */
  get storage(): string {
    return join(this.vscode.server.userDir, 'globalStorage', 'vaultside.vaultside');
  }

  /** The files in it, without the marks of accounts that were signed out. */
  storedFiles(): string[] {
    return existsSync(this.storage)
      ? readdirSync(this.storage)
          .filter((name) => !name.endsWith('.signedOut'))
          .sort()
      : [];
  }

  /** Waits until other windows, and this one after a reload, are unlocked along with this one. */
  async untilKept(): Promise<void> {
    await until('the keeper to have the key', () => this.storedFiles().some((name) => name.endsWith('.kept')));
  }

  /** The random id of the account that is signed in, as its files have it. */
  get accountId(): string {
    return (
      this.storedFiles()
        .find((name) => name.endsWith('.account'))
        ?.split('.')[0] ?? ''
    );
  }

  /** The files in it while somebody is signed in and nothing is under way. */
  get filesOfAccount(): string[] {
    return [...['account', 'kdf', 'session', 'vault'].map((kind) => `${this.accountId}.${kind}`), 'keeper'];
  }
}
