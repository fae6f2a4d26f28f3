import {
  type AccountRecord,
  parseAccountRecord,
  parseSessionRecord,
  parseWithoutToken,
  type SessionRecord,
} from './accountRecord';
import { asError } from '../../base/thrown';
import { SignedOutError } from '../../vault/errors';
import { type AccountFile, accountFile, accountOfFile, REMEMBERED_MS } from './fileNames';
import { locks } from './locks';
import type { Clock, FileStore, SecretStore } from '../../base/ports';
import { isNumber, isText } from './storedJson';
import { VersionedSecrets } from './versionedSecrets';

/** A rotation was sent to the server and its outcome is not stored yet. */
export interface RotationRecord {
  /** The key that was current when the rotation was sent. */
  readonly keyId: string;
}

const ACCOUNT = 'apiKey.';
const SESSION = 'accessToken.';
export const DEVICE_KEY = 'device';

/**
 * What is stored of the accounts on this machine: in the secret store what is secret, in files what windows must know at
 * once. Everything goes by the random id of the account. An account that is signed out leaves a mark under its id, which
 * holds for good: whoever writes looks for it afterwards, and takes back what came too late.
 */
export class Records {
  readonly #entries: VersionedSecrets;
  /** What was stored at the start of this window, and should not have been, has been removed. */
  #hasStarted = false;

  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
    private readonly clock: Clock,
  ) {
    this.#entries = new VersionedSecrets(secrets, files, clock);
  }

  /** Whether an entry of the secret store tells a window something; one in which nobody is signed in waits for anybody. */
  concerns(key: string, id: string | undefined): boolean {
    if (id === undefined) return key.startsWith(ACCOUNT);
    return key === ACCOUNT + id || key === SESSION + id;
  }

  /** As concerns, for a file; undefined: nobody knows which one it was. */
  concernsFile(name: string | undefined, id: string | undefined): boolean {
    if (name === undefined) return true;
    const file = accountOfFile(name);
    return id === undefined
      ? file?.kind === 'account'
      : file?.id === id && file.kind !== 'vault' && file.kind !== 'kdf';
  }

  /** The accounts that are signed in on this machine, those of other windows too whose secrets are not here yet. */
  async accounts(): Promise<readonly AccountRecord[]> {
    const written = (await this.#accountFiles()).filter(({ kind }) => kind === 'account');
    const ids = new Set([...(await this.idsOfSecrets()), ...written.map(({ id }) => id)]);
    const records = await Promise.all([...ids].sort().map((id) => this.account(id)));
    return records.filter((record) => record !== undefined);
  }

  /** @throws SignedOutError when there is none (any more). */
  async requireAccount(id: string): Promise<AccountRecord> {
    const account = await this.account(id);
    if (account === undefined) throw new SignedOutError('signed out');
    return account;
  }

  async account(id: string): Promise<AccountRecord | undefined> {
    if (await this.isSignedOut(id)) return undefined;
    return parseAccountRecord(id, await this.#entries.read(ACCOUNT + id, accountFile(id, 'account')));
  }

  /** For good: whoever signs in again gets another id. */
  async isSignedOut(id: string): Promise<boolean> {
    return (await this.files.modifiedAt(accountFile(id, 'signedOut'))) !== undefined;
  }

  /** @throws SignedOutError when it was signed out meanwhile; nothing is left behind then. */
  async create(account: AccountRecord): Promise<void> {
    await this.#writing(account.id, () => this.#writeAccount(account));
  }

  /**
   * Changes the record if its key is still the one that the caller knows. A page of a browser that is outdated may store
   * a key that is newer than all others, but nothing beside the former one.
   *
   * @returns false when the key is another one by now: nothing is stored.
   * @throws SignedOutError when the account is signed out; nothing is left behind then.
   */
  async change(
    { id, keyId }: Pick<AccountRecord, 'id' | 'keyId'>,
    change: Partial<Omit<AccountRecord, 'id' | 'userId'>>,
  ): Promise<boolean> {
    return this.#writing(id, async () => {
      const account = await this.requireAccount(id);
      if (account.keyId !== keyId || (change.keyId === undefined && (await this.isOutdated(account)))) return false;
      await this.#writeAccount({ ...account, ...change });
      return true;
    });
  }

  /**
   * True in a page of a browser that was loaded before another one has stored another key: it reads the former one, and
   * whatever it writes to the secret store puts the former one back in the place of the other.
   */
  async isOutdated({ id, keyId }: Pick<AccountRecord, 'id' | 'keyId'>): Promise<boolean> {
    if (this.secrets.tellsWindows) return false;
    const latest = (await this.#entries.open(accountFile(id, 'account'))).keyId;
    return isText(latest) && latest !== keyId;
  }

  async session(id: string): Promise<SessionRecord | undefined> {
    const file = accountFile(id, 'session');
    const withoutToken = parseWithoutToken(await this.#entries.open(file));
    return withoutToken ?? parseSessionRecord(await this.#entries.read(SESSION + id, file));
  }

  /**
   * A session of another key than the stored one is of no use to anybody, and not stored.
   *
   * @returns whether it was stored.
   * @throws as change.
   */
  async saveSession(id: string, session: SessionRecord): Promise<boolean> {
    return this.#writing(id, async () => {
      const account = await this.requireAccount(id);
      if (account.keyId !== session.keyId || (await this.isOutdated(account))) return false;
      await this.#writeSession(id, session);
      return true;
    });
  }

  /**
   * Throws the token away that was got with this key. An empty record stays: that nothing is there yet could not be told
   * from that nothing is.
   */
  async clearSession(id: string, keyId: string): Promise<void> {
    await this.#writing(id, async () => {
      if ((await this.session(id))?.keyId === keyId) await this.#writeSession(id, undefined);
    });
  }

  async rotation(id: string): Promise<RotationRecord | undefined> {
    const { keyId } = await this.#entries.open(accountFile(id, 'rotation'));
    return isText(keyId) ? { keyId } : undefined;
  }

  /** On the disk before this resolves. @throws as change. */
  async saveRotation(id: string, record: RotationRecord): Promise<void> {
    await this.#writeFile(id, 'rotation', record);
  }

  async deleteRotation(id: string): Promise<void> {
    await this.files.delete(accountFile(id, 'rotation'));
  }

  /**
   * Removes what windows had under way when an account was signed out, and what got here late. The first call belongs to
   * the start of a window.
   */
  async removeSignedOut(): Promise<void> {
    const files = await this.#accountFiles();
    // A page of a browser still has, from its start, the secrets of an account that another page has signed out since.
    // They are stored no more, and to delete them would store all others as they were at that start.
    const mayBeStored = this.secrets.tellsWindows || !this.#hasStarted;
    this.#hasStarted = true;
    const withSecrets = mayBeStored ? await this.idsOfSecrets() : [];
    for (const { id, kind } of files) {
      if (kind !== 'signedOut') continue;
      const left = files.filter((each) => each.id === id && each.kind !== 'signedOut');
      await allOf(...left.map((each) => () => this.files.delete(accountFile(id, each.kind))));
      if (withSecrets.includes(id)) await allOf(...this.#removals(id));
      const since = await this.files.modifiedAt(accountFile(id, 'signedOut'));
      if (since !== undefined && this.clock.now() - since > REMEMBERED_MS) {
        await this.files.delete(accountFile(id, 'signedOut'));
      }
    }
  }

  /** Removes what is stored of the account. The device identifier stays: it names this machine, not the account. */
  async forget(id: string): Promise<void> {
    // The mark first, so that whoever writes later finds it and whoever wrote earlier is undone.
    const steps = [() => this.files.write(accountFile(id, 'signedOut'), new Uint8Array()), ...this.#removals(id)];
    // On a full disk the removals make room for the mark.
    await allOf(...steps).catch(() => allOf(...steps));
  }

  /**
   * Of what belongs to none of these accounts: its secrets do not parse, or are not here any more, as after the keyring
   * was reset. In a browser another page may have them: there, it counts only once nobody can be at work with it.
   */
  async idsLeftBehind(accounts: readonly AccountRecord[]): Promise<readonly string[]> {
    const withSecrets = await this.idsOfSecrets();
    const files = (await this.#accountFiles()).filter(({ kind }) => kind !== 'signedOut');
    const ids = new Set([...withSecrets, ...files.map(({ id }) => id)]);
    for (const { id } of accounts) ids.delete(id);
    if (this.secrets.tellsWindows) return [...ids];
    for (const { id, kind } of files) {
      if (withSecrets.includes(id)) continue;
      // A page that is signed in touches its vault with every sync.
      const usedAt = await this.files.modifiedAt(accountFile(id, kind));
      if (usedAt !== undefined && this.clock.now() - usedAt <= REMEMBERED_MS) ids.delete(id);
    }
    return [...ids];
  }

  /** Of all accounts that have an entry in the secret store here, whether it parses or not. */
  async idsOfSecrets(): Promise<readonly string[]> {
    const ids = (await this.secrets.keys()).flatMap((key) => {
      const prefix = [ACCOUNT, SESSION].find((each) => key.startsWith(each));
      return prefix === undefined ? [] : [key.slice(prefix.length)];
    });
    return [...new Set(ids)];
  }

  /**
   * The identifier that this machine gives to every server. A new one for each sign-in would fill the account's
   * device list and have the server send a "new device" e-mail each time.
   */
  async deviceIdentifier(): Promise<string> {
    const stored = await this.secrets.get(DEVICE_KEY);
    if (stored !== undefined && /^[0-9a-f-]{36}$/.test(stored)) return stored;
    const created = globalThis.crypto.randomUUID();
    await this.secrets.set(DEVICE_KEY, created);
    return created;
  }

  /** What `signalLock` is to write next. */
  async nextLockSignal(id: string): Promise<number> {
    return Math.max(this.clock.now(), ((await this.lockSignal(id)) ?? 0) + 1);
  }

  /** Tells all windows to lock. */
  async signalLock(id: string, signal: number): Promise<void> {
    await this.#writeFile(id, 'lockSignal', { signal });
  }

  /** Grows with every lock. */
  async lockSignal(id: string): Promise<number | undefined> {
    const { signal } = await this.#entries.open(accountFile(id, 'lockSignal'));
    return isNumber(signal) ? signal : undefined;
  }

  async #accountFiles() {
    return (await this.files.names()).flatMap((name) => accountOfFile(name) ?? []);
  }

  /** One write at a time. @throws SignedOutError when the account was signed out meanwhile, after taking it back. */
  async #writing<T>(id: string, write: () => Promise<T>): Promise<T> {
    return this.files.exclusive(locks.records(id), async () => {
      // Nothing is written yet that a page of a browser would have to take back by storing all that it has read.
      if (!this.secrets.tellsWindows) await this.#refuseIfSignedOut(id, this.#fileRemovals(id));
      try {
        return await write();
      } finally {
        await this.#refuseIfSignedOut(id, this.#removals(id));
      }
    });
  }

  /** As #writing. */
  async #writeFile(id: string, kind: AccountFile, content: object): Promise<void> {
    try {
      await this.files.write(accountFile(id, kind), Buffer.from(JSON.stringify(content)));
    } finally {
      await this.#refuseIfSignedOut(id, this.#fileRemovals(id));
    }
  }

  #writeAccount({ id, ...record }: AccountRecord): Promise<void> {
    return this.#entries.write(ACCOUNT + id, accountFile(id, 'account'), record, { keyId: record.keyId });
  }

  #writeSession(id: string, session: SessionRecord | undefined): Promise<void> {
    const isToken = session !== undefined && 'accessToken' in session;
    return this.#entries.write(
      SESSION + id,
      accountFile(id, 'session'),
      isToken ? session : {},
      isToken ? {} : { ...session },
    );
  }

  async #refuseIfSignedOut(id: string, removals: (() => Promise<void>)[]): Promise<void> {
    if (!(await this.isSignedOut(id))) return;
    await allOf(...removals);
    throw new SignedOutError('signed out meanwhile');
  }

  /** The API key goes last: whoever is cut off before finds the account and can sign out again. */
  #removals(id: string): (() => Promise<void>)[] {
    return [
      () => this.secrets.delete(SESSION + id),
      ...this.#fileRemovals(id),
      () => this.secrets.delete(ACCOUNT + id),
    ];
  }

  #fileRemovals(id: string): (() => Promise<void>)[] {
    const files: readonly AccountFile[] = ['lockSignal', 'session', 'rotation', 'account'];
    return files.map((kind) => () => this.files.delete(accountFile(id, kind)));
  }
}

/** Does each, whatever becomes of the others. @throws what the first of them throws that does. */
async function allOf(...steps: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw asError(failures[0]);
}
