import { asObject, type WireObject } from '../bitwarden/api/reader';
import { parseServerUrls, type ServerUrls } from '../bitwarden/api/servers';
import { SignedOutError } from './errors';
import type { SecretStore } from './ports';
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
const rotationKey = (userId: string) => `rotation.${userId}`;
const DEVICE_KEY = 'device';
const LOCK_KEY = 'lock';
/** The user who was signed out last: what was under way then, in any window, must not bring records back. */
const SIGNED_OUT_KEY = 'signedOut';

export type RecordKind = 'account' | 'session' | 'rotation' | 'lock';

/**
 * Our entries in the secret store. What is read back is checked like any other input: a record that does not parse
 * counts as absent.
 */
export class Records {
  constructor(private readonly secrets: SecretStore) {}

  /** Which of our records an entry of the secret store is; undefined for anything else. */
  kindOf(key: string, userId: string | undefined): RecordKind | undefined {
    if (key === LOCK_KEY) return 'lock';
    // A window in which nobody is signed in waits for any account to appear.
    if (userId === undefined) return key.startsWith(accountKey('')) ? 'account' : undefined;
    if (key === accountKey(userId)) return 'account';
    if (key === sessionKey(userId)) return 'session';
    return key === rotationKey(userId) ? 'rotation' : undefined;
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
    const value = await this.#read(accountKey(userId));
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
    await this.secrets.set(accountKey(userId), JSON.stringify(record));
    await this.#refuseIfSignedOut(userId);
  }

  async session(userId: string): Promise<SessionRecord | undefined> {
    const { keyId, accessToken, expiresAt, retryAt, dropped } = await this.#read(sessionKey(userId));
    if (!isText(keyId)) return undefined;
    if (isDropReason(dropped)) return { keyId, dropped };
    if (isTime(retryAt)) return { keyId, retryAt };
    return isText(accessToken) && isTime(expiresAt) ? { keyId, accessToken, expiresAt } : undefined;
  }

  /** @throws as saveAccount. */
  async saveSession(userId: string, record: SessionRecord): Promise<void> {
    await this.secrets.set(sessionKey(userId), JSON.stringify(record));
    await this.#refuseIfSignedOut(userId);
  }

  async deleteSession(userId: string): Promise<void> {
    await this.secrets.delete(sessionKey(userId));
  }

  async rotation(userId: string): Promise<RotationRecord | undefined> {
    const { keyId } = await this.#read(rotationKey(userId));
    return isText(keyId) ? { keyId } : undefined;
  }

  /** @throws as saveAccount. */
  async saveRotation(userId: string, record: RotationRecord): Promise<void> {
    await this.secrets.set(rotationKey(userId), JSON.stringify(record));
    await this.#refuseIfSignedOut(userId);
  }

  async deleteRotation(userId: string): Promise<void> {
    await this.secrets.delete(rotationKey(userId));
  }

  /**
   * Before the records of a sign-in are written: removes what earlier ones have left, those of other accounts too, of
   * which there may be one alone.
   *
   * @returns the user ids of the accounts removed.
   */
  async makeRoom(userId: string): Promise<readonly string[]> {
    const prefixes = [accountKey(''), sessionKey(''), rotationKey('')];
    const others = new Set<string>();
    for (const key of await this.secrets.keys()) {
      const prefix = prefixes.find((each) => key.startsWith(each));
      if (prefix !== undefined && key !== prefix + userId) others.add(key.slice(prefix.length));
    }
    for (const other of others) await this.forget(other);
    await this.deleteRotation(userId);
    if (await this.#isSignedOut(userId)) await this.secrets.delete(SIGNED_OUT_KEY);
    return [...others];
  }

  /** Removes everything of the account. The device identifier stays: it names this machine, not the account. */
  async forget(userId: string): Promise<void> {
    // First, so that whoever writes later finds it and whoever wrote earlier is undone below.
    await this.secrets.set(SIGNED_OUT_KEY, await digest(userId));
    await this.#remove(userId);
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
    if (!(await this.#isSignedOut(userId))) return;
    await this.#remove(userId);
    throw new SignedOutError('signed out meanwhile');
  }

  async #isSignedOut(userId: string): Promise<boolean> {
    const signedOut = await this.secrets.get(SIGNED_OUT_KEY);
    return signedOut !== undefined && signedOut === (await digest(userId));
  }

  /** The account goes last: whoever is cut off before finds it and can sign out again. */
  async #remove(userId: string): Promise<void> {
    await this.secrets.delete(sessionKey(userId));
    await this.secrets.delete(rotationKey(userId));
    await this.secrets.delete(accountKey(userId));
  }

  async #read(key: string): Promise<WireObject> {
    const text = await this.secrets.get(key);
    if (text === undefined) return {};
    try {
      return asObject(JSON.parse(text)) ?? {};
    } catch {
      return {};
    }
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
