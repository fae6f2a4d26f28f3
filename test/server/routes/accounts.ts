import { randomInt, randomUUID } from 'node:crypto';
import { newApiKey } from '../apiKey';
import { jsonBody, ok, Refusal, text, type Call, type Reply } from '../http';
import type { Account } from '../model';
import type { RouteFactory } from '../router';
import { profileCore } from '../dialects/shared';
import { codeFailure, signedIn, verifyUser } from '../signedIn';
import { touch, type ServerState } from '../state';

/** Replaces the API key. The old one is refused from now on, while tokens that were issued stay valid. */
export function rotateApiKey(state: ServerState, account: Account): void {
  account.clientSecret = newApiKey();
  if (state.dialect.accounts.rotationTouchesRevision) touch(state, account);
}

/** Gives the account a new security stamp and forgets its devices, as deauthorising the sessions does. */
export function changeSecurityStamp(state: ServerState, account: Account): void {
  account.securityStamp = randomUUID();
  account.devices = [];
  account.otp = null;
  touch(state, account);
  state.hub.tell(account, { kind: 'logOut' }, null);
}

function apiKeyAnswer(state: ServerState, account: Account): Reply {
  const revisionDate = state.dialect.date(account.revisionDate);
  return ok({ apiKey: account.clientSecret, revisionDate, object: 'apiKey' });
}

export const accountRoutes: RouteFactory = (state) => {
  const { accounts, refuse } = state.dialect;

  function viewApiKey(call: Call): Reply {
    const account = signedIn(state, call);
    verifyUser(state, account, call);
    if (account.clientSecret === '') rotateApiKey(state, account);
    return apiKeyAnswer(state, account);
  }

  function rotate(call: Call): Reply {
    const account = signedIn(state, call);
    verifyUser(state, account, call);
    rotateApiKey(state, account);
    return apiKeyAnswer(state, account);
  }

  function newSecurityStamp(call: Call): Reply {
    const account = signedIn(state, call);
    verifyUser(state, account, call);
    changeSecurityStamp(state, account);
    return ok();
  }

  function requestOtp(call: Call): Reply {
    const account = signedIn(state, call);
    if (!state.mail && accounts.withoutMail !== undefined) throw new Refusal(refuse.badRequest(accounts.withoutMail));
    account.otp = String(randomInt(1_000_000)).padStart(6, '0');
    account.otpSentAt = state.clock.now();
    return ok();
  }

  function verifyOtp(call: Call): Reply {
    const account = signedIn(state, call);
    const otp = text(jsonBody(call, refuse.malformed).otp);
    const reason = codeFailure(state, account, otp ?? '');
    if (reason !== undefined) throw new Refusal(refuse.verification(reason, call));
    return ok();
  }

  function verifyPassword(call: Call): Reply {
    const account = signedIn(state, call);
    const hash = text(jsonBody(call, refuse.malformed).masterPasswordHash);
    if (hash !== account.masterPasswordHash) throw new Refusal(refuse.verification('wrongPassword', call));
    return ok(accounts.passwordPolicy());
  }

  function keys(call: Call): Reply {
    const account = signedIn(state, call);
    const { key, privateKey, accountKeys } = profileCore(account);
    return ok({ key, publicKey: account.publicKey, privateKey, accountKeys, object: 'keys' });
  }

  return {
    'GET /api/accounts/profile': (call) => accounts.profileAnswer(signedIn(state, call)),
    'GET /api/accounts/revision-date': (call) => ok(Date.parse(signedIn(state, call).revisionDate)),
    'GET /api/accounts/keys': keys,
    'POST /api/accounts/api-key': viewApiKey,
    'POST /api/accounts/rotate-api-key': rotate,
    'POST /api/accounts/security-stamp': newSecurityStamp,
    'POST /api/accounts/request-otp': requestOtp,
    'POST /api/accounts/verify-otp': verifyOtp,
    'POST /api/accounts/verify-password': verifyPassword,
  };
};
