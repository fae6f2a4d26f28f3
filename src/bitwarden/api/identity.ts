import { isUtf8 } from 'node:buffer';
import { ApiKeyRejectedError, MalformedAnswerError } from '../errors';
import { answers } from '../http/answers';
import { parseBounded } from '../wire/boundedJson';
import type { Refusal } from '../http/failures';
import type { HttpClient } from '../http/client';
import { kdfFromFlat, kdfFromSettings, masterPasswordUnlockFrom, saltOfEmail } from '../wire/masterPasswordUnlock';
import type { KdfConfig } from '../crypto/kdf';
import type { MasterPasswordUnlock } from '../wire/model';
import { asObject, field, flag, isEmpty, object, required, nonEmptyText, type WireObject } from '../wire/wireObject';
import type { ServerUrls } from '../http/servers';

/** The personal API key, as the web vault shows it. */
export interface ApiKey {
  /** `user.` and the GUID of the user. */
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the identity service answers to an API key (server: BaseRequestValidator.cs; vaultwarden: src/api/identity.rs). */
export interface TokenAnswer {
  /** Fit for an HTTP header; 64 KiB at most. */
  readonly accessToken: string;
  /** Milliseconds since the epoch, by our clock. */
  readonly expiresAt: number;
  /**
   * Lower-case GUID: whom the token names, else whom the accepted client_id names. Tokens are not verified: only their
   * own server relies on them.
   */
  readonly userId: string;
  /** From the token; undefined when it says nothing of the kind, and `accounts/profile` has to be asked. */
  readonly email: string | undefined;
  /** Undefined when the account has no master password, or the server leaves this to the sync. */
  readonly masterPasswordUnlock: MasterPasswordUnlock | undefined;
  /** As the server says; with a server that is too old to say it, whether a user key was sent. */
  readonly hasMasterPassword: boolean;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What may go into a header as a token (RFC 6750, section 2.1). */
const BEARER_TOKEN = /^[\w.~+/-]+=*$/;
/** The shape of a JWT; a token of another shape is opaque to clients. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const LONGEST_TOKEN = 64 * 1024;
/** Servers take addresses of up to 256 characters (server: User.cs). */
const EMAIL = /^(?=.{3,256}$)[^\s@\p{C}]+@[^\s@\p{C}]+$/u;
/** A server that promises a longer life is asked for a new token all the same. */
const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/**
 * Tells a personal API key (`user.<guid>`) from an organisation's, which opens no vault, and from anything else (server:
 * src/Identity/IdentityServer/DynamicClientStore.cs and ClientProviders; clients:
 * apps/cli/src/auth/commands/login.command.ts).
 *
 * @returns for a personal key, the GUID of the user in lower case.
 */
export function parseClientId(
  typed: string,
): { kind: 'user'; userId: string } | { kind: 'organization' } | { kind: 'other' } {
  const clientId = typed.trim();
  const [prefix, id] = [clientId.slice(0, clientId.indexOf('.')), clientId.slice(clientId.indexOf('.') + 1)];
  if (prefix === 'user' && GUID.test(id)) return { kind: 'user', userId: id.toLowerCase() };
  return { kind: prefix === 'organization' ? 'organization' : 'other' };
}

/**
 * Signs in with the personal API key, grant `client_credentials`. There is no refresh token: renewing is asking again
 * (server: src/Identity/IdentityServer/ClientProviders/UserClientProvider.cs; vaultwarden: src/api/identity.rs
 * `user_api_key_login`).
 *
 * @throws ApiKeyRejectedError when the server does not know the pair, KdfOutOfBoundsError for an unknown KDF,
 * MalformedAnswerError, and what HttpClient.send throws.
 */
export async function requestToken(
  http: HttpClient,
  urls: ServerUrls,
  apiKey: ApiKey,
  signal?: AbortSignal,
): Promise<TokenAnswer> {
  const url = `${urls.identity}/connect/token`;
  const { host } = new URL(url);
  const answer = await http.json({
    method: 'POST',
    url,
    form: {
      grant_type: 'client_credentials',
      client_id: apiKey.clientId,
      client_secret: apiKey.clientSecret,
      scope: 'api',
      deviceType: String(http.identity.deviceType),
      deviceIdentifier: http.identity.deviceIdentifier,
      deviceName: http.identity.deviceName,
    },
    signal,
    answer: answers.token,
    refused: apiKeyRefusal,
  });
  return tokenAnswer(asObject(answer) ?? {}, apiKey.clientId, host, http.now());
}

const WRONG_PARTS = [
  ['incorrect client_secret', 'clientSecret'],
  ['invalid client_id', 'clientId'],
  ['malformed client_id', 'clientId'],
] as const;

/**
 * The official server says no more than that the pair is wrong. Vaultwarden leaves the OAuth code empty and says in
 * words which part it is: the id is that of no user, also once the account was deleted (vaultwarden:
 * src/api/identity.rs, src/error.rs).
 */
function apiKeyRefusal({ status, host, code, messages }: Refusal): Error | undefined {
  if (status !== 400 && status !== 401) return undefined;
  const said = messages.map((message) => message.toLowerCase());
  const wrong = WRONG_PARTS.find(([start]) => said.some((message) => message.startsWith(start)))?.[1];
  if (wrong === undefined && code?.toLowerCase() !== 'invalid_client') return undefined;
  return new ApiKeyRejectedError(host, wrong);
}

function tokenAnswer(answer: WireObject, clientId: string, host: string, now: number): TokenAnswer {
  const accessToken = required(nonEmptyText(answer, 'access_token'), host, 'access_token');
  if (accessToken.length > LONGEST_TOKEN || !BEARER_TOKEN.test(accessToken)) {
    throw new MalformedAnswerError(host, 'access_token');
  }
  const claims = claimsOf(accessToken);
  const userId = userOf(claims, clientId, host);
  const expiresIn = field(answer, 'expires_in');
  if (typeof expiresIn !== 'number' || expiresIn <= 0) throw new MalformedAnswerError(host, 'expires_in');

  const decryption = object(answer, 'userDecryptionOptions');
  const email = emailOf(claims);
  const stated = decryption && flag(decryption, 'hasMasterPassword');
  // A user key may be sent all the same, and no master password opens it.
  const masterPasswordUnlock =
    stated === false
      ? undefined
      : (masterPasswordUnlockFrom(decryption, email, host) ?? unlockOfOlderServers(answer, email, host));
  return {
    accessToken,
    expiresAt: now + Math.min(expiresIn, LONGEST_LIFE_SECONDS) * 1000,
    userId,
    email,
    masterPasswordUnlock,
    hasMasterPassword: stated ?? (masterPasswordUnlock !== undefined || nonEmptyText(answer, 'key') !== undefined),
  };
}

function unlockOfOlderServers(
  answer: WireObject,
  email: string | undefined,
  host: string,
): MasterPasswordUnlock | undefined {
  const masterKeyEncryptedUserKey = nonEmptyText(answer, 'key');
  if (masterKeyEncryptedUserKey === undefined || email === undefined) return undefined;
  return { kdf: kdfFromFlat(answer, host), salt: saltOfEmail(email), masterKeyEncryptedUserKey };
}

/** What a token says of its user; empty for one that is opaque to clients. */
function claimsOf(accessToken: string): WireObject {
  if (!JWT.test(accessToken)) return {};
  try {
    const payload = Buffer.from(accessToken.split('.')[1] ?? '', 'base64url');
    return (isUtf8(payload) ? asObject(parseBounded(payload, answers.token)) : undefined) ?? {};
  } catch {
    return {};
  }
}

/**
 * @throws MalformedAnswerError for a token whose subject is no user, and where neither token nor client_id names one.
 */
function userOf(claims: WireObject, clientId: string, host: string): string {
  const subject = field(claims, 'sub');
  if (subject === undefined) {
    const client = parseClientId(clientId);
    if (client.kind === 'user') return client.userId;
  } else if (typeof subject === 'string' && GUID.test(subject)) {
    return subject.toLowerCase();
  }
  throw new MalformedAnswerError(host, 'access_token.sub');
}

function emailOf(claims: WireObject): string | undefined {
  const email = nonEmptyText(claims, 'email')?.trim();
  return email !== undefined && EMAIL.test(email) ? email : undefined;
}

/**
 * KDF settings and salt of an account, without signing in. For an e-mail that it does not know, an official server
 * answers with made-up values, always the same ones for that e-mail (server:
 * src/Identity/Controllers/AccountsController.cs).
 *
 * @returns the salt as text, to be used as UTF-8.
 * @throws KdfOutOfBoundsError for an unknown KDF, MalformedAnswerError, and what HttpClient.send throws.
 */
export async function prelogin(
  http: HttpClient,
  urls: ServerUrls,
  email: string,
  signal?: AbortSignal,
): Promise<{ readonly kdf: KdfConfig; readonly salt: string }> {
  const url = `${urls.identity}/accounts/prelogin`;
  const { host } = new URL(url);
  const answer =
    asObject(await http.json({ method: 'POST', url, json: { email }, signal, answer: answers.prelogin })) ?? {};
  const settings = object(answer, 'kdfSettings');
  return {
    kdf: settings && !isEmpty(settings) ? kdfFromSettings(settings, host) : kdfFromFlat(answer, host),
    salt: nonEmptyText(answer, 'salt') ?? saltOfEmail(email),
  };
}
