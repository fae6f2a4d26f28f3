import { ApiKeyRejectedError, MalformedAnswerError } from '../errors';
import { answers } from './answers';
import { parseBounded } from './boundedJson';
import type { Refusal } from './failures';
import type { HttpClient } from './http';
import { kdfFromFlat, kdfFromSettings, masterPasswordUnlockFrom, saltOfEmail } from './masterPasswordUnlock';
import type { KdfConfig } from '../crypto/kdf';
import type { MasterPasswordUnlock } from './model';
import { asObject, field, flag, object, required, text, type WireObject } from './reader';
import type { ServerUrls } from './servers';

export interface ApiKey {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenAnswer {
  readonly accessToken: string;
  /** Milliseconds since the epoch, by our clock. */
  readonly expiresAt: number;
  /** Lower-case GUID from the token, which is not verified: only its own server relies on it. */
  readonly userId: string;
  /** Undefined when the account has no master password, or the server leaves this to the sync. */
  readonly masterPasswordUnlock: MasterPasswordUnlock | undefined;
  /** As the server says; one too old to say it sends a user key to those who have one. */
  readonly hasMasterPassword: boolean;
}

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** The shape of a JWT, which is also what may go into a header. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const LONGEST_TOKEN = 64 * 1024;
const LONGEST_LIFE_SECONDS = 24 * 60 * 60;

/** Tells a personal API key (`user.<guid>`) from an organisation's, which opens no vault, and from anything else. */
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
  return tokenAnswer(asObject(answer) ?? {}, host, http.now());
}

const UNKNOWN_KEY_MESSAGES = ['incorrect client_secret', 'invalid client_id', 'malformed client_id'];

/** Vaultwarden leaves the OAuth code empty and says it in words (vaultwarden: src/api/identity.rs, src/error.rs). */
function apiKeyRefusal({ status, host, code, messages }: Refusal): Error | undefined {
  const unknownKey =
    (status === 400 || status === 401) &&
    (code?.toLowerCase() === 'invalid_client' ||
      messages.some((message) => UNKNOWN_KEY_MESSAGES.some((start) => message.toLowerCase().startsWith(start))));
  return unknownKey ? new ApiKeyRejectedError(host) : undefined;
}

function tokenAnswer(answer: WireObject, host: string, now: number): TokenAnswer {
  const accessToken = required(text(answer, 'access_token'), host, 'access_token');
  const claims = claimsOf(accessToken, host);
  const userId = required(text(claims, 'sub'), host, 'access_token.sub');
  if (!GUID.test(userId)) throw new MalformedAnswerError(host, 'access_token.sub');
  const expiresIn = field(answer, 'expires_in');
  if (typeof expiresIn !== 'number' || expiresIn <= 0) throw new MalformedAnswerError(host, 'expires_in');

  const decryption = object(answer, 'userDecryptionOptions');
  const email = text(claims, 'email');
  const stated = decryption && flag(decryption, 'hasMasterPassword');
  // A user key may be sent all the same, and no master password opens it.
  const masterPasswordUnlock =
    stated === false
      ? undefined
      : (masterPasswordUnlockFrom(decryption, email, host) ?? unlockOfOlderServers(answer, email, host));
  return {
    accessToken,
    expiresAt: now + Math.min(expiresIn, LONGEST_LIFE_SECONDS) * 1000,
    userId: userId.toLowerCase(),
    masterPasswordUnlock,
    hasMasterPassword: stated ?? masterPasswordUnlock !== undefined,
  };
}

function unlockOfOlderServers(
  answer: WireObject,
  email: string | undefined,
  host: string,
): MasterPasswordUnlock | undefined {
  const masterKeyEncryptedUserKey = text(answer, 'key');
  if (masterKeyEncryptedUserKey === undefined || email === undefined) return undefined;
  return { kdf: kdfFromFlat(answer, host), salt: saltOfEmail(email), masterKeyEncryptedUserKey };
}

function claimsOf(accessToken: string, host: string): WireObject {
  let claims: WireObject | undefined;
  if (accessToken.length <= LONGEST_TOKEN && JWT.test(accessToken)) {
    try {
      claims = asObject(parseBounded(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url'), answers.token));
    } catch {
      claims = undefined;
    }
  }
  return required(claims, host, 'access_token');
}

/**
 * KDF settings and salt of an account, without signing in. Official servers make up steady values for e-mails that
 * they do not know (server: src/Identity/Controllers/AccountsController.cs).
 *
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
    kdf: settings ? kdfFromSettings(settings, host) : kdfFromFlat(answer, host),
    salt: text(answer, 'salt') ?? saltOfEmail(email),
  };
}
