import { timingSafeEqual } from 'node:crypto';
import { jsonBody, Refusal, text, type Call } from './http';
import type { Account } from './model';
import type { Verification } from './dialects/dialect';
import type { ServerState } from './state';

/** The account whose access token the call bears; refuses as the dialect does. */
export function signedIn(state: ServerState, call: Call): Account {
  const { dialect } = state;
  const claims = state.tokens.verify(call.headers.authorization);
  if (!claims) throw new Refusal(dialect.unauthorized(call));
  if (!claims.scope.includes('api')) throw new Refusal(dialect.outOfScope(call));
  const account = state.accounts.find(({ id }) => id === claims.sub);
  if (!account) throw new Refusal(dialect.accountGone(call));
  if (dialect.tokensDieWithStamp) {
    const deviceKnown = claims.device !== undefined && account.devices.includes(claims.device);
    if (!deviceKnown || claims.sstamp !== account.securityStamp) throw new Refusal(dialect.unauthorized(call));
  }
  return account;
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function failure(state: ServerState, account: Account, call: Call): Verification | undefined {
  const body = jsonBody(call);
  const hash = text(body.masterPasswordHash);
  const otp = text(body.otp);
  const accessCode = state.dialect.verificationTakesAccessCode ? text(body.authRequestAccessCode) : null;
  if (hash === null && otp === null && accessCode === null) return 'missing';
  if (hash !== null && otp !== null && !state.dialect.verificationTakesBoth) return 'both';
  const rightOtp = (given: string) => account.otp !== null && same(given, account.otp);
  if (hash !== null && account.hasMasterPassword) {
    const right = same(hash, account.masterPasswordHash) || (state.dialect.verificationTakesBoth && rightOtp(hash));
    return right ? undefined : 'wrongPassword';
  }
  if (otp === null || !rightOtp(otp)) return otp === null ? 'wrongPassword' : 'wrongOtp';
  account.otp = null;
  return undefined;
}

/** Master password hash or one-time code in the body; refuses as the dialect does. */
export function verifyUser(state: ServerState, account: Account, call: Call): void {
  const reason = failure(state, account, call);
  if (reason !== undefined) throw new Refusal(state.dialect.verificationFailed(reason, call));
}
