import { ok } from '../../http';
import type { Account } from '../../model';
import type { AccountDialect } from '../dialect';
import { atLeast, profileCore, unlockCamel, withDates } from '../shared';
import { date } from './date';

const SSH_KEYS_SINCE = [2024, 12, 0];

/** vaultwarden: src/config.rs email_expiration_time */
const CODE_LIFETIME_MS = 600_000;

const profile = (account: Account) => ({ ...withDates(profileCore(account), date), _status: 0, premium: true });

export const accounts: AccountDialect = {
  verificationTakesBoth: false,
  verificationTakesAccessCode: false,
  codesAreUsedUp: true,
  codeHasExpired: (sentAt, now) => now - sentAt > CODE_LIFETIME_MS,
  rotationTouchesRevision: true,
  withoutMail:
    'Email is disabled for this server. Either enable email or login using your master password instead of login via device.',

  profile,
  profileAnswer: (account) => ok(profile(account)),
  passwordPolicy: () => ({ Object: 'masterPasswordPolicy' }),
  finishSync: (sync, account) => ({
    ...sync,
    userDecryption: {
      // Vaultwarden also sends it under a second name, and means to drop the first.
      masterPasswordUnlock: unlockCamel(account, { masterKeyWrappedUserKey: account.masterKeyEncryptedUserKey }),
    },
  }),
  sendsType: (type, version) => type !== 5 || atLeast(version, SSH_KEYS_SINCE),
};
