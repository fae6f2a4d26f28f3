import { AccountGoneError, MalformedAnswerError, UserVerificationError } from '../errors';
import { type AnswerKind, answers } from '../http/answers';
import type { Refusal } from '../http/failures';
import type { HttpClient, HttpRequest } from '../http/client';
import type { Profile } from '../wire/model';
import { readProfile } from '../wire/profile';
import { asObject, required, nonEmptyText } from '../wire/wireObject';
import type { ServerUrls } from '../http/servers';

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

/** What is stored as the key must look like one; today's servers give 30 letters and digits. */
const API_KEY = /^[\x21-\x7e]{16,256}$/;

/**
 * Calls about the account of the signed-in user. Each throws what HttpClient.send throws; those that take a verification
 * also throw UserVerificationError (server: src/Api/Auth/Controllers/AccountsController.cs; vaultwarden:
 * src/api/core/accounts.rs, src/api/core/two_factor/protected_actions.rs).
 */
export class AccountsApi {
  constructor(
    private readonly http: HttpClient,
    private readonly servers: ServerUrls,
    private readonly token: string,
  ) {}

  /**
   * What the server knows of the user, the organisations among it: an answer of megabytes for a member of hundreds
   * (server: src/Api/Models/Response/ProfileResponseModel.cs).
   *
   * @throws as readProfile and HttpClient.send.
   */
  async getProfile(signal?: AbortSignal): Promise<Profile> {
    const request = this.#request('GET', 'profile', answers.profile, signal);
    return readProfile(await this.http.send(request), hostOf(request));
  }

  /**
   * The time of the vault's last change.
   *
   * @returns milliseconds since the epoch.
   * @throws AccountGoneError: for an account that is not there the official server gives the first day of the year 1
   * (server: src/Api/Auth/Controllers/AccountsController.cs GetAccountRevisionDate); MalformedAnswerError for an answer
   * that is no number.
   */
  async getRevisionDate(signal?: AbortSignal): Promise<number> {
    const request = this.#request('GET', 'revision-date', answers.revisionDate, signal);
    const answer = await this.http.json(request);
    if (typeof answer !== 'number') throw new MalformedAnswerError(hostOf(request), 'revision date');
    if (answer < 0) throw new AccountGoneError(hostOf(request));
    return answer;
  }

  /**
   * Asks for the personal API key.
   *
   * @returns the client_secret; Vaultwarden makes one if there is none yet.
   * @throws MalformedAnswerError for an answer without one.
   */
  viewApiKey(verification: UserVerification, signal?: AbortSignal): Promise<string> {
    return this.#apiKey('api-key', verification, signal);
  }

  /**
   * Makes a new client_secret; the old one is refused from then on, while access tokens got with it live until they
   * expire. Sent once, never again by itself: after a NetworkError other than `unreachable`, after CancelledError and
   * MalformedAnswerError, the server may have rotated, and {@link viewApiKey} tells.
   *
   * @returns the new client_secret.
   * @throws as viewApiKey.
   */
  rotateApiKey(verification: UserVerification, signal?: AbortSignal): Promise<string> {
    return this.#apiKey('rotate-api-key', verification, signal);
  }

  /**
   * Changes the security stamp. Vaultwarden then refuses every access token at once; the official server lets issued
   * ones live until they expire.
   */
  async deauthorizeSessions(verification: UserVerification, signal?: AbortSignal): Promise<void> {
    await this.http.nothing(this.#verified('security-stamp', verification, answers.nothing, signal));
  }

  /** Has a one-time code mailed to the user. */
  async requestOtp(signal?: AbortSignal): Promise<void> {
    await this.http.nothing(this.#request('POST', 'request-otp', answers.nothing, signal));
  }

  async #apiKey(path: string, verification: UserVerification, signal: AbortSignal | undefined): Promise<string> {
    const request = this.#verified(path, verification, answers.apiKey, signal);
    const answer = asObject(await this.http.json(request)) ?? {};
    const apiKey = required(nonEmptyText(answer, 'apiKey'), hostOf(request), 'apiKey');
    if (!API_KEY.test(apiKey)) throw new MalformedAnswerError(hostOf(request), 'apiKey');
    return apiKey;
  }

  #verified(
    path: string,
    verification: UserVerification,
    answer: AnswerKind,
    signal: AbortSignal | undefined,
  ): HttpRequest {
    const json: Record<string, string> = verification();
    return { ...this.#request('POST', path, answer, signal), json, refused: verificationRefusal };
  }

  #request(
    method: HttpRequest['method'],
    path: string,
    answer: AnswerKind,
    signal: AbortSignal | undefined,
  ): HttpRequest {
    return { method, url: `${this.servers.api}/accounts/${path}`, token: this.token, signal, answer };
  }
}

function hostOf({ url }: HttpRequest): string {
  return new URL(url).host;
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
