import type { Call, JsonObject, Reply } from '../http';
import type { Account, StoredCipher } from '../model';
import type { Excess, RateLimit } from '../rateLimits';
import type { Urls } from '../state';

/** Why connect/token turns an API key away. */
export type ClientRefusal = 'blankId' | 'blankSecret' | 'malformedId' | 'unknownId' | 'wrongSecret';

/** Why a proof of who is at the keyboard is turned away. */
export type Verification = 'missing' | 'both' | 'wrongPassword' | 'wrongOtp';

/** Where the two servers differ. Everything that they share lives in the routes. */
export interface Dialect {
  readonly name: 'official' | 'vaultwarden';
  readonly tokenLifetimeSeconds: number;
  /** Whether a changed security stamp or a deleted device kills the access tokens already issued. */
  readonly tokensDieWithStamp: boolean;
  /** Whether rotating the API key moves accounts/revision-date. */
  readonly rotationTouchesRevision: boolean;
  readonly verificationTakesBoth: boolean;
  /** Whether an access code counts as something to verify by; it then never fits. */
  readonly verificationTakesAccessCode: boolean;
  /** Takes `device_name` in a token request as well as `deviceName`. */
  readonly snakeCaseFields: boolean;

  readonly rateLimits: readonly RateLimit[];

  rateLimited(excess: Excess): Reply;
  config(urls: Urls): JsonObject;
  /** Timestamps carry more digits than milliseconds. */
  readonly date: (iso: string) => string;

  /** What is wrong with the client version header of a token request for the account, if anything. */
  checkClientVersion(call: Call, account: Account): Reply | undefined;
  /** The client version as far as this server understands the header. */
  clientVersion(call: Call): readonly number[] | undefined;
  /** The first complaint about the fields of a token request, before the key is looked at. */
  checkTokenFields(form: ReadonlyMap<string, string>): Reply | undefined;
  checkDevice(form: ReadonlyMap<string, string>): Reply | undefined;
  refuseClient(reason: ClientRefusal): Reply;
  refuseScope(): Reply;
  refuseGrant(): Reply;
  tokenAnswer(account: Account, accessToken: string): JsonObject;

  /** An id that is not there, or not the account's. */
  notFound(kind: 'Cipher' | 'Folder' | 'Account'): Reply;
  unknownRoute(call: Call): Reply;
  unauthorized(call: Call): Reply;
  /** A token without the `api` scope, as organisation keys get. */
  outOfScope(call: Call): Reply;
  badRequest(message: string): Reply;
  invalidField(field: string, message: string): Reply;
  verificationFailed(reason: Verification, call: Call): Reply;
  /** To a call with a token for an account that is not there any more. */
  accountGone(call: Call): Reply;

  /** As part of a sync answer. */
  profile(account: Account): JsonObject;
  /** As an answer of its own. */
  profileAnswer(account: Account): Reply;
  /** Adds to or takes from a sync answer what only this server has. */
  finishSync(sync: JsonObject, account: Account): JsonObject;
  cipher(account: Account, cipher: StoredCipher, object: string): JsonObject;
  /** Whether a client that last saw `known` may overwrite `current`; otherwise why not. */
  outOfDate(known: string, current: string): string | undefined;
  readonly messages: {
    readonly readOnly: string;
    readonly noDelete: string;
    readonly organizationMismatch: string;
  };
  /** What this server has against a cipher request by itself, whatever is stored. */
  checkCipher(request: JsonObject, account: Account): Reply | undefined;
  /** Whether an absent `archivedDate` or `favorite` of a full replacement resets the stored value. */
  readonly absentResets: boolean;
  /** Stores `data` of a request verbatim instead of the structured fields. */
  readonly storesData: boolean;
}
