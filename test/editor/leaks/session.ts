import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { deriveMasterKey } from '../../../src/bitwarden/crypto/kdf';
import type { AccountOptions } from '../../server/accounts';
import type { Fault } from '../../server/faults';
import { misbehaviours } from '../../server/misbehaviours';
import type { Account } from '../../server/model';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import { Vaultside } from '../workbench/vaultside';
import { browserStorage } from './browserStorage';
import { textMark, type Mark } from './marks';
import { childProcesses } from './processes';
import { filesUnder, type Place } from './scan';
import { stretchMasterKey } from '../../../src/bitwarden/crypto/masterKey';
import { secretFromText } from '../../../src/base/secretBytes';

const unique = (what: string) => `${what}-${randomBytes(8).toString('hex')}`;

/** What the user types and stores. Every text is unlike any other, so that it is never found by chance. */
function makeWords() {
  return {
    masterPassword: `Mä§ter "${unique('pass')}" & 100% <of it>`,
    wrongPassword: `wröng "${unique('pass')}" + more`,
    wrongClientSecret: unique('WrongSecret').replace('-', ''),
    password: `pä ss"${unique('login')}\\`,
    guardedPassword: unique('reprompt'),
    totpSeed: Array.from(randomBytes(32), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join(''),
    hiddenField: unique('hidden'),
    note: `first line ${unique('note')}\nsecond line ${unique('note')}`,
    cardNumber: Array.from(randomBytes(16), (byte) => byte % 10).join(''),
    cardCode: unique('code'),
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${randomBytes(48).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`,
    oldPassword: unique('previous'),
    organizationPassword: unique('shared'),
  };
}

function makeNames() {
  return {
    username: unique('username'),
    login: unique('Login'),
    guarded: unique('Guarded'),
    card: unique('Card'),
    note: unique('Note'),
    sshKey: unique('SSH'),
    shared: unique('Shared'),
    folder: unique('Folder'),
    collection: unique('Collection'),
    field: unique('Field'),
  };
}

/** A VS Code in which everything is done that touches a secret. All the secrets are known. */
export class MarkedSession {
  readonly #clientSecrets = new Set<string>();
  readonly #organization: string;

  private constructor(
    readonly vaultside: Vaultside,
    private readonly words: ReturnType<typeof makeWords>,
    private readonly itemNames: ReturnType<typeof makeNames>,
  ) {
    this.#organization = this.#account.organizations[0]!.name;
    this.#noteClientSecret();
  }

  static async open(): Promise<MarkedSession> {
    const words = makeWords();
    const names = makeNames();
    const vaultside = await Vaultside.open({
      ...{ account: markedAccount(words, names), server: { hub: true }, allBuiltIns: true },
    });
    return new MarkedSession(vaultside, words, names);
  }

  async close(): Promise<void> {
    await this.vaultside.close();
  }

  get #account(): Account {
    return this.vaultside.server.account;
  }

  #noteClientSecret(): string {
    assert.ok(!this.#clientSecrets.has(this.#account.clientSecret), 'the client_secret was rotated');
    this.#clientSecrets.add(this.#account.clientSecret);
    return this.#account.clientSecret;
  }

  /** Every access token that the client has used, in the order of first use. */
  #tokens(): string[] {
    return [
      ...new Set(this.vaultside.server.requests.to().flatMap(({ headers }) => headers.authorization?.slice(7) ?? [])),
    ];
  }

  /** What must not be found anywhere. */
  async secrets(): Promise<Mark[]> {
    const { salt, kdf, masterPasswordHash, plainUserKey, organizations } = this.#account;
    const masterKey = await deriveMasterKey(secretFromText(this.words.masterPassword), salt, kdf);
    return [
      ...Object.entries(this.words).flatMap(([name, text]) => linesOf(text).map((line) => textMark(name, line))),
      ...[...this.#clientSecrets].map((secret, at) => textMark(`client_secret ${at + 1}`, secret)),
      // The signature is enough to look for: each token has its own, and a part of a token must not be found either.
      ...this.#tokens().map((token, at) => textMark(`access token ${at + 1}`, token.split('.')[2] ?? '')),
      textMark('master password hash', masterPasswordHash),
      { name: 'master key', bytes: masterKey },
      { name: 'stretched master key', bytes: stretchMasterKey(masterKey).bytes },
      { name: 'user key', bytes: Buffer.from(plainUserKey, 'base64') },
      ...organizations.map(({ plainKey }) => ({ name: 'organisation key', bytes: Buffer.from(plainKey, 'base64') })),
    ];
  }

  /** What is no secret, but concerns nobody else. It may be on the screen, and it is encrypted in the vault. */
  names(): Mark[] {
    return Object.entries(this.itemNames).map(([name, text]) => textMark(name, text));
  }

  /** What servers send unencrypted. It is in the cached vault and must be nowhere else. */
  publicNames(): Mark[] {
    return [textMark('email', this.#account.email), textMark('organisation', this.#organization)];
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

  async useEverything(): Promise<void> {
    await this.#logEverything();
    await this.#signIn();
    await this.#unlock();
    await this.#listen();
    await this.#browse();
    await this.#copyAndShow();
    await this.#viewApiKey();
    await this.#rotate();
    await this.#loseRotation();
    await this.#stopListening();
    await this.#replaceStaleKey();
    await this.#failToSync();
    await this.#lockAndReload();
  }

  async signOut(): Promise<void> {
    const { workbench } = this.vaultside;
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
    await this.#answer('client_secret', this.words.wrongClientSecret);
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
    await quickInput.submit(this.words.wrongPassword);
    await quickInput.waitForMessage(/Wrong master password/);
    await quickInput.submit(this.words.masterPassword);
    await this.vaultside.waitForState('unlocked');
  }

  async #browse(): Promise<void> {
    const { workbench, tree } = this.vaultside;
    await tree.expand('Folders');
    await tree.expand(this.itemNames.folder);
    await tree.expand(this.itemNames.login);
    await tree.click(/^Password/);
    await tree.click(/^Username/);
    await tree.tooltip(this.itemNames.login);
    await this.#viewItems();
    await workbench.runCommand('Bitwarden: Filter Items');
    await workbench.quickInput.submit(this.itemNames.card);
    await tree.expand(this.itemNames.card);
    await tree.click(/^Number/);
    await workbench.runCommand('Bitwarden: Clear Filter');
    await tree.waitForRow('Folders');
  }

  /** Reveals in the view under the tree, and in a tab. */
  async #viewItems(): Promise<void> {
    const { workbench, tree } = this.vaultside;
    const { login, note } = this.itemNames;
    const page = new ItemPage(workbench.page);
    await tree.click(login);
    await page.waitFor(login);
    await page.focus('Password');
    await page.press(' ');
    await page.value('Password').filter({ hasText: this.words.password }).waitFor();
    await page.press('c');
    await until('the password to be copied', async () => (await workbench.clipboard()) === this.words.password);
    await workbench.runCommand('Bitwarden: View Item in Editor Tab');
    await this.#pick(note);
    await page.waitFor(note);
    await workbench.closeEditors();
  }

  async #copyAndShow(): Promise<void> {
    const { login, note, sshKey, card, guarded, field, shared } = this.itemNames;
    const words = this.words;
    await this.#copy('Copy Password', login, words.password);
    await this.#copy('Copy Username', login, this.itemNames.username);
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
    await workbench.quickInput.submit(this.words.wrongPassword);
    await workbench.quickInput.waitForMessage(/Wrong master password/);
    await workbench.quickInput.submit(this.words.masterPassword);
    await until('the guarded password', async () => (await workbench.clipboard()) === this.words.guardedPassword);
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

  /** Answers the question for the master password in the step with this title. */
  async #confirm(title: string): Promise<void> {
    const { quickInput } = this.vaultside.workbench;
    await quickInput.waitFor(title);
    await quickInput.submit(this.words.masterPassword);
  }

  async #viewApiKey(): Promise<void> {
    const { workbench } = this.vaultside;
    await workbench.runCommand('Bitwarden: View API Key');
    await workbench.quickInput.waitFor('View API Key');
    await workbench.quickInput.submit(this.words.wrongPassword);
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
    this.#noteClientSecret();
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
    this.#noteClientSecret();
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
    const current = this.#noteClientSecret();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await workbench.waitForStatus('vaultside.status', /Key Rejected/);
    await workbench.runCommand('Bitwarden: Enter New client_secret');
    await this.#answer('client_secret', this.words.wrongClientSecret);
    await workbench.quickInput.waitForMessage(/does not accept this API key/);
    await workbench.quickInput.submit(current);
    await this.vaultside.waitForState('unlocked');
  }

  /** Syncs with each kind of failure: each has its own log line. One server repeats what it was sent. */
  async #failToSync(): Promise<void> {
    const { workbench } = this.vaultside;
    const { clientSecret, masterPasswordHash } = this.#account;
    const said = `no "${clientSecret}" ${masterPasswordHash} ${this.#tokens().at(-1) ?? ''}`;
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
    await this.#copy('Copy Password', this.itemNames.login, this.words.password);
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

/** The lines of a key without its first and last, which are the same in all keys. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => !line.startsWith('-----'));
}

function markedAccount(words: ReturnType<typeof makeWords>, names: ReturnType<typeof makeNames>): AccountOptions {
  const organization = unique('Organisation');
  return {
    email: `${unique('person')}@mark.example`,
    password: words.masterPassword,
    premium: true,
    organizations: [{ name: organization, collections: [names.collection] }],
    items: [
      {
        name: names.login,
        username: names.username,
        password: words.password,
        totp: words.totpSeed,
        uris: ['https://login.example'],
        folder: names.folder,
        favorite: true,
        fields: [{ type: 'hidden', name: names.field, value: words.hiddenField }],
        passwordHistory: [{ password: words.oldPassword, lastUsedDate: '2025-01-01T00:00:00.000Z' }],
        ownKey: true,
      },
      { name: names.guarded, username: names.username, password: words.guardedPassword, reprompt: true },
      { type: 'card', name: names.card, details: { number: words.cardNumber, code: words.cardCode } },
      { type: 'secureNote', name: names.note, notes: words.note },
      { type: 'sshKey', name: names.sshKey, details: { privateKey: words.privateKey } },
      {
        name: names.shared,
        password: words.organizationPassword,
        organization,
        collections: [names.collection],
      },
    ],
  };
}
