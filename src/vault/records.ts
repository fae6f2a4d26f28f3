import { asObject, type WireObject } from '../bitwarden/api/reader';
import { parseServerUrls, type ServerUrls } from '../bitwarden/api/servers';
import { asError } from './asError';
import { SignedOutError } from './errors';
import { locks } from './locks';
import type { Clock, Disposable, FileStore, SecretStore } from './ports';
import type { DropReason } from './state';

/** Everything that a sign-in needs. Written only when the API key changes, so that no other write can undo that. */
export interface AccountRecord {
  readonly userId: string;
  readonly email: string;
  readonly servers: ServerUrls;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Random name of this client_secret; a session got with another one is stale. */
  readonly keyId: string;
  /** False: the vault cannot be unlocked here, and the server verifies the user by e-mailed codes. */
  readonly hasMasterPassword: boolean;
}

/** The access token that all windows share, or the reason why there is none. */
export type SessionRecord =
  | { readonly keyId: string; readonly accessToken: string; readonly expiresAt: number }
  /** The server wants to see no sign-in before then (milliseconds since the epoch). */
  | { readonly keyId: string; readonly retryAt: number }
  | { readonly keyId: string; readonly dropped: DropReason };

/** A rotation was sent to the server and its outcome is not stored yet. */
export interface RotationRecord {
  /** The key that was current when the rotation was sent. */
  readonly keyId: string;
}

const accountKey = (userId: string) => `account.${userId}`;
const sessionKey = (userId: string) => `session.${userId}`;
const PREFIXES = [accountKey(''), sessionKey('')];
const DEVICE_KEY = 'device';
const LOCK_KEY = 'lock';

const accountVersionFile = (userId: string) => `accountVersion-${userId}`;
const sessionVersionFile = (userId: string) => `sessionVersion-${userId}`;
const rotationFile = (userId: string) => `rotation-${userId}`;
/** The user who was signed out last: what was under way then, in any window, must not bring records back. */
const SIGNED_OUT_FILE = 'signedOut';

/** Many times what it takes in the editor. */
const ARRIVAL_MS = 2_000;

/**
 * Our entries in the secret store, and the files by which windows agree on them. What is read back is checked like any
 * other input: a record that does not parse counts as absent.
 *
 * What one window stores as a secret gets to the others some 200 ms later on desktop VS Code, after a lock has long
 * changed hands, and in a browser not at all. Files are the same for all at once. So what is not secret and must be
 * known at once is in a file, and each record has a version: whoever reads it looks in a file for the latest one, and waits
 * until that is here.
 */
export class Records {
  /** Versions by key. */
  readonly #missing = new Map<string, number>();

  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
    private readonly clock: Clock,
  ) {}

  /** Whether an entry of the secret store tells a window something; one in which nobody is signed in waits for anybody. */
  concerns(key: string, userId: string | undefined): boolean {
    if (key === LOCK_KEY) return true;
    if (userId === undefined) return PREFIXES.some((prefix) => key.startsWith(prefix));
    return key === accountKey(userId) || key === sessionKey(userId);
  }

  /** The account that is signed in on this machine, if any. */
  async findAccount(): Promise<AccountRecord | undefined> {
    const keys = (await this.secrets.keys()).filter((key) => key.startsWith(accountKey(''))).sort();
    for (const key of keys) {
      const record = await this.account(key.slice(accountKey('').length));
      if (record) return record;
    }
    return undefined;
  }

  /** @throws SignedOutError when there is none (any more). */
  async requireAccount(userId: string): Promise<AccountRecord> {
    const account = await this.account(userId);
    if (account === undefined) throw new SignedOutError('signed out');
    return account;
  }

  async account(userId: string): Promise<AccountRecord | undefined> {
    if (await this.#isSignedOut(userId)) return undefined;
    const value = parse(await this.#latest(accountKey(userId), accountVersionFile(userId)));
    const { email, clientId, clientSecret, keyId, hasMasterPassword } = value;
    if (!isText(email) || !isText(clientId) || !isText(clientSecret) || !isText(keyId)) return undefined;
    try {
      const servers = parseServerUrls(value.servers);
      return { userId, email, servers, clientId, clientSecret, keyId, hasMasterPassword: hasMasterPassword !== false };
    } catch {
      return undefined;
    }
  }

  /** @throws SignedOutError when the user was signed out meanwhile; nothing is left behind then. */
  async saveAccount({ userId, ...record }: AccountRecord): Promise<void> {
    await this.#save(userId, accountKey(userId), accountVersionFile(userId), record);
  }

  async session(userId: string): Promise<SessionRecord | undefined> {
    const text = await this.#latest(sessionKey(userId), sessionVersionFile(userId));
    const { keyId, accessToken, expiresAt, retryAt, dropped } = parse(text);
    if (!isText(keyId)) return undefined;
    if (isDropReason(dropped)) return { keyId, dropped };
    if (isTime(retryAt)) return { keyId, retryAt };
    return isText(accessToken) && isTime(expiresAt) ? { keyId, accessToken, expiresAt } : undefined;
  }

  /** @throws as saveAccount. */
  async saveSession(userId: string, record: SessionRecord): Promise<void> {
    await this.#save(userId, sessionKey(userId), sessionVersionFile(userId), record);
  }

  /** Throws the token away. An empty record stays: that nothing is there yet could not be told from that nothing is. */
  async clearSession(userId: string): Promise<void> {
    await this.#save(userId, sessionKey(userId), sessionVersionFile(userId), {});
  }

  async rotation(userId: string): Promise<RotationRecord | undefined> {
    const { keyId } = parse(await this.#readFile(rotationFile(userId)));
    return isText(keyId) ? { keyId } : undefined;
  }

  /** On the disk before this resolves. @throws as saveAccount. */
  async saveRotation(userId: string, record: RotationRecord): Promise<void> {
    try {
      await this.#writeFile(rotationFile(userId), JSON.stringify(record));
    } finally {
      await this.#refuseIfSignedOut(userId);
    }
  }

  async deleteRotation(userId: string): Promise<void> {
    await this.files.delete(rotationFile(userId));
  }

  /**
   * Before the records of a sign-in are written: removes what earlier ones have left, those of other accounts too, of
   * which there may be one alone.
   *
   * @returns the user ids of the accounts removed.
   */
  async makeRoom(userId: string): Promise<readonly string[]> {
    const others = new Set((await this.#userIds()).filter((each) => each !== userId));
    for (const other of others) await this.forget(other);
    await this.deleteRotation(userId);
    await this.files.exclusive(locks.signedOut, async () => {
      if (await this.#isSignedOut(userId)) await this.files.delete(SIGNED_OUT_FILE);
    });
    return [...others];
  }

  /** Removes what a window had under way when the user was signed out, and what got here late. */
  async removeSignedOut(): Promise<void> {
    for (const userId of new Set(await this.#userIds())) await this.#removeIfSignedOut(userId);
  }

  /** Of all records, whether they parse or not. */
  async #userIds(): Promise<readonly string[]> {
    return (await this.secrets.keys()).flatMap((key) => {
      const prefix = PREFIXES.find((each) => key.startsWith(each));
      return prefix === undefined ? [] : [key.slice(prefix.length)];
    });
  }

  /** Removes everything of the account. The device identifier stays: it names this machine, not the account. */
  async forget(userId: string): Promise<void> {
    const signedOut = await digest(userId);
    // The mark first, so that whoever writes later finds it and whoever wrote earlier is undone.
    const steps = [() => this.#writeFile(SIGNED_OUT_FILE, signedOut), ...this.#removals(userId)];
    // On a full disk the removals make room for the mark.
    await allOf(...steps).catch(() => allOf(...steps));
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

  /** Tells all windows to lock. The value only has to differ from the one before, which each window remembers. */
  async signalLock(): Promise<void> {
    await this.secrets.set(LOCK_KEY, globalThis.crypto.randomUUID());
  }

  lockSignal(): Promise<string | undefined> {
    return this.secrets.get(LOCK_KEY);
  }

  async #refuseIfSignedOut(userId: string): Promise<void> {
    if (await this.#removeIfSignedOut(userId)) throw new SignedOutError('signed out meanwhile');
  }

  /** Behind a lock: who signs in again in this moment must not lose what that writes. */
  async #removeIfSignedOut(userId: string): Promise<boolean> {
    if (!(await this.#isSignedOut(userId))) return false;
    return this.files.exclusive(locks.signedOut, async () => {
      const isSignedOut = await this.#isSignedOut(userId);
      if (isSignedOut) await allOf(...this.#removals(userId));
      return isSignedOut;
    });
  }

  async #isSignedOut(userId: string): Promise<boolean> {
    const signedOut = await this.#readFile(SIGNED_OUT_FILE);
    return signedOut !== undefined && signedOut === (await digest(userId));
  }

  /** The account goes last: whoever is cut off before finds it and can sign out again. */
  #removals(userId: string): (() => Promise<void>)[] {
    return [
      () => this.files.delete(sessionVersionFile(userId)),
      () => this.secrets.delete(sessionKey(userId)),
      () => this.deleteRotation(userId),
      () => this.files.delete(accountVersionFile(userId)),
      () => this.secrets.delete(accountKey(userId)),
    ];
  }

  async #save(userId: string, key: string, versionFile: string, record: object): Promise<void> {
    const before = [await this.#version(versionFile), versionOf(await this.secrets.get(key))];
    const version = Math.max(this.clock.now(), ...before.map((each) => (each ?? 0) + 1));
    try {
      await this.secrets.set(key, JSON.stringify({ ...record, version }));
      // Last: who is cut off before has others wait for nothing.
      await this.#writeFile(versionFile, JSON.stringify({ version }));
    } finally {
      await this.#refuseIfSignedOut(userId);
    }
  }

  /** The entry once its latest version is here. One that does not come, because its window has crashed, is waited for once. */
  async #latest(key: string, versionFile: string): Promise<string | undefined> {
    if (!this.secrets.tellsWindows) return this.secrets.get(key);
    const wanted = await this.#version(versionFile);
    if (wanted === undefined || this.#missing.get(key) === wanted) return this.secrets.get(key);
    const waiting: Disposable[] = [];
    try {
      return await new Promise((resolve, reject) => {
        const look = async () => {
          const latest = await this.#version(versionFile);
          const text = await this.secrets.get(key);
          // What has no version that can be read is not one that came before.
          const isHere = text !== undefined && (versionOf(text) ?? Infinity) >= (latest ?? 0);
          if (latest === undefined || isHere) resolve(text);
        };
        const lookOrFail = () => {
          look().catch(reject);
        };
        const giveUp = () => {
          this.#missing.set(key, wanted);
          resolve(this.secrets.get(key));
        };
        waiting.push(this.secrets.onDidChange((changed) => (changed === key ? lookOrFail() : undefined)));
        waiting.push(this.clock.setTimeout(giveUp, ARRIVAL_MS));
        lookOrFail();
      });
    } finally {
      for (const each of waiting) each.dispose();
    }
  }

  async #version(file: string): Promise<number | undefined> {
    return versionOf(await this.#readFile(file));
  }

  async #readFile(name: string): Promise<string | undefined> {
    const content = await this.files.read(name);
    return content && Buffer.from(content).toString('utf8');
  }

  async #writeFile(name: string, content: string): Promise<void> {
    await this.files.write(name, Buffer.from(content));
  }
}

/** Does each, whatever becomes of the others. @throws what the first of them throws that does. */
async function allOf(...steps: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw asError(failures[0]);
}

function versionOf(text: string | undefined): number | undefined {
  const { version } = parse(text);
  return isTime(version) ? version : undefined;
}

function parse(text: string | undefined): WireObject {
  if (text === undefined) return {};
  try {
    return asObject(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function isDropReason(value: unknown): value is DropReason {
  return value === 'keyRejected' || value === 'stampChanged' || value === 'otherUser';
}

/** Tells a user again without naming them. */
async function digest(userId: string): Promise<string> {
  const bytes = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(userId));
  return Buffer.from(bytes).toString('base64');
}
