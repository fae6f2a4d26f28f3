import type { Call, JsonObject, Reply } from '../http';
import type { Packable } from '../hub/messagePack';
import type { Account, StoredAttachment, StoredCipher, StoredFolder, StoredOrganization } from '../model';
import type { Excess, RateLimit } from '../rateLimits';
import type { Urls } from '../state';
import type { NewClaims } from '../tokens';

/**
 * Where the two servers differ, and the only way in which they may: a route asks its dialect, and knows no server's
 * name. What they share lives in the routes.
 */
export interface Dialect {
  /** Timestamps carry more digits than milliseconds. */
  readonly date: (iso: string) => string;
  readonly rateLimits: readonly RateLimit[];
  rateLimited(excess: Excess): Reply;
  config(urls: Urls): JsonObject;
  readonly refuse: Refusals;
  readonly identity: IdentityDialect;
  readonly accounts: AccountDialect;
  readonly ciphers: CipherDialect;
  readonly attachments: AttachmentDialect;
  readonly hub: HubDialect;
  /** What is wrong with a folder's name, if anything. */
  readonly checkFolder: (request: JsonObject) => Reply | undefined;
}

/** Why connect/token turns an API key away. */
export type ClientRefusal = 'blankId' | 'blankSecret' | 'malformedId' | 'unknownId' | 'wrongSecret';

/** Why a proof of who is at the keyboard is turned away; `noOtp`: a code, and none was sent. */
export type Verification = 'missing' | 'both' | 'wrongPassword' | 'wrongOtp' | 'expiredOtp' | 'noOtp';

export interface Refusals {
  /** An id that is not there, or not the account's. */
  notFound(kind: 'Cipher' | 'Folder' | 'Attachment'): Reply;
  unknownRoute(call: Call): Reply;
  unauthorized(call: Call): Reply;
  /** A token without the `api` scope, as organisation keys get. */
  outOfScope(call: Call): Reply;
  /** A token for an account that is not there any more. */
  accountGone(call: Call): Reply;
  badRequest(message: string): Reply;
  /** A body that is no JSON object. */
  readonly malformed: () => Reply;
  verification(reason: Verification, call: Call): Reply;
}

export interface IdentityDialect {
  readonly tokenLifetimeSeconds: number;
  /** Whether a changed security stamp or a deleted device kills the access tokens already issued. */
  readonly tokensDieWithStamp: boolean;
  /** Takes `device_name` in a token request as well as `deviceName`. */
  readonly snakeCaseFields: boolean;
  /** Paths other than those of the identity service that answer prelogin, too. */
  readonly preloginAliases: readonly string[];

  /** Whose key a token request brings; or why it is turned away before the key is looked at. */
  clientKind(form: ReadonlyMap<string, string>): 'user' | 'organization' | Reply;
  /** What is wrong with the client version header of a token request for the account, if anything. */
  checkClientVersion(call: Call, account: Account): Reply | undefined;
  /** The client version as far as this server understands the header. */
  clientVersion(call: Call): readonly number[] | undefined;
  checkDevice(form: ReadonlyMap<string, string>): Reply | undefined;
  refuseClient(reason: ClientRefusal): Reply;
  refuseGrant(): Reply;
  /** @param deviceType number of the device, as sent. */
  userClaims(account: Account, deviceType: string, urls: Urls): JsonObject;
  organizationClaims(organization: StoredOrganization): NewClaims;
  tokenAnswer(account: Account, accessToken: string): JsonObject;
  /** KDF settings and salt for an address; for one that nobody has, made up and always the same. */
  prelogin(email: string, account: Account | undefined): Pick<Account, 'kdf'> & { readonly salt: string | null };
}

export interface AccountDialect {
  readonly verificationTakesBoth: boolean;
  /** Whether an access code counts as something to verify by; it then never fits. */
  readonly verificationTakesAccessCode: boolean;
  /** Whether a mailed code is good for one call alone. */
  readonly codesAreUsedUp: boolean;
  /** Whether a code that was mailed at one time has expired at another; both in milliseconds since the epoch. */
  readonly codeHasExpired: (sentAt: number, now: number) => boolean;
  /** Whether rotating the API key moves accounts/revision-date. */
  readonly rotationTouchesRevision: boolean;
  /** What a server without mail says when asked to send a code; undefined: it does not notice. */
  readonly withoutMail: string | undefined;

  /** As part of a sync answer. */
  profile(account: Account): JsonObject;
  /** As an answer of its own. */
  profileAnswer(account: Account): Reply;
  passwordPolicy(): JsonObject;
  /** Adds to or takes from a sync answer what only this server has. */
  finishSync(sync: JsonObject, account: Account): JsonObject;
  /** Whether the client is new enough to be sent items of this type; others are left out without a word. */
  sendsType(type: number, clientVersion: readonly number[] | undefined): boolean;
}

/** `cipherMini` lacks what belongs to the user: folder, favourite, rights; `cipherDetails` has the collections. */
export type CipherShape = 'cipher' | 'cipherDetails' | 'cipherMini';

/** Who asks, and for what token: it names the organisations that they were in when it was issued. */
export interface Caller {
  readonly account: Account;
  readonly organizationIds: readonly string[];
}

/** What an item holds of a request: the parts that the models of a server let through. */
export type Content = Pick<
  StoredCipher,
  'type' | 'key' | 'name' | 'notes' | 'typed' | 'fields' | 'passwordHistory' | 'blob' | 'favorite' | 'archivedDate'
>;

/** How to get at files: where the server is, and a ticket that opens one of them for a while. */
export interface Links {
  readonly urls: Urls;
  readonly ticket: (cipherId: string, attachmentId: string) => string;
}

export type ManyAct = 'trash' | 'restore' | 'delete' | 'archive' | 'unarchive' | 'move';

/** Each `check…` gives the first complaint, in the order in which the server looks. */
export interface CipherDialect {
  answer(account: Account, cipher: StoredCipher, shape: CipherShape, links: Links): JsonObject;
  content(request: JsonObject, stored: StoredCipher | undefined): Content;

  /** @param collectionIds undefined where the route takes none. */
  checkCreate(caller: Caller, request: JsonObject, collectionIds: readonly string[] | undefined): Reply | undefined;
  checkEdit(caller: Caller, request: JsonObject, stored: StoredCipher): Reply | undefined;
  checkShare(
    caller: Caller,
    request: JsonObject,
    collectionIds: readonly string[],
    stored: StoredCipher | undefined,
  ): Reply | undefined;
  /** As checkShare, for all of them before any is changed. */
  checkShareMany(caller: Caller, requests: readonly JsonObject[], collectionIds: readonly string[]): Reply | undefined;
  checkCollections(
    caller: Caller,
    collectionIds: readonly string[],
    stored: StoredCipher,
    mayVanish: boolean,
  ): Reply | undefined;
  checkTrash(account: Account, stored: StoredCipher): Reply | undefined;
  checkRestore(account: Account, stored: StoredCipher): Reply | undefined;
  checkDelete(account: Account, stored: StoredCipher): Reply | undefined;
  /** @param archived whether it is to go into the archive, or out of it. */
  checkArchive(stored: StoredCipher | undefined, archived: boolean): Reply | undefined;
  checkMove(account: Account, folderId: string | null): Reply | undefined;
  /** @returns those to be changed, one after the other. @throws Refusal at one that must not be, or before the first. */
  choose(act: ManyAct, account: Account, ids: readonly string[]): Generator<StoredCipher, void>;

  /** False: one that is in the trash, or out of it, already stays as it is. */
  readonly trashesAgain: boolean;
  /** An item leaves the archive as it goes to the trash. */
  readonly trashEndsArchive: boolean;
  readonly archivingTouchesRevision: boolean;
  /** What many restored or shared items are answered with; undefined: with nothing. */
  readonly manyRestored: CipherShape;
  readonly manyArchived: CipherShape;
  readonly manyShared: CipherShape | undefined;
}

export interface AttachmentDialect {
  /** Where a file is to be sent, and how: 0 in a form, 1 as Azure takes blobs. */
  upload(cipherId: string, id: string, links: Links): { readonly url: string; readonly fileUploadType: 0 | 1 };
  /** @param asked for by itself; else it is an entry among an item's attachments. */
  answer(cipherId: string, attachment: StoredAttachment, links: Links, asked: boolean): JsonObject;
  checkAttach(account: Account, request: JsonObject, stored: StoredCipher): Reply | undefined;
  checkDetach(account: Account, stored: StoredCipher): Reply | undefined;
  readonly attachingTouchesRevision: boolean;
}

/** What happened to a vault, for who listens to the hub. */
export type Change =
  | {
      readonly kind: 'item';
      readonly what: 'created' | 'changed' | 'deleted';
      readonly cipher: StoredCipher;
      readonly collectionsSet?: boolean;
    }
  | { readonly kind: 'folder'; readonly what: 'created' | 'changed' | 'deleted'; readonly folder: StoredFolder }
  /** Into the archive, or out of it. */
  | { readonly kind: 'archive' }
  /** Many at once. */
  | { readonly kind: 'items' }
  | { readonly kind: 'logOut' };

export interface HubDialect {
  /** Whether pings are those of the WebSocket, instead of messages. */
  readonly pingsByFrame: boolean;
  /** @param device identifier of the one that acted. */
  message(
    account: Account,
    change: Change,
    device: string | null,
  ): { readonly type: number; readonly contextId: string | null; readonly payload: Packable };
}
