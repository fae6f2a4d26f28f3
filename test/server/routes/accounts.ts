import { randomInt, randomUUID } from 'node:crypto';
import { newApiKey } from '../apiKey';
import { jsonBody, ok, Refusal, text, type Call, type Reply } from '../http';
import type { Account } from '../model';
import type { RouteFactory } from '../router';
import { profileCore } from '../dialects/shared';
import { signedIn, verifyUser } from '../signedIn';
import { touch, type ServerState } from '../state';

/** Replaces the API key; the old one is worth nothing from here on, tokens already issued live on. */
export function rotateApiKey(state: ServerState, account: Account): void {
  account.clientSecret = newApiKey();
  if (state.dialect.rotationTouchesRevision) touch(state, account);
}

/** Gives the account a new security stamp and, as deauthorising does, forgets its devices. */
export function changeSecurityStamp(state: ServerState, account: Account): void {
  account.securityStamp = randomUUID();
  account.devices = [];
  touch(state, account);
}

function apiKeyAnswer(state: ServerState, account: Account): Reply {
  const revisionDate = state.dialect.date(account.revisionDate);
  return ok({ apiKey: account.clientSecret, revisionDate, object: 'apiKey' });
}

function verifyOtp(state: ServerState, account: Account, call: Call): Reply {
  const otp = text(jsonBody(call).otp);
  if (otp !== null && otp === account.otp) return ok();
  throw new Refusal(state.dialect.verificationFailed('wrongOtp', call));
}

export const accountRoutes: RouteFactory = (state) => {
  const { dialect } = state;

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
    account.otp = String(randomInt(1_000_000)).padStart(6, '0');
    return ok();
  }

  function keys(call: Call): Reply {
    const account = signedIn(state, call);
    const { key, privateKey, accountKeys } = profileCore(account);
    return ok({ key, publicKey: account.publicKey, privateKey, accountKeys, object: 'keys' });
  }

  return {
    'GET /api/accounts/profile': (call) => dialect.profileAnswer(signedIn(state, call)),
    'GET /api/accounts/revision-date': (call) => ok(Date.parse(signedIn(state, call).revisionDate)),
    'GET /api/accounts/keys': keys,
    'POST /api/accounts/api-key': viewApiKey,
    'POST /api/accounts/rotate-api-key': rotate,
    'POST /api/accounts/security-stamp': newSecurityStamp,
    'POST /api/accounts/request-otp': requestOtp,
    'POST /api/accounts/verify-otp': (call) => verifyOtp(state, signedIn(state, call), call),
  };
};
