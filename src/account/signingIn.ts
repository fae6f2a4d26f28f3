import type { FileStore } from '../base/ports';
import { type ApiKey, parseClientId, type TokenAnswer } from '../bitwarden/api/identity';
import { ServerApi } from '../bitwarden/api/serverApi';
import { checkServer } from '../bitwarden/api/serverCheck';
import { ApiKeyRejectedError, CancelledError } from '../bitwarden/errors';
import type { ServerUrls } from '../bitwarden/http/servers';
import { OtherAccountError } from '../vault/errors';
import type { AccessTokens } from './accessTokens';
import type { Accounts } from './accounts';
import type { Rotation } from './apiKeyRotation';
import type { RecordsFollower } from './recordsFollower';
import { mustSignInAgain, type SignedIn } from './state';
import { type AccountRecord, isSameUser } from './storage/accountRecord';
import type { VaultCache } from './storage/cache';
import { locks } from './storage/locks';
import type { KeeperSecret } from './storage/keeperSecret';
import type { Records } from './storage/records';
import type { Synchronizer, SyncOptions } from './sync/synchronizer';
import type { Syncs } from './sync/syncs';
import type { UserVerifier, Verification } from './userVerification';

type NewKey = Pick<AccountRecord, 'servers' | 'clientId' | 'clientSecret' | 'email'>;
type StartOptions = Pick<SyncOptions, 'acceptWeakerKdf' | 'signal'>;

/** An account whose key is stored now. */
export interface Admitted {
  readonly account: AccountRecord;
  /** What the server has said of how it is unlocked. */
  readonly unlock: TokenAnswer['masterPasswordUnlock'];
}

/** Has the server judge an API key, and stores what it says of the account. */
export class SigningIn {
  constructor(
    private readonly parts: {
      readonly records: Records;
      readonly accounts: Accounts;
      readonly cache: VaultCache;
      readonly files: FileStore;
      readonly follower: RecordsFollower;
      readonly secret: KeeperSecret;
      readonly tokens: AccessTokens;
      readonly rotation: Rotation;
      readonly synchronizer: Synchronizer;
      readonly syncs: Syncs;
      readonly verifier: UserVerifier;
    },
  ) {}

  /** See Session.checkServer. */
  async checkServer(servers: ServerUrls, signal: AbortSignal): Promise<void> {
    await checkServer(await this.parts.tokens.connect(), servers, signal);
  }

  /** See AccountSession.admit. */
  async admit(servers: ServerUrls, key: ApiKey, signal?: AbortSignal): Promise<Admitted> {
    const { accounts } = this.parts;
    const named = parseClientId(key.clientId);
    const expectedUserId = named.kind === 'user' ? named.userId : undefined;
    for (;;) {
      const known = await accounts.signedIn();
      const { answer, email } = await this.#verifyKey(servers, key, expectedUserId, signal);
      if (signal?.aborted) throw new CancelledError();
      const account = await this.#admit({ servers, ...key, email }, answer, known);
      // Another window has stored a key of this account meanwhile. This one may be older: the server is asked again.
      if (account === undefined) continue;
      return { account, unlock: answer.masterPasswordUnlock };
    }
  }

  /** See AccountSession.begin. */
  async begin({ account, unlock }: Admitted): Promise<void> {
    const { follower, syncs } = this.parts;
    await follower.checkAgain();
    void syncs.quietly(account, { acceptStamp: true, unlock });
  }

  /** See Session.replaceClientSecret. */
  async replaceClientSecret(id: string, clientSecret: string, signal?: AbortSignal): Promise<void> {
    const { records, tokens, rotation, follower, syncs } = this.parts;
    for (;;) {
      const account = await records.requireAccount(id);
      const key = { clientId: account.clientId, clientSecret };
      const answer = await tokens.request(account.servers, key, account.userId, signal);
      // Another window has stored another key meanwhile. This one may be older: the server is asked again.
      if (!(await rotation.replace(account, { clientSecret }, answer))) continue;
      await follower.checkAgain();
      await syncs.quietly(account, { unlock: answer.masterPasswordUnlock });
      return;
    }
  }

  /** See Session.signInAgain. */
  async signInAgain({ account, facts }: SignedIn, options: StartOptions): Promise<void> {
    const { records, cache, tokens, synchronizer } = this.parts;
    const record = await records.requireAccount(account.id);
    // The former master password still opens this vault, and once the session counts as mended nothing else would keep
    // it from doing so.
    if (mustSignInAgain(facts.dropped)) await cache.delete(account.id);
    try {
      await synchronizer.changingStamp(account.id, () => this.#startOver(record, options));
    } catch (error) {
      if (error instanceof ApiKeyRejectedError) throw await tokens.reject(record, error);
      throw error;
    }
  }

  /** See Session.deauthorizeSessions. */
  async deauthorizeSessions(verification: Verification): Promise<void> {
    const { records, tokens, synchronizer, verifier } = this.parts;
    await verifier.verified(verification, async ({ id }, verified) => {
      const account = await records.requireAccount(id);
      await synchronizer.changingStamp(id, async () => {
        await tokens.use(id, (api) => api.accounts.deauthorizeSessions(verified));
        await this.#startOver(account);
      });
    });
  }

  /** Gets a session, and takes the account and its security stamp as the server has them now. */
  async #startOver(account: AccountRecord, { acceptWeakerKdf, signal }: StartOptions = {}): Promise<void> {
    const { tokens, rotation, follower, syncs } = this.parts;
    const { answer, email } = await this.#verifyKey(account.servers, account, account.userId, signal);
    await rotation.refresh(account, { email, hasMasterPassword: answer.hasMasterPassword });
    await tokens.save(account, answer);
    await follower.checkAgain();
    const unlock = answer.masterPasswordUnlock;
    await syncs.run(account, { force: true, acceptStamp: true, acceptWeakerKdf, unlock, signal });
  }

  /** The profile is asked only where the token does not say who it is for: it fails for accounts without a key pair. */
  async #verifyKey(
    servers: ServerUrls,
    key: ApiKey,
    expectedUserId: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ answer: TokenAnswer; email: string }> {
    const { tokens } = this.parts;
    const answer = await tokens.request(servers, key, expectedUserId, signal);
    if (answer.email !== undefined) return { answer, email: answer.email };
    const api = new ServerApi(await tokens.connect(), servers, answer.accessToken);
    const profile = await api.accounts.getProfile(signal);
    if (profile.id.toLowerCase() !== answer.userId) throw new OtherAccountError('the server answered for another user');
    return { answer, email: profile.email };
  }

  /**
   * Stores an account whose key the server has just accepted, beside all others, under an id of its own; a second sign-in
   * to an account that is here keeps its id.
   *
   * @param answer of the server, to this key.
   * @param known the accounts that were here before the server was asked.
   * @returns undefined when another window has stored a key of this account since: nothing is stored.
   */
  async #admit(key: NewKey, answer: TokenAnswer, known: readonly AccountRecord[]): Promise<AccountRecord | undefined> {
    const { records, accounts, tokens, files, secret } = this.parts;
    const { userId, hasMasterPassword } = answer;
    return files.exclusive(locks.accounts, async () => {
      const here = await accounts.signedIn();
      const same = here.find((account) => isSameUser(account, { ...key, userId }));
      const before = same && known.find(({ id }) => id === same.id);
      if (same !== undefined && before === undefined) return undefined;
      await accounts.settle(here);
      if (before !== undefined) return this.#replace(before, key, answer);
      await records.refuseToAdd();
      const keyId = globalThis.crypto.randomUUID();
      const account = { ...key, id: globalThis.crypto.randomUUID(), userId, keyId, hasMasterPassword };
      // The keeper may hold keys of others, for windows that know it by this secret.
      if (here.length === 0 && (await records.awaited()).length === 0) await secret.renew();
      await records.create(account);
      await tokens.save(account, answer);
      return account;
    });
  }

  async #replace(before: AccountRecord, key: NewKey, answer: TokenAnswer): Promise<AccountRecord | undefined> {
    const { records, cache, rotation } = this.parts;
    // A vault from before this sign-in would still open with the master password that the account had then.
    await cache.delete(before.id);
    return (await rotation.replace(before, key, answer)) ? records.account(before.id) : undefined;
  }
}
