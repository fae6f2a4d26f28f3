import { toError } from '../../base/thrown';
import type { Clock, FileStore, SecretStore } from '../../base/ports';
import { SignedOutError } from '../../vault/errors';
import { type AccountFile, accountFile, accountOfFile, draftOfFile, REMEMBERED_MS } from './fileNames';
import { locks } from './locks';
import { accountOfSecret, accountSecret } from './secretNames';
import { isText, readStoredJson, storedJson } from './storedJson';

/**
 * Removes accounts from this machine. One that is signed out leaves a mark under its id, which is never given again:
 * whoever writes looks for the mark afterwards, and takes back what came too late.
 */
export class SignOuts {
  /** Whether the first call of removeSignedOut has been made, which belongs to the start of the window. */
  #hasStarted = false;

  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
    private readonly clock: Clock,
  ) {}

  /** For good: whoever signs in again gets another id. */
  async isSignedOut(id: string): Promise<boolean> {
    return (await this.files.modifiedAt(accountFile(id, 'signedOut'))) !== undefined;
  }

  /**
   * Runs a write of secrets of an account, one at a time.
   *
   * @throws SignedOutError when the account was signed out before or meanwhile; what was written is removed then.
   */
  async unlessSignedOut<T>(id: string, write: () => Promise<T>): Promise<T> {
    return this.files.exclusive(locks.records(id), async () => {
      // In a browser one looks before the write as well, because afterwards the secrets would have to be deleted, and each
      // deletion stores all others as this page has read them.
      if (!this.secrets.tellsWindows) await this.#refuseIfSignedOut(id, this.#fileRemovals(id));
      try {
        return await write();
      } finally {
        await this.#refuseIfSignedOut(id, this.#removals(id));
      }
    });
  }

  /** Writes a file of an account. @param content bytes, or what is written as JSON. @throws as unlessSignedOut. */
  async writeFile(id: string, kind: AccountFile, content: object): Promise<void> {
    const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
    try {
      await this.files.write(accountFile(id, kind), bytes);
    } finally {
      await this.#refuseIfSignedOut(id, this.#fileRemovals(id));
    }
  }

  /** Removes what is stored of the account. The device identifier stays: it names this machine, not the account. */
  async forget(id: string): Promise<void> {
    // The next page that is loaded removes the secrets that this one must not touch.
    const removals = (await this.isOutdatedBeside(id)) ? this.#fileRemovals(id) : this.#removals(id);
    // The mark first, so that whoever writes later finds it and whoever wrote earlier is undone.
    const steps = [() => this.files.write(accountFile(id, 'signedOut'), new Uint8Array()), ...removals];
    // On a full disk the removals make room for the mark.
    await allOf(...steps).catch(() => allOf(...steps));
  }

  /**
   * Removes what windows had under way when an account was signed out, and what got here late. The first call belongs
   * to the start of a window.
   */
  async removeSignedOut(): Promise<void> {
    const files = await this.accountFiles();
    // A page of a browser still sees the secrets of an account that another page has signed out since. They are not
    // stored any more, and deleting them would store all others as they were when this page was loaded.
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

  /**
   * The ids of what is stored and belongs to none of these accounts: its secrets do not parse, or are not here any more,
   * as after the keyring was reset. In a browser another page may still have the secrets, so there an id counts only when
   * its files have not been used for as long as marks are remembered.
   */
  async idsLeftBehind(accounts: readonly { readonly id: string }[]): Promise<readonly string[]> {
    const withSecrets = await this.idsOfSecrets();
    const files = (await this.accountFiles()).filter(({ kind }) => kind !== 'signedOut');
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

  /**
   * True in a page of a browser that was loaded before another page has added, changed or signed out an account other than
   * this one. It has read other secrets than are stored now, and whatever it writes or deletes would put them back.
   */
  async isOutdatedBeside(id: string): Promise<boolean> {
    if (this.secrets.tellsWindows) return false;
    const others = (await this.accountFiles()).filter((each) => each.id !== id);
    const withSecrets = await this.idsOfSecrets();
    for (const { id: other, kind } of others) {
      if (kind === 'signedOut' && withSecrets.includes(other)) return true;
      if (kind !== 'account') continue;
      const stored = await readStoredJson(this.files, accountFile(other, kind));
      const own = storedJson(await this.secrets.get(accountSecret(other, 'apiKey')));
      if (isText(stored.keyId) && stored.keyId !== own.keyId) return true;
    }
    return false;
  }

  /** The ids of all accounts that have an entry in the secret store here, whether it parses or not. */
  async idsOfSecrets(): Promise<readonly string[]> {
    const ids = (await this.secrets.keys()).flatMap((name) => accountOfSecret(name)?.id ?? []);
    return [...new Set(ids)];
  }

  /** The files of all accounts, by account and kind. */
  async accountFiles() {
    return (await this.files.names()).flatMap((name) => accountOfFile(name) ?? []);
  }

  async #refuseIfSignedOut(id: string, removals: (() => Promise<void>)[]): Promise<void> {
    if (!(await this.isSignedOut(id))) return;
    await allOf(...removals);
    throw new SignedOutError('signed out meanwhile');
  }

  /** The API key goes last: should this be cut off before, the account still shows and can be signed out again. */
  #removals(id: string): (() => Promise<void>)[] {
    return [
      () => this.secrets.delete(accountSecret(id, 'pin')),
      () => this.secrets.delete(accountSecret(id, 'accessToken')),
      ...this.#fileRemovals(id),
      () => this.secrets.delete(accountSecret(id, 'apiKey')),
    ];
  }

  #fileRemovals(id: string): (() => Promise<void>)[] {
    const files: readonly AccountFile[] = [
      'lockSignal',
      'kept',
      'session',
      'timeout',
      'rotation',
      'pin',
      'pinTries',
      'used',
      'generated',
      'account',
    ];
    return [
      ...files.map((kind) => () => this.files.delete(accountFile(id, kind))),
      async () => {
        const drafts = (await this.accountFiles()).filter(
          (file) => file.id === id && draftOfFile(file.kind) !== undefined,
        );
        await allOf(
          ...drafts.map(
            ({ kind }) =>
              () =>
                this.files.delete(accountFile(id, kind)),
          ),
        );
      },
    ];
  }
}

/** Does each, whatever becomes of the others. @throws what the first of them throws that does. */
async function allOf(...steps: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw toError(failures[0]);
}
