import { ok } from '../../http';
import type { Account } from '../../model';
import type { AccountDialect } from '../dialect';
import { atLeast, profileCore, unlockCamel, withDates } from '../shared';
import { date } from './date';
import { unhandled } from './refusals';

const SSH_KEYS_SINCE = [2024, 12, 0];
const NEW_TYPES_SINCE = [2026, 2, 0];

/** aspnetcore: Rfc6238AuthenticationService.cs takes the codes of two steps before this one, and of two after it. */
const CODE_STEP_MS = 180_000;
const STEPS_ALLOWED = 2;
const codeStep = (time: number) => Math.floor(time / CODE_STEP_MS);

const profile = (account: Account) =>
  withDates(
    { ...profileCore(account), verifyDevices: true, organizationsNew: profileCore(account).organizations },
    date,
  );

export const accounts: AccountDialect = {
  verificationTakesBoth: true,
  verificationTakesAccessCode: true,
  // UserService.cs:1084 computes a code from the time and the security stamp, and keeps no list of those used.
  codesAreUsedUp: false,
  codeHasExpired: (sentAt, now) => codeStep(now) - codeStep(sentAt) > STEPS_ALLOWED,
  rotationTouchesRevision: false,
  withoutMail: undefined,

  profile,
  // UserAccountKeysQuery.cs:18 fails without a key pair; the sync does not ask it then (SyncController.cs:133-137).
  profileAnswer: (account) => (account.wrappedPrivateKey === null ? unhandled : ok(profile(account))),
  passwordPolicy: () => ({
    ...{ minComplexity: null, minLength: null, requireLower: null, requireUpper: null, requireNumbers: null },
    ...{ requireSpecial: null, enforceOnLogin: null, object: 'masterPasswordPolicy' },
  }),
  finishSync: (sync, account) => ({
    ...sync,
    policiesNew: sync.policies,
    // UserDecryptionResponseModel.cs:17-28 leaves out what is null, save containedKeyId.
    userDecryption: {
      masterPasswordUnlock: unlockCamel(account, { containedKeyId: account.userKeyId }),
      ...(account.upgradeToken === null ? {} : { v2UpgradeToken: account.upgradeToken }),
      ...(account.userKeyId === null ? {} : { userKeyId: account.userKeyId }),
    },
  }),
  sendsType: (type, version) =>
    type === 5 ? atLeast(version, SSH_KEYS_SINCE) : type >= 6 && type <= 8 ? atLeast(version, NEW_TYPES_SINCE) : true,
};
