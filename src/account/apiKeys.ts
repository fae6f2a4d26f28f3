import type { Emitter } from '../base/event';
import type { Logger } from '../base/ports';
import { classNameOf } from '../base/thrown';
import type { AccessTokens } from './accessTokens';
import type { Rotation, RotationOutcome } from './apiKeyRotation';
import type { PasswordHash } from './passwordHash';
import type { RecordsFollower } from './recordsFollower';
import type { Account } from './state';
import type { Syncs } from './sync/syncs';
import type { UserVerifier, Verification } from './userVerification';

export interface SettledRotation {
  readonly accountId: string;
  readonly outcome: Exclude<RotationOutcome, 'settled'>;
}

/** Viewing and rotating the API key, for which the server wants proof of who the user is. */
export class ApiKeys {
  constructor(
    private readonly parts: {
      readonly follower: RecordsFollower;
      readonly tokens: AccessTokens;
      readonly rotation: Rotation;
      readonly syncs: Syncs;
      readonly verifier: UserVerifier;
      readonly settled: Emitter<SettledRotation>;
      readonly log: Logger;
    },
  ) {}

  /** @returns the current client_secret, from the server. */
  view(verification: Verification): Promise<string> {
    const { verifier, tokens } = this.parts;
    return verifier.verifiedUnlessLocked(verification, ({ id }, verified) =>
      tokens.use(id, (api) => api.accounts.viewApiKey(verified)),
    );
  }

  /**
   * Rotates the key: see Rotation. Then a sync gets a session with the new key; if that fails, it is a fact of the
   * account, and the rotation has succeeded all the same.
   */
  async rotate(verification: Verification): Promise<void> {
    const { verifier, rotation, follower, syncs } = this.parts;
    const rotated = await verifier.verified(verification, async (account, verified) => {
      await follower.whileRotating(account.id, () => rotation.rotate(account.id, verified));
      return account;
    });
    await syncs.quietly(rotated);
  }

  /** Settles a rotation whose answer was lost: see Rotation. */
  async finishRotation(verification: Verification): Promise<RotationOutcome> {
    const { verifier, rotation, follower } = this.parts;
    return verifier.verified(verification, async ({ id }, verified) => {
      try {
        return await rotation.finish(id, verified);
      } finally {
        await follower.checkAgain();
      }
    });
  }

  /**
   * As finishRotation, but the user is not asked: the hash is that of the master password which has just unlocked the
   * vault.
   *
   * @param passwordHash wiped.
   */
  async settle({ id }: Account, passwordHash: PasswordHash): Promise<void> {
    const { rotation, follower, settled, log } = this.parts;
    try {
      const outcome = await rotation.finish(id, () => ({ masterPasswordHash: passwordHash.toText() }));
      await follower.checkAgain();
      if (outcome !== 'settled') settled.fire({ accountId: id, outcome });
    } catch (error) {
      log.warn(`The unfinished rotation could not be settled (${classNameOf(error)}).`);
    } finally {
      passwordHash.wipe();
    }
  }
}
