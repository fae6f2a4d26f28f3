import { timingSafeEqual } from 'node:crypto';
import type { Caller, Verification } from './dialects/dialect';
import { jsonBody, Refusal, text, type Call } from './http';
import type { Account } from './model';
import type { ServerState } from './state';

/** The account of the call's access token. Refuses as the dialect does. */
export function caller(state: ServerState, call: Call): Caller {
  const { identity, refuse } = state.dialect;
  const claims = state.tokens.verify(call.headers.authorization);
  if (!claims) throw new Refusal(refuse.unauthorized(call));
  if (!claims.scope.includes('api')) throw new Refusal(refuse.outOfScope(call));
  const account = state.accounts.find(({ id }) => id === claims.sub);
  if (!account) throw new Refusal(refuse.accountGone(call));
  if (identity.tokensDieWithStamp) {
    const deviceKnown = claims.device !== undefined && account.devices.includes(claims.device);
    if (!deviceKnown || claims.sstamp !== account.securityStamp) throw new Refusal(refuse.unauthorized(call));
  }
  return { account, organizationIds: claims.orguser ?? account.organizations.map(({ id }) => id) };
}

export function signedIn(state: ServerState, call: Call): Account {
  return caller(state, call).account;
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Checks a mailed code: what is wrong with it, if anything. On a server that accepts a code once, it is used up then.
 */
export function codeFailure(state: ServerState, account: Account, given: string): Verification | undefined {
  const { codeHasExpired, codesAreUsedUp } = state.dialect.accounts;
  if (account.otp === null) return 'noOtp';
  if (codeHasExpired(account.otpSentAt, state.clock.now())) return 'expiredOtp';
  if (!same(given, account.otp)) return 'wrongOtp';
  if (codesAreUsedUp) account.otp = null;
  return undefined;
}

function failure(state: ServerState, account: Account, call: Call): Verification | undefined {
  const { accounts, refuse } = state.dialect;
  const body = jsonBody(call, refuse.malformed);
  const hash = text(body.masterPasswordHash);
  const otp = text(body.otp);
  const accessCode = accounts.verificationTakesAccessCode ? text(body.authRequestAccessCode) : null;
  if (hash === null && otp === null && accessCode === null) return 'missing';
  if (hash !== null && otp !== null && !accounts.verificationTakesBoth) return 'both';
  if (hash !== null && account.hasMasterPassword) {
    const takesCode = accounts.verificationTakesBoth && codeFailure(state, account, hash) === undefined;
    return takesCode || same(hash, account.masterPasswordHash) ? undefined : 'wrongPassword';
  }
  return otp === null ? 'wrongPassword' : codeFailure(state, account, otp);
}

/** Checks the master password hash or the mailed code in the body. Refuses as the dialect does. */
export function verifyUser(state: ServerState, account: Account, call: Call): void {
  const reason = failure(state, account, call);
  if (reason !== undefined) throw new Refusal(state.dialect.refuse.verification(reason, call));
}
