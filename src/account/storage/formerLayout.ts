import { isDeepStrictEqual } from 'node:util';
import { type AccountRecord, parseAccountRecord, parseSessionRecord } from './accountRecord';
import { accountFile, REMEMBERED_MS } from './fileNames';
import { locks } from './locks';
import type { Clock, FileStore, SecretStore } from '../../base/ports';
import type { Records } from './records';
import { isText, storedJson } from './storedJson';
import { VersionedSecrets } from './versionedSecrets';

const ACCOUNT = 'account.';
const SESSION = 'session.';
/**
 * Digest of the id of the user who was signed out last. A window of version 0.1 looks for it after it has written
 * something, and removes what it has written for that user.
 */
const SIGNED_OUT_FILE = 'signedOut';
/** A file with the id under which an account of that layout is taken over; its name ends in a digest of the keyId. */
const CLAIM = 'takenOver-';

const files = {
  accountVersion: (userId: string) => `accountVersion-${userId}`,
  sessionVersion: (userId: string) => `sessionVersion-${userId}`,
  rotation: (userId: string) => `rotation-${userId}`,
  vault: (userId: string) => `vault-${userId}.json`,
  kdf: (userId: string) => `kdf-${userId}.json`,
};

/**
 * Version 0.1 named everything that it stored by the user id. What it left is taken over once, under a random id.
 * Windows of that version may be open meanwhile: to them the account is signed out.
 */
export class FormerLayout {
  readonly #entries: VersionedSecrets;

  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
    private readonly clock: Clock,
    private readonly records: Records,
  ) {
    this.#entries = new VersionedSecrets(secrets, files, clock);
  }

  /** Whether an entry of the secret store is an account as version 0.1 stores it. */
  concerns(key: string): boolean {
    return key.startsWith(ACCOUNT);
  }

  /**
   * Takes over what that version has left: once for all windows, however many try at once. Goes on where a window that
   * began it has ended.
   *
   * @param options.onlyBegun nothing new is taken over, since another account is here already.
   */
  async takeOver(options: { readonly onlyBegun: boolean }): Promise<void> {
    if ((await this.#userIds()).length === 0) return;
    await this.files.exclusive(locks.accounts, async () => {
      for (const userId of await this.#userIds()) {
        // By the lock of version 0.1, so that a rotation under way in a window of that version ends first.
        if (await this.files.exclusive(`rotation-${userId}`, () => this.#takeOver(userId, options))) return;
      }
    });
  }

  /** Removes all that version 0.1 has left. */
  async forget(): Promise<void> {
    for (const userId of await this.#userIds()) await this.#remove(userId);
  }

  /** Removes the marks that no window needs any more. */
  async removeMarks(): Promise<void> {
    for (const name of await this.files.names()) {
      if (name !== SIGNED_OUT_FILE && !name.startsWith(CLAIM)) continue;
      const since = await this.files.modifiedAt(name);
      if (since !== undefined && this.clock.now() - since > REMEMBERED_MS) await this.files.delete(name);
    }
  }

  /** @returns whether there is an account now that was not there before. */
  async #takeOver(userId: string, { onlyBegun }: { readonly onlyBegun: boolean }): Promise<boolean> {
    const text = await this.#entries.read(ACCOUNT + userId, files.accountVersion(userId));
    const account = parseAccountRecord('', JSON.stringify({ ...storedJson(text), userId }));
    if (account === undefined) return false;
    const claim = CLAIM + (await digest(account.keyId, 'hex'));
    const begun = storedJson(await this.#readFile(claim)).id;
    if (!isText(begun)) {
      if ((await this.#readFile(SIGNED_OUT_FILE)) === (await digest(userId))) await this.#remove(userId);
      else if (!onlyBegun) return this.#moveTo(await this.#newId(claim), userId, account);
      return false;
    }
    return this.#moveTo(begun, userId, account);
  }

  /**
   * The id is stored before anything else. So another window that does not see the new secrets yet, or finds them lost
   * since this one has crashed, goes on under the same id.
   */
  async #newId(claim: string): Promise<string> {
    const id = globalThis.crypto.randomUUID();
    await this.files.write(claim, Buffer.from(JSON.stringify({ id })));
    return id;
  }

  async #moveTo(id: string, userId: string, account: Omit<AccountRecord, 'id'>): Promise<boolean> {
    const isNew = !(await this.records.signOuts.isSignedOut(id)) && (await this.records.account(id)) === undefined;
    if (isNew) {
      await this.#moveFiles(userId, id, account);
      await this.records.create({ ...account, id });
      const session = parseSessionRecord(await this.#entries.read(SESSION + userId, files.sessionVersion(userId)));
      if (session !== undefined) await this.records.saveSession(id, session);
    }
    await this.#remove(userId);
    return isNew;
  }

  async #moveFiles(userId: string, id: string, { servers }: Pick<AccountRecord, 'servers'>): Promise<void> {
    const vault = await this.files.read(files.vault(userId));
    const header = storedJson(vault && Buffer.from(vault.subarray(0, vault.indexOf('\n'.charCodeAt(0)))).toString());
    // Version 0.1 had one file for each user id, so the vault may be that of another server which knows this user.
    if (isDeepStrictEqual(header.servers, servers)) {
      await this.files.rename(files.vault(userId), accountFile(id, 'vault'));
    }
    await this.files.rename(files.kdf(userId), accountFile(id, 'kdf'));
    await this.files.rename(files.rotation(userId), accountFile(id, 'rotation'));
  }

  /** The mark comes first, so that a window of version 0.1 finds it and removes what it writes meanwhile. */
  async #remove(userId: string): Promise<void> {
    await this.files.write(SIGNED_OUT_FILE, Buffer.from(await digest(userId)));
    for (const name of Object.values(files)) await this.files.delete(name(userId));
    await this.secrets.delete(SESSION + userId);
    await this.secrets.delete(ACCOUNT + userId);
  }

  async #userIds(): Promise<readonly string[]> {
    const ids = (await this.secrets.keys()).flatMap((key) => {
      const prefix = [ACCOUNT, SESSION].find((each) => key.startsWith(each));
      return prefix === undefined ? [] : [key.slice(prefix.length)];
    });
    return [...new Set(ids)].sort();
  }

  async #readFile(name: string): Promise<string | undefined> {
    const content = await this.files.read(name);
    return content && Buffer.from(content).toString('utf8');
  }
}

async function digest(text: string, encoding: 'base64' | 'hex' = 'base64'): Promise<string> {
  const bytes = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(bytes).toString(encoding);
}
