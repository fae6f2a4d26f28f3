import { isDeepStrictEqual } from 'node:util';
import { unlessAborted } from '../base/unlessAborted';
import type { SecretBytes } from '../base/secretBytes';
import type { UserVerification } from '../bitwarden/api/accounts';
import { UserVerificationError } from '../bitwarden/errors';
import type { VaultCache } from './storage/cache';
import { AskAgainError, LockedError, NotRotatedError } from '../vault/errors';
import type { MasterPassword } from './masterPassword';
import type { SessionStore } from './sessionStore';
import type { Account } from './state';
import type { Syncs } from './sync/syncs';

/** How the user proves who they are before the server hands out or changes the API key. */
export type Verification =
  | {
      readonly kind: 'masterPassword';
      /** UTF-8; wiped by the call. */
      readonly password: SecretBytes;
    }
  | { readonly kind: 'code'; readonly code: string };

/** Whether the server did not accept the proof. NotRotatedError has that as its cause. */
export function isNotVerified(error: unknown): boolean {
  return error instanceof UserVerificationError || (error instanceof NotRotatedError && isNotVerified(error.cause));
}

/** What is to be done for the account with the proof. */
type VerifiedCall<T> = (account: Account, verified: UserVerification) => Promise<T>;

/**
 * Lets the user prove to the server who they are. While the server is waited for, nothing of the master password is
 * held but its hash, as bytes. The hash is wiped when the answer is there and at a lock, after which no request can use
 * it.
 */
export class UserVerifier {
  constructor(
    private readonly store: SessionStore,
    private readonly cache: VaultCache,
    private readonly syncs: Syncs,
    private readonly masterPassword: MasterPassword,
  ) {}

  /**
   * Calls with the proof in the form that the server takes.
   *
   * The hash depends on the key settings (KDF), which may have been changed elsewhere. A second try with the latest
   * ones needs the master password, which is wiped by then: so the vault is brought up to date, and the user is asked
   * again.
   *
   * @throws AskAgainError when the server did not believe the master password, and the settings have changed; as
   * MasterPassword.hash; LockedError when it was locked before anything was sent; what the call throws.
   */
  async verified<T>(verification: Verification, call: VerifiedCall<T>): Promise<T> {
    if (verification.kind === 'code') {
      return call(this.store.signedIn().account, this.#unlessLocked({ otp: verification.code }));
    }
    const { account, passwordHash, unlock } = await this.masterPassword.hash(verification.password);
    try {
      return await call(account, () => ({ masterPasswordHash: passwordHash.toText() }));
    } catch (error) {
      passwordHash.wipe();
      if (!isNotVerified(error)) throw error;
      await this.syncs.run(account, {});
      if (isDeepStrictEqual((await this.cache.header(account.id))?.unlock, unlock)) throw error;
      throw new AskAgainError('other key settings', { cause: error });
    } finally {
      passwordHash.wipe();
    }
  }

  /**
   * As verified, for an answer that is a secret: a lock meanwhile rejects at once, and the answer is dropped.
   *
   * @throws LockedError
   */
  async verifiedUnlessLocked<T>(verification: Verification, call: VerifiedCall<T>): Promise<T> {
    const { untilLock } = this.store;
    return unlessAborted(this.verified(verification, call), untilLock, () => new LockedError('locked meanwhile'));
  }

  #unlessLocked(proof: { readonly otp: string }): UserVerification {
    const { untilLock } = this.store;
    return () => {
      if (untilLock.aborted) throw new LockedError('locked meanwhile');
      return proof;
    };
  }
}
