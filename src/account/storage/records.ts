import {
  type AccountRecord,
  parseAccountRecord,
  parseSessionRecord,
  parseWithoutToken,
  type SessionRecord,
} from './accountRecord';
import type { Clock, FileStore, SecretStore } from '../../base/ports';
import { SessionDroppedError, SignedOutError } from '../../vault/errors';
import { type AccountFile, accountFile, accountOfFile, draftOfFile } from './fileNames';
import { Marks } from './marks';
import { Pins } from './pins';
import { accountOfSecret, accountSecret, DEVICE_SECRET } from './secretNames';
import { SignOuts } from './signOuts';
import { isText } from './storedJson';
import { VersionedSecrets } from './versionedSecrets';

/** Files whose change alone is nothing to other windows: what they have to know of it is in a record, or read when needed. */
const UNWATCHED: ReadonlySet<AccountFile> = new Set(['vault', 'list', 'kdf', 'pinTries', 'used', 'generated']);

function isUnwatched(kind: AccountFile): boolean {
  return UNWATCHED.has(kind) || draftOfFile(kind) !== undefined;
}

/**
 * The records of the accounts on this machine and of their sessions, each under the random id of the account: what is
 * secret in the secret store, what windows must know at once in a file.
 */
export class Records {
  readonly signOuts: SignOuts;
  readonly marks: Marks;
  readonly pins: Pins;
  readonly #entries: VersionedSecrets;

  constructor(
    private readonly secrets: SecretStore,
    files: FileStore,
    clock: Clock,
  ) {
    this.#entries = new VersionedSecrets(secrets, files, clock);
    this.signOuts = new SignOuts(secrets, files, clock);
    this.marks = new Marks(files, clock, this.signOuts);
    this.pins = new Pins(secrets, files, this.#entries, this.signOuts);
  }

  /**
   * Whether a changed entry of the secret store matters to a window.
   *
   * @param id of the account that the window shows; where that is undefined every account matters.
   */
  concerns(key: string, id: string | undefined): boolean {
    const secret = accountOfSecret(key);
    return id === undefined ? secret?.kind === 'apiKey' : secret?.id === id;
  }

  /** As concerns, for a changed file. @param name undefined: which file it was is not known. */
  concernsFile(name: string | undefined, id: string | undefined): boolean {
    if (name === undefined) return true;
    const file = accountOfFile(name);
    return id === undefined ? file?.kind === 'account' : file?.id === id && !isUnwatched(file.kind);
  }

  /**
   * The accounts that are signed in on this machine, also those whose secrets have not arrived from another window yet.
   * Last come those without a file: the window that signed in has died before it was written.
   *
   * @param options.whole only those with a file.
   */
  async accounts({ whole = false } = {}): Promise<readonly AccountRecord[]> {
    const files = (await this.signOuts.accountFiles()).filter(({ kind }) => kind === 'account');
    const written = files.map(({ id }) => id);
    const others = whole ? [] : (await this.signOuts.idsOfSecrets()).filter((id) => !written.includes(id));
    const records = await Promise.all([...written.sort(), ...others.sort()].map((id) => this.account(id)));
    return records.filter((record) => record !== undefined);
  }

  /** Accounts that are signed in and that this window does not know yet: another one has stored them just now. */
  async awaited(): Promise<readonly { readonly id: string }[]> {
    const files = (await this.signOuts.accountFiles()).filter(({ kind }) => kind === 'account');
    const isAwaited = await Promise.all(
      files.map(async ({ id }) => {
        const mayArrive = await this.#entries.isAwaited(accountSecret(id, 'apiKey'), accountFile(id, 'account'));
        return mayArrive && !(await this.signOuts.isSignedOut(id));
      }),
    );
    return files.filter((_, index) => isAwaited[index]);
  }

  /** @throws SignedOutError when there is none (any more). */
  async requireAccount(id: string): Promise<AccountRecord> {
    const account = await this.account(id);
    if (account === undefined) throw new SignedOutError('signed out');
    return account;
  }

  async account(id: string): Promise<AccountRecord | undefined> {
    if (await this.signOuts.isSignedOut(id)) return undefined;
    return parseAccountRecord(id, await this.#entries.read(accountSecret(id, 'apiKey'), accountFile(id, 'account')));
  }

  /** @throws SessionDroppedError in a page of a browser where an account that is added would spoil another one. */
  refuseToAdd(): Promise<void> {
    return this.#refuseBesideOthers('');
  }

  /** @throws SignedOutError when it was signed out meanwhile; nothing is left behind then. */
  async create(account: AccountRecord): Promise<void> {
    await this.signOuts.unlessSignedOut(account.id, () => this.#writeAccount(account));
  }

  /**
   * Changes the record if its key is still the one that the caller knows. A page of a browser that is outdated may
   * store a key that is newer than all others, but nothing beside the former one.
   *
   * @returns false when the key is another one by now: nothing is stored.
   * @throws SessionDroppedError as refuseToAdd; SignedOutError when the account is signed out; nothing is left behind then.
   */
  async change(
    { id, keyId }: Pick<AccountRecord, 'id' | 'keyId'>,
    change: Partial<Omit<AccountRecord, 'id' | 'userId'>>,
  ): Promise<boolean> {
    await this.#refuseBesideOthers(id);
    return this.signOuts.unlessSignedOut(id, async () => {
      const account = await this.requireAccount(id);
      if (account.keyId !== keyId || (change.keyId === undefined && (await this.isOutdated(account)))) return false;
      await this.#writeAccount({ ...account, ...change });
      return true;
    });
  }

  /**
   * True in a page of a browser that was loaded before another page has stored another key, of this account or another. It
   * still reads the former key, and whatever it writes to the secret store would put the former key back in the place of
   * the new one.
   */
  async isOutdated({ id, keyId }: Pick<AccountRecord, 'id' | 'keyId'>): Promise<boolean> {
    if (this.secrets.tellsWindows) return false;
    const latest = (await this.#entries.open(accountFile(id, 'account'))).keyId;
    return (isText(latest) && latest !== keyId) || this.signOuts.isOutdatedBeside(id);
  }

  async session(id: string): Promise<SessionRecord | undefined> {
    const file = accountFile(id, 'session');
    const withoutToken = parseWithoutToken(await this.#entries.open(file));
    return withoutToken ?? parseSessionRecord(await this.#entries.read(accountSecret(id, 'accessToken'), file));
  }

  /**
   * A session of another key than the stored one is of no use to anybody, and not stored.
   *
   * @returns whether it was stored.
   * @throws as change.
   */
  async saveSession(id: string, session: SessionRecord): Promise<boolean> {
    return this.signOuts.unlessSignedOut(id, async () => {
      const account = await this.requireAccount(id);
      if (account.keyId !== session.keyId || (await this.isOutdated(account))) return false;
      await this.#writeSession(id, session);
      return true;
    });
  }

  /**
   * Throws the token away that was got with this key. An empty record takes its place: with none, another window could
   * not tell whether the record is gone or has not arrived yet.
   */
  async clearSession(id: string, keyId: string): Promise<void> {
    await this.signOuts.unlessSignedOut(id, async () => {
      const mayWrite = !(await this.signOuts.isOutdatedBeside(id));
      if (mayWrite && (await this.session(id))?.keyId === keyId) await this.#writeSession(id, undefined);
    });
  }

  /**
   * The identifier that this machine gives to every server. A new one for each sign-in would fill the account's
   * device list and have the server send a "new device" e-mail each time.
   */
  async deviceIdentifier(): Promise<string> {
    const stored = await this.secrets.get(DEVICE_SECRET);
    if (stored !== undefined && /^[0-9a-f-]{36}$/.test(stored)) return stored;
    const created = globalThis.crypto.randomUUID();
    await this.secrets.set(DEVICE_SECRET, created);
    return created;
  }

  async #refuseBesideOthers(id: string): Promise<void> {
    if (await this.signOuts.isOutdatedBeside(id)) throw new SessionDroppedError('storedElsewhere');
  }

  #writeAccount({ id, ...record }: AccountRecord): Promise<void> {
    return this.#entries.write(accountSecret(id, 'apiKey'), accountFile(id, 'account'), record, {
      keyId: record.keyId,
    });
  }

  #writeSession(id: string, session: SessionRecord | undefined): Promise<void> {
    const isToken = session !== undefined && 'accessToken' in session;
    return this.#entries.write(
      accountSecret(id, 'accessToken'),
      accountFile(id, 'session'),
      isToken ? session : {},
      isToken ? {} : { ...session },
    );
  }
}
