import { isDeepStrictEqual } from 'node:util';
import type { UserVerification } from '../bitwarden/api/accounts';
import type { HttpClient } from '../bitwarden/api/http';
import type { TokenAnswer } from '../bitwarden/api/identity';
import type { ServerUrls } from '../bitwarden/api/servers';
import {
  ApiKeyRejectedError,
  ClientVersionError,
  HttpError,
  NetworkError,
  RateLimitedError,
  RedirectRefusedError,
  UnauthorizedError,
  UserVerificationError,
} from '../bitwarden/errors';
import type { AccessTokens } from './accessTokens';
import { NotRotatedError, RotationUnfinishedError, SignedOutError } from './errors';
import { errorName } from './errorName';
import { locks } from './locks';
import type { FileStore, Logger } from './ports';
import type { AccountRecord, Records } from './records';

/** How a rotation whose answer was lost has ended. */
export type RotationOutcome = 'recovered' | 'notRotated' | 'settled';

/**
 * Rotation of the API key. Between the moment the server makes a new client_secret and the moment it is stored here,
 * it exists nowhere that the user could look; so a mark that names the old key is stored before the request is sent, and
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
  async rotate(userId: string, verification: UserVerification): Promise<void> {
    // A token is fetched before the lock is taken: renewal may have to wait for that very lock.
    await this.tokens.use(userId, async (http, servers, token) => {
      await this.files.exclusive(locks.rotation(userId), async () => {
        const account = await this.#accountAt(servers, userId);
        // A refusal of this one would take away the mark of the one before.
        if (await this.#isUnfinished(account)) throw new RotationUnfinishedError('the one before is unfinished');
        await this.#mark(account);
        await this.#store(account, await this.#send(account, http, servers, token, verification));
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
  async finish(userId: string, verification: UserVerification): Promise<RotationOutcome> {
    const { viewApiKey } = await import('../bitwarden/api/accounts');
    return this.tokens.use(userId, (http, servers, token) =>
      this.files.exclusive(locks.rotation(userId), async () => {
        const account = await this.#accountAt(servers, userId);
        if (!(await this.#isUnfinished(account))) return 'settled';
        return this.#store(account, await viewApiKey(http, servers, token, verification));
      }),
    );
  }

  /**
   * Stores the client_secret that replaces the one of `before`, and the session got with it; a rotation whose answer was
   * lost is over then.
   *
   * @returns false when the stored key is another one by now, which the new one may be older than: nothing is stored.
   */
  async replace(before: AccountRecord, clientSecret: string, answer: TokenAnswer): Promise<boolean> {
    const { userId, servers, keyId } = before;
    return this.files.exclusive(locks.rotation(userId), async () => {
      const account = await this.#accountAt(servers, userId);
      if (account.keyId !== keyId) return false;
      const { hasMasterPassword } = answer;
      const replaced = { ...account, clientSecret, hasMasterPassword, keyId: globalThis.crypto.randomUUID() };
      await this.records.saveAccount(replaced);
      await this.tokens.save(replaced, answer);
      await this.records.deleteRotation(userId);
      return true;
    });
  }

  /** Stores what the server says of the account now; the key stays as it is. */
  async refresh(
    { userId, servers }: Pick<AccountRecord, 'userId' | 'servers'>,
    now: Pick<AccountRecord, 'email' | 'hasMasterPassword'>,
  ): Promise<void> {
    await this.files.exclusive(locks.rotation(userId), async () => {
      const { email, hasMasterPassword, ...account } = await this.#accountAt(servers, userId);
      if (email === now.email && hasMasterPassword === now.hasMasterPassword) return;
      await this.records.saveAccount({ ...account, ...now });
    });
  }

  /** A client_secret of one server is never stored beside the address of another, signed in to meanwhile. */
  async #accountAt(servers: ServerUrls, userId: string): Promise<AccountRecord> {
    const account = await this.records.requireAccount(userId);
    if (!isDeepStrictEqual(account.servers, servers)) throw new SignedOutError('signed in to another server');
    return account;
  }

  async #isUnfinished({ userId, keyId }: AccountRecord): Promise<boolean> {
    return (await this.records.rotation(userId))?.keyId === keyId;
  }

  async #mark({ userId, keyId }: AccountRecord): Promise<void> {
    try {
      await this.records.saveRotation(userId, { keyId });
    } catch (error) {
      throw new NotRotatedError('not rotated', { cause: error });
    }
  }

  async #send(
    account: AccountRecord,
    http: HttpClient,
    servers: ServerUrls,
    token: string,
    verification: UserVerification,
  ): Promise<string> {
    const { rotateApiKey, viewApiKey } = await import('../bitwarden/api/accounts');
    try {
      return await rotateApiKey(http, servers, token, verification);
    } catch (error) {
      if (neverCarriedOut(error)) {
        await this.records.deleteRotation(account.userId);
        // UnauthorizedError stays itself: the caller's caller renews the token and tries again.
        throw error instanceof UnauthorizedError ? error : new NotRotatedError('not rotated', { cause: error });
      }
      this.log.warn(`The answer to the rotation was lost (${errorName(error)}); asking for the current key.`);
      let current: string;
      try {
        current = await viewApiKey(http, servers, token, verification);
      } catch (recoveryError) {
        this.log.warn(`The current key could not be fetched (${errorName(recoveryError)}).`);
        throw new RotationUnfinishedError('rotation unfinished', { cause: recoveryError });
      }
      // The old key proves nothing yet: the server may still be at it.
      if (current === account.clientSecret) throw new RotationUnfinishedError('rotation unfinished', { cause: error });
      return current;
    }
  }

  async #store(account: AccountRecord, clientSecret: string): Promise<RotationOutcome> {
    if (clientSecret === account.clientSecret) {
      await this.records.deleteRotation(account.userId);
      return 'notRotated';
    }
    await this.records.requireAccount(account.userId);
    try {
      await this.records.saveAccount({ ...account, clientSecret, keyId: globalThis.crypto.randomUUID() });
    } catch (error) {
      if (error instanceof SignedOutError) throw error;
      throw new RotationUnfinishedError('the new client_secret could not be stored', { cause: error });
    }
    // The record and its new name went in one write: the old session and the mark are of no account any more. The mark
    // stays where it is, for a window that ends before that write is on the disk.
    try {
      await this.records.clearSession(account.userId);
    } catch (error) {
      this.log.warn(`The session of the old key could not be cleared (${errorName(error)}).`);
    }
    return 'recovered';
  }
}

/** Failures after which the server is certain not to have rotated. */
function neverCarriedOut(error: unknown): boolean {
  if (error instanceof NetworkError) return error.reason === 'unreachable' || error.reason === 'certificate';
  if (error instanceof HttpError) return error.status < 500;
  return (
    error instanceof UserVerificationError ||
    error instanceof UnauthorizedError ||
    error instanceof RateLimitedError ||
    error instanceof RedirectRefusedError ||
    error instanceof ApiKeyRejectedError ||
    error instanceof ClientVersionError
  );
}
