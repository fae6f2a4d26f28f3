/**
 * Calls about the signed-in account. Each needs an access token and throws what HttpClient.send throws; those that take
 * a verification also throw UserVerificationError (server: src/Api/Auth/Controllers/AccountsController.cs; vaultwarden:
 * src/api/core/accounts.rs, src/api/core/two_factor/protected_actions.rs).
 */

import { AccountGoneError, MalformedAnswerError, UserVerificationError } from '../errors';
import { type AnswerKind, answers } from './answers';
import type { Refusal } from './failures';
import type { HttpClient, HttpRequest } from './http';
import type { Profile } from './model';
import { readProfile } from './profile';
import { asObject, required, text } from './reader';
import type { ServerUrls } from './servers';

/**
 * Proof that the user is at the keyboard, made at the moment when a request goes out, so that nobody holds it before. Only
 * one is ever sent: Vaultwarden refuses both together.
 */
export type UserVerification = () =>
  | {
      /** base64, for server authorisation. */
      readonly masterPasswordHash: string;
    }
  | {
      /** Mailed by {@link requestOtp}; the only way for accounts without a master password. */
      readonly otp: string;
    };

function request(urls: ServerUrls, path: string, token: string, signal: AbortSignal | undefined, answer: AnswerKind) {
  return { method: 'POST', url: `${urls.api}/accounts/${path}`, token, signal, answer } satisfies HttpRequest;
}

function verifiedRequest(
  urls: ServerUrls,
  path: string,
  token: string,
  verification: UserVerification,
  signal: AbortSignal | undefined,
  answer: AnswerKind,
) {
  const json: Record<string, string> = verification();
  return { ...request(urls, path, token, signal, answer), json, refused: verificationRefusal } satisfies HttpRequest;
}

/**
 * The beginnings of what servers say, in lower case. Official: each endpoint has words of its own, among them those of
 * ASP.NET's IdentityErrorDescriber.PasswordMismatch (server: AccountsController.cs and UserService.cs
 * RefreshSecurityStampAsync). Vaultwarden: src/api/mod.rs PasswordOrOtpData and protected_actions.rs.
 */
const NOT_VERIFIED_MESSAGES = [
  'user verification failed',
  'incorrect password',
  'invalid password',
  'invalid token',
  'token is invalid',
  'token has expired',
  'protected action token not found',
];

function verificationRefusal({ status, host, messages }: Refusal): Error | undefined {
  const notVerified =
    status === 400 &&
    messages.some((message) => NOT_VERIFIED_MESSAGES.some((start) => message.toLowerCase().startsWith(start)));
  return notVerified ? new UserVerificationError(host) : undefined;
}

/**
 * What the server knows of the user, the organisations among it: an answer of megabytes for a member of hundreds
 * (server: src/Api/Models/Response/ProfileResponseModel.cs).
 *
 * @throws as readProfile.
 */
export async function getProfile(
  http: HttpClient,
  urls: ServerUrls,
  token: string,
  signal?: AbortSignal,
): Promise<Profile> {
  const url = `${urls.api}/accounts/profile`;
  const body = await http.send({ method: 'GET', url, token, signal, answer: answers.profile });
  return readProfile(body, new URL(url).host);
}

/**
 * The time of the vault's last change.
 *
 * @returns milliseconds since the epoch.
 * @throws AccountGoneError: for an account that is not there the official server gives the first day of the year 1
 * (server: AccountsController.cs GetAccountRevisionDate).
 */
export async function getRevisionDate(
  http: HttpClient,
  urls: ServerUrls,
  token: string,
  signal?: AbortSignal,
): Promise<number> {
  const url = `${urls.api}/accounts/revision-date`;
  const answer = await http.json({ method: 'GET', url, token, signal, answer: answers.revisionDate });
  const { host } = new URL(url);
  if (typeof answer !== 'number') throw new MalformedAnswerError(host, 'revision date');
  if (answer < 0) throw new AccountGoneError(host);
  return answer;
}

/** @returns the client_secret; Vaultwarden makes one if there is none yet. */
export const viewApiKey = apiKeyCall('api-key');

/**
 * Makes a new client_secret; the old one is refused from then on, while access tokens got with it live until they
 * expire. Sent once, never again by itself: after a NetworkError other than `unreachable`, after
 * CancelledError and MalformedAnswerError, the server may have rotated, and {@link viewApiKey} tells.
 *
 * @returns the new client_secret.
 */
export const rotateApiKey = apiKeyCall('rotate-api-key');

/** What is stored as the key must look like one; today's servers give 30 letters and digits. */
const API_KEY = /^[\x21-\x7e]{16,256}$/;

function apiKeyCall(path: string) {
  return async (
    http: HttpClient,
    urls: ServerUrls,
    token: string,
    verification: UserVerification,
    signal?: AbortSignal,
  ): Promise<string> => {
    const request = verifiedRequest(urls, path, token, verification, signal, answers.apiKey);
    const { host } = new URL(request.url);
    const answer = asObject(await http.json(request)) ?? {};
    const apiKey = required(text(answer, 'apiKey'), host, 'apiKey');
    if (!API_KEY.test(apiKey)) throw new MalformedAnswerError(host, 'apiKey');
    return apiKey;
  };
}

/**
 * Changes the security stamp. Vaultwarden then refuses every access token at once; the official server lets issued
 * ones live until they expire.
 */
export async function deauthorizeSessions(
  http: HttpClient,
  urls: ServerUrls,
  token: string,
  verification: UserVerification,
  signal?: AbortSignal,
): Promise<void> {
  await http.nothing(verifiedRequest(urls, 'security-stamp', token, verification, signal, answers.nothing));
}

/** Has a one-time code mailed to the user. */
export async function requestOtp(
  http: HttpClient,
  urls: ServerUrls,
  token: string,
  signal?: AbortSignal,
): Promise<void> {
  await http.nothing(request(urls, 'request-otp', token, signal, answers.nothing));
}
