import { createAccount } from '../../server/accounts';
import type { Fault } from '../../server/faults';
import { misbehaviours } from '../../server/misbehaviours';
import type { Account } from '../../server/model';
import { startServer } from '../../server/server';
import { ItemForm } from '../host/itemForm';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import { typeInKey } from '../workbench/typeInKey';
import { Vaultside } from '../workbench/vaultside';
import { browserStorage } from './browserStorage';
import { Content, MarkedAccount } from './markedAccount';
import { type Mark, textMark } from './marks';
import { childProcesses } from './processes';
import { filesUnder, type Place, Scanner } from './scan';

/** A VS Code in which everything is done that touches a secret, with two accounts. All the secrets are known. */
export class MarkedSession {
  readonly #first: MarkedAccount;
  readonly #generated: string[] = [];

  private constructor(
    readonly vaultside: Vaultside,
    content: Content,
    private readonly second: MarkedAccount,
  ) {
    this.#first = new MarkedAccount(vaultside.server, content);
  }

  static async open(): Promise<MarkedSession> {
    const [first, second] = [new Content(), new Content()];
    const vaultside = await Vaultside.open({ account: first.options, server: { hub: true }, allBuiltIns: true });
    const { id, clientId } = vaultside.server.account;
    // The same user id at two servers.
    const account = { ...(await createAccount(second.options)), id, clientId };
    const server = await startServer({ dialect: 'vaultwarden', accounts: [account] });
    return new MarkedSession(vaultside, first, new MarkedAccount(server, second));
  }

  async close(): Promise<void> {
    await this.vaultside.close();
    await this.second.server.close();
  }

  get #account(): Account {
    return this.#first.account;
  }

  /** What must not be found anywhere. */
  async secrets(): Promise<Mark[]> {
    const generated = this.#generated.map((text, at) => textMark(`generated ${at + 1}`, text));
    return [...generated, ...(await this.#first.secrets()), ...(await this.second.secrets())];
  }

  /** See MarkedAccount.itemNames. */
  names(): Mark[] {
    return [...this.#first.itemNames(), ...this.second.itemNames()];
  }

  /** See MarkedAccount.publicNames. */
  publicNames(): Mark[] {
    return [...this.#first.publicNames(), ...this.second.publicNames()];
  }

  /** Everything that VS Code, the browser and we have written so far, and the processes that run now. */
  async places(): Promise<Place[]> {
    return [
      ...filesUnder(this.vaultside.vscode.server.home),
      ...filesUnder(new URL(this.vaultside.vscode.page.url()).searchParams.get('folder') ?? ''),
      ...(await browserStorage(this.vaultside.vscode.page)),
      ...childProcesses(this.vaultside.vscode.server.keepers()),
    ];
  }

  /** What each server was sent of its own account, and of that of the other one. */
  async sentToServers(): Promise<{ readonly own: readonly string[][]; readonly other: readonly string[][] }> {
    const sent = async (of: MarkedAccount, to: MarkedAccount) =>
      new Scanner([...(await of.secrets()), ...of.itemNames(), ...of.publicNames()]).leaksIn(to.requests());
    return {
      own: [await sent(this.#first, this.#first), await sent(this.second, this.second)],
      other: [await sent(this.#first, this.second), await sent(this.second, this.#first)],
    };
  }

  async useEverything(): Promise<void> {
    await this.#logEverything();
    await this.#signIn();
    await this.#unlock();
    await this.#listen();
    await this.#browse();
    await this.#copyAndShow();
    await this.#generate();
    await this.#write();
    await this.#openFile();
    await this.#viewApiKey();
    await this.#rotate();
    await this.#loseRotation();
    await this.#stopListening();
    await this.#replaceStaleKey();
    await this.#failToSync();
    await this.#lockAndReload();
    await this.#useBothAccounts();
  }

  /** Locks and removes both accounts. */
  async signOut(): Promise<void> {
    const { workbench, quickInput, vscode } = this.vaultside;
    await workbench.runCommand('Bitwarden: Lock All Vaults');
    await until('the keeper to end', () => vscode.server.keepers().length === 0);
    await workbench.runCommand('Bitwarden: Sign Out');
    await quickInput.waitForPlaceholder('Sign out which account?');
    await quickInput.choose(this.second.account.email);
    await workbench.pressModal('Sign Out');
    await this.vaultside.waitForState('locked');
    await workbench.runCommand('Bitwarden: Sign Out');
    await workbench.pressModal('Sign Out');
    await workbench.tree('Vault').welcome().getByText('Sign In with API Key').first().waitFor();
  }

  /** Sets the log levels so that the logs contain everything that VS Code or we ever log. */
  async #logEverything(): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand('Developer: Set Log Level...');
    await workbench.quickInput.choose('Trace');
  }

  async #signIn(): Promise<void> {
    const { workbench, quickInput } = this.vaultside;
    await workbench.runCommand('Bitwarden: Sign In with API Key');
    await quickInput.choose('Self-hosted');
    await this.#answer('https://vault.example.org', this.vaultside.server.url);
    await this.#answer('user.…', this.#account.clientId);
    await this.#answer('client_secret', this.#first.words.wrongClientSecret);
    await quickInput.waitForMessage(/does not accept this API key/);
    await quickInput.submit(this.#account.clientSecret);
  }

  async #listen(): Promise<void> {
    const { hub } = this.vaultside.server;
    await until('the hub to be listened to', () => hub.listeners === 1);
  }

  /** Answers the question for the master password that follows the sign-in. */
  async #unlock(): Promise<void> {
    const { quickInput } = this.vaultside.workbench;
    await quickInput.waitFor('Unlock Vault');
    await quickInput.submit(this.#first.words.wrongPassword);
    await quickInput.waitForMessage(/Wrong master password/);
    await quickInput.submit(this.#first.words.masterPassword);
    await this.vaultside.waitForState('unlocked');
  }

  async #browse(): Promise<void> {
    const { workbench, tree } = this.vaultside;
    await tree.expand('Folders');
    await tree.expand(this.#first.names.folder);
    await tree.expand(this.#first.names.login);
    await tree.click(/^Password/);
    await tree.click(/^Username/);
    await tree.tooltip(this.#first.names.login);
    await this.#viewItems();
    await workbench.runCommand('Bitwarden: Filter Items');
    await workbench.quickInput.submit(this.#first.names.card);
    await tree.expand(this.#first.names.card);
    await tree.click(/^Number/);
    await workbench.runCommand('Bitwarden: Clear Filter');
    await tree.waitForRow('Folders');
  }

  /** Reveals in the view under the tree, and in a tab. */
  async #viewItems(): Promise<void> {
    const { workbench, tree } = this.vaultside;
    const { login, note } = this.#first.names;
    const page = new ItemPage(workbench.page);
    await tree.click(login);
    await this.#revealAndCopy(login, this.#first.words.password);
    await workbench.runCommand('Bitwarden: View Item in Editor Tab');
    await this.#pick(note);
    await page.waitFor(note);
    await workbench.closeEditors();
  }

  /** In the page that shows this item. */
  async #revealAndCopy(item: string, password: string): Promise<void> {
    const { workbench } = this.vaultside;
    const page = new ItemPage(workbench.page);
    await page.waitFor(item);
    await page.focus('Password');
    await page.press(' ');
    await page.value('Password').filter({ hasText: password }).waitFor();
    await page.press('c');
    await until('the password to be copied', async () => (await workbench.clipboard()) === password);
  }

  async #copyAndShow(): Promise<void> {
    const { login, note, sshKey, card, guarded, field, shared } = this.#first.names;
    const words = this.#first.words;
    await this.#copy('Copy Password', login, words.password);
    await this.#copy('Copy Username', login, this.#first.names.username);
    await this.#copy('Copy TOTP', login, /^\d{6}$/);
    await this.#copy('Copy Field', login, words.hiddenField, field);
    await this.#copy('Copy Field', card, words.cardNumber, 'Number');
    await this.#copy('Copy Field', note, words.note, 'Notes');
    await this.#copy('Copy Field', sshKey, words.privateKey, 'Private key');
    await this.#copy('Copy Password', shared, words.organizationPassword);
    await this.#show(login, 'Password', words.password);
    await this.#read(sshKey, 'Private key', words.privateKey);
    await this.#copyGuarded(guarded);
  }

  async #copy(command: string, item: string, expected: string | RegExp, field?: string | RegExp): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand(`Bitwarden: ${command}`);
    await this.#pick(item);
    if (field !== undefined) {
      await workbench.quickInput.waitFor(item);
      await workbench.quickInput.choose(field);
    }
    await until(`"${command}" to fill the clipboard`, async () => {
      const text = await workbench.clipboard();
      return typeof expected === 'string' ? text === expected : expected.test(text);
    });
  }

  /**
   * Picks an item by its name. The name is unlike all others, so the search ends with this row alone, which may have
   * been the only one before.
   */
  async #pick(item: string): Promise<void> {
    const { quickInput } = this.vaultside;
    await quickInput.type(item);
    await until(`${item} alone to be found`, async () => {
      const labels = (await quickInput.rows()).map(({ label }) => label);
      return labels.length === 1 && labels[0] === item;
    });
    await quickInput.submit();
  }

  /** Copies from an item that asks for the master password again. A wrong one is given first. */
  async #copyGuarded(item: string): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand('Bitwarden: Copy Password');
    await this.#pick(item);
    await workbench.quickInput.waitFor('Master Password Needed');
    await workbench.quickInput.submit(this.#first.words.wrongPassword);
    await workbench.quickInput.waitForMessage(/Wrong master password/);
    await workbench.quickInput.submit(this.#first.words.masterPassword);
    await until(
      'the guarded password',
      async () => (await workbench.clipboard()) === this.#first.words.guardedPassword,
    );
  }

  async #show(item: string, field: string, value: string): Promise<void> {
    const { quickInput } = this.vaultside.workbench;
    await this.vaultside.workbench.runCommand('Bitwarden: Show Field');
    await this.#pick(item);
    await quickInput.waitFor(item);
    await quickInput.choose(field);
    const [line = ''] = value.split('\n');
    await quickInput.row(line).waitFor();
    await quickInput.cancel();
  }

  /** Shows what has many lines, in the page of its item. */
  async #read(item: string, field: string, value: string): Promise<void> {
    const page = new ItemPage(this.vaultside.workbench.page);
    await this.vaultside.workbench.runCommand('Bitwarden: Show Field');
    await this.#pick(item);
    await this.vaultside.workbench.quickInput.choose(field);
    const [line = ''] = value.split('\n');
    await page.value(field).filter({ hasText: line }).waitFor();
    await page.press('Escape');
  }

  /** Generates a password and copies it, by which it is kept, and once more from the history. */
  async #generate(): Promise<void> {
    const { workbench, quickInput } = this.vaultside;
    await workbench.runCommand('Bitwarden: Generate Password');
    const row = await until('a password', async () =>
      (await quickInput.rows()).find(({ description }) => description === 'strong'),
    );
    this.#generated.push(row.label);
    await quickInput.submit();
    await until('it to be copied', async () => (await workbench.clipboard()) === row.label);
    await workbench.writeClipboard('');
    await workbench.runCommand('Bitwarden: Generator History');
    await quickInput.row(/^•+$/).waitFor();
    await quickInput.submit();
    await until('it to be copied again', async () => (await workbench.clipboard()) === row.label);
  }

  /** Leaves what was typed into a form as a draft, and saves what was typed into another one. */
  async #write(): Promise<void> {
    const { workbench } = this.vaultside;
    const form = new ItemForm(workbench.page);
    const edit = async (item: string, label: string, text: string) => {
      await workbench.runCommand('Bitwarden: Edit Item');
      await this.#pick(item);
      await form.waitFor(`Edit ${item}`);
      await form.fill(label, text);
      await form.badge.waitFor();
    };
    await edit(this.#first.names.login, 'Password', this.#first.words.draft);
    await form.press('Escape');
    await form.button('Continue Editing').waitFor();
    await edit(this.#first.names.card, 'Security code', this.#first.words.newCode);
    await form.button('Save').click();
    await form.waitForFocus('Number');
  }

  /** Opens an attachment, which stays open until the vault locks. */
  async #openFile(): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand('Bitwarden: Open Attachment');
    await this.#pick(this.#first.names.login);
    await workbench.pressModal('Open Attachment');
    await workbench.page.locator('.view-line', { hasText: this.#first.words.file }).waitFor();
  }

  /** Answers the question for the master password in the step with this title. */
  async #confirm(title: string): Promise<void> {
    const { quickInput } = this.vaultside.workbench;
    await quickInput.waitFor(title);
    await quickInput.submit(this.#first.words.masterPassword);
  }

  async #viewApiKey(): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand('Bitwarden: View API Key');
    await workbench.quickInput.waitFor('View API Key');
    await workbench.quickInput.submit(this.#first.words.wrongPassword);
    await workbench.quickInput.waitForMessage('Wrong master password. Try again.');
    await this.#confirm('View API Key');
    await workbench.pressNotification(/client_secret is on the clipboard/, 'Show client_secret');
    await workbench.quickInput.waitFor('client_secret');
    await workbench.quickInput.cancel();
  }

  async #rotate(): Promise<void> {
    const { workbench, quickInput } = this.vaultside;
    await this.#startRotation();
    await quickInput.waitUntilGone();
    await workbench.runCommand('Bitwarden: Deauthorize All Sessions');
    await workbench.pressModal('Deauthorize All Sessions');
    await this.#confirm('Deauthorize All Sessions');
    await quickInput.waitUntilGone();
    this.#first.noteClientSecret();
  }

  async #startRotation(): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand('Bitwarden: Rotate API Key');
    await workbench.pressModal('Rotate API Key');
    await this.#confirm('Rotate API Key');
  }

  /** A rotation whose answer is lost, so that the new key has to be fetched. */
  async #loseRotation(): Promise<void> {
    const { workbench } = this.vaultside;
    const faults = ['/api/accounts/rotate-api-key', '/api/accounts/api-key'].map((route) =>
      this.vaultside.server.faults.arm(route, misbehaviours.dropAnswer),
    );
    await this.#startRotation();
    await workbench.waitForStatus('vaultside.status', /Finish Rotation/);
    for (const fault of faults) fault.remove();
    this.#first.noteClientSecret();
    await workbench.runCommand('Bitwarden: Finish Rotation');
    await this.#confirm('Finish Rotation');
    await this.vaultside.waitForState('unlocked');
  }

  /** Whoever listens finds out about a stale token before the user does. */
  async #stopListening(): Promise<void> {
    const { hub } = this.vaultside.server;
    hub.faults.status = 404;
    hub.close();
    await until('nobody to listen', () => hub.listeners === 0);
  }

  /** The key is rotated elsewhere. The user types the new client_secret, after a wrong one. */
  async #replaceStaleKey(): Promise<void> {
    const { workbench } = this.vaultside;
    this.vaultside.server.rotateApiKey();
    this.vaultside.server.expireTokens();
    const current = this.#first.noteClientSecret();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await workbench.waitForStatus('vaultside.status', /Key Rejected/);
    await workbench.runCommand('Bitwarden: Enter New client_secret');
    await this.#answer('client_secret', this.#first.words.wrongClientSecret);
    await workbench.quickInput.waitForMessage(/does not accept this API key/);
    await workbench.quickInput.submit(current);
    await this.vaultside.waitForState('unlocked');
  }

  /** Syncs with each kind of failure: each has its own log line. One server repeats what it was sent. */
  async #failToSync(): Promise<void> {
    const { workbench } = this.vaultside;
    const { clientSecret, masterPasswordHash } = this.#account;
    const said = `no "${clientSecret}" ${masterPasswordHash} ${this.#first.tokens.at(-1) ?? ''}`;
    const echo: Fault = { kind: 'answer', reply: { status: 400, json: { message: said, error_description: said } } };
    const { serverError, jsonNull, truncatedJson, loginPage, proxyForbids, cutOff } = misbehaviours;
    for (const fault of [echo, serverError, jsonNull, truncatedJson, loginPage, proxyForbids, cutOff]) {
      const armed = this.vaultside.server.faults.arm('/api/sync', fault);
      await workbench.runCommand('Bitwarden: Sync Vault');
      await workbench.waitForStatus('vaultside.status', /Sync Failed|Offline/);
      armed.remove();
      await workbench.runCommand('Bitwarden: Sync Vault');
      await this.vaultside.waitForState('unlocked');
    }
  }

  /** Locks and reloads, so that the stored data are read again and another window writes logs. */
  async #lockAndReload(): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand('Bitwarden: Lock Vault');
    await this.vaultside.waitForState('locked');
    await this.vaultside.vscode.reload();
    await this.vaultside.waitForState('locked');
    await this.#logEverything();
    await workbench.runCommand('Bitwarden: Unlock Vault');
    await this.#unlock();
    await this.#copy('Copy Password', this.#first.names.login, this.#first.words.password);
  }

  /**
   * Adds the other account, reveals and copies there, copies from the first one by a search over both, locks one of them and
   * goes on with the other.
   */
  async #useBothAccounts(): Promise<void> {
    const { workbench, quickInput } = this.vaultside;
    const { email, clientId, clientSecret } = this.second.account;
    const { words, names, server } = this.second;
    await typeInKey(workbench, { server: server.url, clientId, clientSecret }, false, 'Bitwarden: Add Account');
    await quickInput.waitForMessage(`Master password of ${email}`);
    await quickInput.submit(words.masterPassword);
    await this.vaultside.waitForState(`${email}, unlocked`);
    await this.#copy('Copy Password', names.shared, words.organizationPassword);
    await workbench.runCommand('Bitwarden: View Item in Editor Tab');
    await this.#pick(names.login);
    await this.#revealAndCopy(names.login, words.password);
    await workbench.closeEditors();

    await workbench.runCommand('Bitwarden: Search Vault');
    await quickInput.press('Search All Accounts');
    await quickInput.waitForPlaceholder('Search all accounts');
    await this.#pick(this.#first.names.login);
    await until('the password', async () => (await workbench.clipboard()) === this.#first.words.password);

    await workbench.runCommand('Bitwarden: Lock Vault');
    await this.vaultside.waitForState(`${email}, locked`);
    await workbench.runCommand('Bitwarden: Switch Account');
    await quickInput.choose(this.#account.email);
    await this.vaultside.waitForState(`${this.#account.email}, unlocked`);
    await this.#copy('Copy Username', this.#first.names.login, this.#first.names.username);
  }

  /** Types into the step with this placeholder. */
  async #answer(placeholder: string, text: string): Promise<void> {
    const { quickInput } = this.vaultside.workbench;
    await until(`the step "${placeholder}"`, async () => {
      return (await quickInput.box.isEditable()) && (await quickInput.placeholder()) === placeholder;
    });
    await quickInput.submit(text);
  }
}
