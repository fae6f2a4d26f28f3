import type { UserVerification } from '../bitwarden/api/accounts';
import type { TokenAnswer } from '../bitwarden/api/identity';
import type { ServerApi } from '../bitwarden/api/serverApi';
import { UnauthorizedError } from '../bitwarden/errors';
import type { AccessTokens } from './accessTokens';
import { neverCarriedOut } from './carriedOut';
import { LockedError, NotRotatedError, RotationUnfinishedError, SignedOutError } from '../vault/errors';
import { classNameOf } from '../base/thrown';
import { locks } from './storage/locks';
import type { FileStore, Logger } from '../base/ports';
import type { AccountRecord } from './storage/accountRecord';
import type { Records } from './storage/records';

/** How a rotation whose answer was lost has ended. */
export type RotationOutcome = 'recovered' | 'notRotated' | 'settled';

/**
 * Rotation of the API key. Between the moment the server makes a new client_secret and the moment it is stored here, it
 * exists nowhere that the user could look; so a mark that names the old key is stored before the request is sent, and
 * holds until another key is stored. Whoever finds the mark asks the server for the current key.
 */
export class Rotation {
  constructor(
    private readonly records: Records,
    private readonly tokens: AccessTokens,
    private readonly files: FileStore,
    private readonly log: Logger,
  ) {}

  /**
   * Makes a new client_secret and stores it before anything else. The session got with the old one is thrown away.
   *
   * @throws NotRotatedError (with the cause) when the old key is certain to be still valid, RotationUnfinishedError
   * when nobody knows, and the errors of getting a token, before anything is sent.
   */
  async rotate(id: string, verification: UserVerification): Promise<void> {
    // A token is fetched before the lock is taken: renewal may have to wait for that very lock.
    await this.tokens.use(id, async (api) => {
      await this.files.exclusive(locks.rotation(id), async () => {
        const account = await this.records.requireAccount(id);
        // Otherwise, if the server refused this rotation, the mark would be deleted that the one before still needs.
        if (await this.#isUnfinished(account)) throw new RotationUnfinishedError('the one before is unfinished');
        await this.#mark(account);
        await this.#store(account, await this.#send(account, api, verification));
      });
    });
  }

  /**
   * Asks the server for the current key, after a rotation whose answer was lost.
   *
   * @returns `settled`: it was done meanwhile, here or in another window.
   * @throws UserVerificationError, SessionDroppedError when the rotation took place and no token is left to ask with,
   * and the errors of the calls; the mark stays then.
   */
  async finish(id: string, verification: UserVerification): Promise<RotationOutcome> {
    return this.tokens.use(id, (api) =>
      this.files.exclusive(locks.rotation(id), async () => {
        const account = await this.records.requireAccount(id);
        if (!(await this.#isUnfinished(account))) return 'settled';
        return this.#store(account, await api.accounts.viewApiKey(verification));
      }),
    );
  }

  /**
   * Stores the key that replaces the one of `before`, and the session got with it; a rotation whose answer was lost is
   * over then.
   *
   * @returns false when the stored key is another one by now, which the new one may be older than: nothing is stored.
   */
  async replace(
    before: AccountRecord,
    key: Pick<AccountRecord, 'clientSecret'> & Partial<AccountRecord>,
    answer: TokenAnswer,
  ): Promise<boolean> {
    const { id } = before;
    return this.files.exclusive(locks.rotation(id), async () => {
      const { hasMasterPassword } = answer;
      const keyId = globalThis.crypto.randomUUID();
      if (!(await this.records.change(before, { ...key, hasMasterPassword, keyId }))) return false;
      await this.tokens.save({ id, keyId }, answer);
      await this.records.marks.deleteRotation(id);
      return true;
    });
  }

  /** Stores what the server says of the account now, unless another key is stored by now; the key stays as it is. */
  async refresh(account: AccountRecord, now: Pick<AccountRecord, 'email' | 'hasMasterPassword'>): Promise<void> {
    if (account.email === now.email && account.hasMasterPassword === now.hasMasterPassword) return;
    await this.records.change(account, now);
  }

  async #isUnfinished({ id, keyId }: AccountRecord): Promise<boolean> {
    return (await this.records.marks.rotation(id))?.keyId === keyId;
  }

  async #mark({ id, keyId }: AccountRecord): Promise<void> {
    try {
      await this.records.marks.saveRotation(id, { keyId });
    } catch (error) {
      throw new NotRotatedError('not rotated', { cause: error });
    }
  }

  async #send(account: AccountRecord, { accounts }: ServerApi, verification: UserVerification): Promise<string> {
    try {
      return await accounts.rotateApiKey(verification);
    } catch (error) {
      if (neverCarriedOut(error)) {
        await this.records.marks.deleteRotation(account.id);
        // On UnauthorizedError AccessTokens.use renews the token and tries again; LockedError has a sentence of its
        // own.
        const ownWords = error instanceof UnauthorizedError || error instanceof LockedError;
        throw ownWords ? error : new NotRotatedError('not rotated', { cause: error });
      }
      this.log.warn(`The answer to the rotation was lost (${classNameOf(error)}); asking for the current key.`);
      let current: string;
      try {
        current = await accounts.viewApiKey(verification);
      } catch (recoveryError) {
        this.log.warn(`The current key could not be fetched (${classNameOf(recoveryError)}).`);
        throw new RotationUnfinishedError('rotation unfinished', { cause: recoveryError });
      }
      // That the server still gives the old key proves nothing: it may not be done with the rotation yet.
      if (current === account.clientSecret) throw new RotationUnfinishedError('rotation unfinished', { cause: error });
      return current;
    }
  }

  async #store(account: AccountRecord, clientSecret: string): Promise<RotationOutcome> {
    if (clientSecret === account.clientSecret) {
      await this.records.marks.deleteRotation(account.id);
      return 'notRotated';
    }
    try {
      const keyId = globalThis.crypto.randomUUID();
      if (!(await this.records.change(account, { clientSecret, keyId })))
        return await this.#compare(account, clientSecret);
    } catch (error) {
      if (error instanceof SignedOutError || error instanceof RotationUnfinishedError) throw error;
      throw new RotationUnfinishedError('the new client_secret could not be stored', { cause: error });
    }
    // The new key and its keyId were stored in one write, so that the old session and the mark, which name the old
    // keyId, count no more. The mark is not deleted: should this window end before that write is on the disk, it is
    // needed.
    try {
      await this.records.clearSession(account.id, account.keyId);
    } catch (error) {
      this.log.warn(`The session of the old key could not be cleared (${classNameOf(error)}).`);
    }
    return 'recovered';
  }

  /**
   * For when another window has stored a key though this one held the lock, as happens where this one stood still for
   * so long that the lock was taken from it. Only the server knows which of the two keys is older.
   */
  async #compare({ id }: AccountRecord, clientSecret: string): Promise<RotationOutcome> {
    const stored = await this.records.requireAccount(id);
    if (stored.clientSecret === clientSecret) return 'settled';
    await this.records.marks.saveRotation(id, { keyId: stored.keyId });
    throw new RotationUnfinishedError('another key was stored meanwhile');
  }
}
