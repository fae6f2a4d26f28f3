import type { HttpClient } from '../bitwarden/http/client';
import { requestToken, type TokenAnswer } from '../bitwarden/api/identity';
import { ServerApi } from '../bitwarden/api/serverApi';
import type { ServerUrls } from '../bitwarden/http/servers';
import { mustRest } from '../bitwarden/http/rateLimits';
import { AccountGoneError, ApiKeyRejectedError, RateLimitedError, UnauthorizedError } from '../bitwarden/errors';
import { OtherAccountError, SessionDroppedError } from '../vault/errors';
import { locks } from './storage/locks';
import type { Clock, FileStore } from '../base/ports';
import type { AccountRecord, SessionRecord } from './storage/accountRecord';
import type { Records } from './storage/records';
import type { DropReason } from '../vault/errors';

/** As official clients do (clients: token.service.ts). */
const RENEW_BEFORE_MS = 5 * 60 * 1000;

/** A token, and the addresses that it may be sent to: those of the account record that it was got with. */
interface Access {
  readonly servers: ServerUrls;
  readonly token: string;
}

export type Connect = (deviceIdentifier: string) => Promise<HttpClient>;

/**
 * The only owner of access tokens. All windows share one token, because servers count sign-ins: each reads the shared
 * record first, and renewal runs in one window at a time.
 */
export class AccessTokens {
  /** Renewals under way, by account. */
  readonly #renewals = new Map<string, Promise<Access>>();
  #http: { readonly deviceIdentifier: string; readonly client: Promise<HttpClient> } | undefined;

  constructor(
    private readonly records: Records,
    private readonly files: FileStore,
    private readonly clock: Clock,
    private readonly connectTo: Connect,
    private readonly onDrop: (accountId: string, reason: DropReason) => Promise<void>,
  ) {}

  /** The HTTP client of this window: one for all accounts, since it remembers rate limits. */
  async connect(): Promise<HttpClient> {
    const deviceIdentifier = await this.records.deviceIdentifier();
    if (this.#http?.deviceIdentifier !== deviceIdentifier) {
      this.#http = { deviceIdentifier, client: this.connectTo(deviceIdentifier) };
    }
    return this.#http.client;
  }

  /**
   * Asks the identity service for a token. Nothing is stored.
   *
   * @throws as requestToken; OtherAccountError when the answer is for somebody else than `expectedUserId`.
   */
  async request(
    servers: ServerUrls,
    key: { readonly clientId: string; readonly clientSecret: string },
    expectedUserId: string | undefined,
    signal?: AbortSignal,
  ): Promise<TokenAnswer> {
    const answer = await requestToken(await this.connect(), servers, key, signal);
    if (expectedUserId !== undefined && answer.userId !== expectedUserId) {
      throw new OtherAccountError('the server answered for another user');
    }
    return answer;
  }

  /**
   * Runs one authenticated call. A token that the server does not accept (any more) is renewed, and the call repeated,
   * once.
   *
   * @throws what the call throws; SessionDroppedError when there must be no token before the user has acted;
   * RateLimitedError while any window was told to wait with the next sign-in.
   */
  async use<T>(id: string, call: (api: ServerApi) => Promise<T>): Promise<T> {
    const http = await this.connect();
    const callWith = ({ servers, token }: Access) => call(new ServerApi(http, servers, token));
    const access = await this.#get(id);
    try {
      return await callWith(access);
    } catch (error) {
      if (!(error instanceof UnauthorizedError)) throw error;
      return callWith(await this.#get(id, access.token));
    }
  }

  /**
   * Gets another token in the place of this one, which is good: one that names the organizations of now.
   *
   * @throws as request; SessionDroppedError; RateLimitedError.
   */
  async replace(id: string, token: string): Promise<void> {
    await this.#get(id, token);
  }

  /**
   * A token that is valid for at least five minutes more; while a rotation is unfinished any that is still valid.
   *
   * @param refused a token that the server does not accept.
   */
  async #get(id: string, refused?: string): Promise<Access> {
    const account = await this.records.requireAccount(id);
    if (await this.records.isOutdated(account)) throw new SessionDroppedError('storedElsewhere');
    const stored = await this.#usable(account, await this.records.session(id));
    if (stored !== undefined && stored.token !== refused) return stored;
    const underWay = this.#renewals.get(id);
    if (underWay !== undefined) return underWay;
    const renewal = this.files.exclusive(locks.token(id), () => this.#renew(id, refused));
    this.#renewals.set(id, renewal);
    const ended = () => this.#renewals.delete(id);
    renewal.then(ended, ended);
    return renewal;
  }

  /** Stores the session of an answer for all windows, under the key that it was got with. */
  async save(account: Pick<AccountRecord, 'id' | 'keyId'>, answer: TokenAnswer): Promise<void> {
    const { accessToken, expiresAt } = answer;
    await this.records.saveSession(account.id, { keyId: account.keyId, accessToken, expiresAt });
  }

  /**
   * Throws the token away in every window and records why; no request is sent until the user has mended it. Of several
   * windows that find out, the first one tells the user. Nothing happens where another key is stored by now.
   */
  drop(account: AccountRecord, reason: DropReason): Promise<SessionDroppedError> {
    return this.files.exclusive(locks.token(account.id), () => this.#drop(account, reason));
  }

  /**
   * As drop, for what was found out with a token.
   *
   * @returns undefined when there is another token by now, of which the finding says nothing.
   */
  dropToken(id: string, token: string, reason: DropReason): Promise<SessionDroppedError | undefined> {
    return this.files.exclusive(locks.token(id), async () => {
      const account = await this.records.requireAccount(id);
      const session = await this.records.session(id);
      const isReplaced = session !== undefined && 'accessToken' in session && session.accessToken !== token;
      return isReplaced ? undefined : this.#drop(account, reason);
    });
  }

  /** Drops the session since the identity service does not know the stored key any more. */
  async reject(account: AccountRecord, rejection: ApiKeyRejectedError): Promise<SessionDroppedError> {
    return this.drop(account, await this.#whyRejected(account, rejection));
  }

  /**
   * The stored client_id was right when it was stored. So the account is gone where the server does not know it any
   * more, or where it finds no account for the last token.
   */
  async #whyRejected({ id, keyId, servers }: AccountRecord, { wrong }: ApiKeyRejectedError): Promise<DropReason> {
    if (wrong !== undefined) return wrong === 'clientId' ? 'accountGone' : 'keyRejected';
    const session = await this.records.session(id);
    if (session?.keyId !== keyId || 'retryAt' in session) return 'keyRejected';
    if ('dropped' in session) return session.dropped === 'accountGone' ? 'accountGone' : 'keyRejected';
    try {
      await new ServerApi(await this.connect(), servers, session.accessToken).accounts.getRevisionDate();
    } catch (error) {
      if (error instanceof AccountGoneError) return 'accountGone';
    }
    return 'keyRejected';
  }

  async #drop({ id, keyId }: AccountRecord, reason: DropReason): Promise<SessionDroppedError> {
    const session = await this.records.session(id);
    const isKnown = session?.keyId === keyId && 'dropped' in session && session.dropped === reason;
    if (!isKnown && (await this.records.saveSession(id, { keyId, dropped: reason }))) await this.onDrop(id, reason);
    return new SessionDroppedError(reason);
  }

  async #renew(id: string, refused: string | undefined): Promise<Access> {
    const account = await this.records.requireAccount(id);
    const stored = await this.#usable(account, await this.records.session(id));
    if (stored !== undefined && stored.token !== refused) return stored;
    let rejection: ApiKeyRejectedError;
    try {
      return await this.#signIn(account);
    } catch (error) {
      if (error instanceof OtherAccountError) throw await this.#drop(account, 'otherUser');
      if (!(error instanceof ApiKeyRejectedError)) throw error;
      rejection = error;
    }
    // Another window may be between the server's rotation and storing its outcome: wait for it, then look again.
    return this.files.exclusive(locks.rotation(id), async () => {
      const now = await this.records.requireAccount(id);
      const last = await this.#usable(now, await this.records.session(id));
      if (last !== undefined && last.token !== refused) return last;
      if (now.keyId !== account.keyId) return this.#signIn(now);
      await this.records.marks.deleteRotation(id);
      throw await this.#drop(account, await this.#whyRejected(account, rejection));
    });
  }

  async #signIn(account: AccountRecord): Promise<Access> {
    const { id, userId, keyId, servers } = account;
    try {
      const answer = await this.request(servers, account, userId);
      await this.save(account, answer);
      return { servers, token: answer.accessToken };
    } catch (error) {
      // The server counts the sign-ins of all windows together, so all have to wait. While a rotation is unfinished the
      // stored token is kept: it may be the last one with which the new key can be asked for.
      if (error instanceof RateLimitedError && !(await this.#isRotating(account))) {
        await this.records.saveSession(id, { keyId, retryAt: error.retryAt });
      }
      throw error;
    }
  }

  async #usable(account: AccountRecord, session: SessionRecord | undefined): Promise<Access | undefined> {
    // A session got with another key than the stored one is stale, whatever it says.
    if (session?.keyId !== account.keyId) return undefined;
    if ('dropped' in session) throw new SessionDroppedError(session.dropped);
    if ('retryAt' in session) {
      const { retryAt } = session;
      if (mustRest(retryAt, this.clock.now()))
        throw new RateLimitedError(new URL(account.servers.identity).host, retryAt);
      return undefined;
    }
    const left = session.expiresAt - this.clock.now();
    const needed = (await this.#isRotating(account)) ? 0 : RENEW_BEFORE_MS;
    return left > needed ? { servers: account.servers, token: session.accessToken } : undefined;
  }

  /**
   * Whether a rotation is unfinished. The server may then have another key than the stored one, or have it soon; a token
   * is kept as long as it is valid, because it may be the last one with which that key can be asked for.
   */
  async #isRotating({ id, keyId }: AccountRecord): Promise<boolean> {
    return (await this.records.marks.rotation(id))?.keyId === keyId;
  }
}
