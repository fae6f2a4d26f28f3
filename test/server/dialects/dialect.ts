import type { Call, JsonObject, Reply } from '../http';
import type { Packable } from '../hub/messagePack';
import type { Account, StoredAttachment, StoredCipher, StoredFolder, StoredOrganization } from '../model';
import type { Excess, RateLimit } from '../rateLimits';
import type { Urls } from '../state';
import type { NewClaims } from '../tokens';

/**
 * Everything in which the two servers differ. A route asks its dialect and never which server it is. What the servers
 * have in common is in the routes.
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

/** Why a proof of the user's identity is refused. `noOtp`: a code was given, and none had been sent. */
export type Verification = 'missing' | 'both' | 'wrongPassword' | 'wrongOtp' | 'expiredOtp' | 'noOtp';

export interface Refusals {
  /** For an id that does not exist, or belongs to another account. */
  notFound(kind: 'Cipher' | 'Folder' | 'Attachment'): Reply;
  unknownRoute(call: Call): Reply;
  unauthorized(call: Call): Reply;
  /** A token without the `api` scope, as organisation keys get. */
  outOfScope(call: Call): Reply;
  /** For a token of an account that does not exist any more. */
  accountGone(call: Call): Reply;
  badRequest(message: string): Reply;
  /** For a body that is no JSON object. */
  readonly malformed: () => Reply;
  verification(reason: Verification, call: Call): Reply;
}

export interface IdentityDialect {
  readonly tokenLifetimeSeconds: number;
  /**
   * Whether access tokens that were issued before end with a change of the security stamp or the deletion of their
   * device.
   */
  readonly tokensDieWithStamp: boolean;
  /** A token request may have `device_name` as well as `deviceName`. */
  readonly snakeCaseFields: boolean;
  /** Paths other than those of the identity service that answer prelogin, too. */
  readonly preloginAliases: readonly string[];

  /** Says whose key a token request has, or refuses it before the key is looked at. */
  clientKind(form: ReadonlyMap<string, string>): 'user' | 'organization' | Reply;
  /** What is wrong with the client version header of a token request for the account, if anything. */
  checkClientVersion(call: Call, account: Account): Reply | undefined;
  /** The client version, if this server can read the header. */
  clientVersion(call: Call): readonly number[] | undefined;
  checkDevice(form: ReadonlyMap<string, string>): Reply | undefined;
  refuseClient(reason: ClientRefusal): Reply;
  refuseGrant(): Reply;
  /** @param deviceType number of the device, as sent. */
  userClaims(account: Account, deviceType: string, urls: Urls): JsonObject;
  organizationClaims(organization: StoredOrganization): NewClaims;
  tokenAnswer(account: Account, accessToken: string): JsonObject;
  /** KDF settings and salt for an e-mail address. For one without an account they are made up, always the same. */
  prelogin(email: string, account: Account | undefined): Pick<Account, 'kdf'> & { readonly salt: string | null };
}

export interface AccountDialect {
  readonly verificationTakesBoth: boolean;
  /** Whether an access code is accepted as a kind of proof. It never fits. */
  readonly verificationTakesAccessCode: boolean;
  /** Whether a mailed code is good for one call alone. */
  readonly codesAreUsedUp: boolean;
  /** Whether a code that was mailed at one time has expired at another; both in milliseconds since the epoch. */
  readonly codeHasExpired: (sentAt: number, now: number) => boolean;
  /** Whether rotating the API key moves accounts/revision-date. */
  readonly rotationTouchesRevision: boolean;
  /**
   * What a server that cannot send mail answers when asked to send a code. Undefined: it answers as if it had sent one.
   */
  readonly withoutMail: string | undefined;

  /** As part of a sync answer. */
  profile(account: Account): JsonObject;
  /** As an answer of its own. */
  profileAnswer(account: Account): Reply;
  passwordPolicy(): JsonObject;
  /** Changes a sync answer to what this server alone sends. */
  finishSync(sync: JsonObject, account: Account): JsonObject;
  /** Whether the client is new enough to be sent items of this type; others are left out without a word. */
  sendsType(type: number, clientVersion: readonly number[] | undefined): boolean;
}

/**
 * `cipherMini` has nothing that belongs to the user: no folder, favourite or rights. `cipherDetails` also has the
 * collections.
 */
export type CipherShape = 'cipher' | 'cipherDetails' | 'cipherMini';

/** The account that asks. A token names the organisations that the user was a member of when it was issued. */
export interface Caller {
  readonly account: Account;
  readonly organizationIds: readonly string[];
}

/** What is stored of a request: the parts that the models of the server accept. */
export type Content = Pick<
  StoredCipher,
  'type' | 'key' | 'name' | 'notes' | 'typed' | 'fields' | 'passwordHistory' | 'blob' | 'favorite' | 'archivedDate'
>;

/** Makes the addresses of files: where the server is, and a ticket that opens one file for some minutes. */
export interface Links {
  readonly urls: Urls;
  readonly ticket: (cipherId: string, attachmentId: string) => string;
}

export type ManyAct = 'trash' | 'restore' | 'delete' | 'archive' | 'unarchive' | 'move';

/** Each `check…` returns the first complaint, in the order in which the server checks. */
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
  /** As checkShare, for many items: all are checked before any is changed. */
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
  /** @param archived true when the item goes to the archive, false when it leaves it. */
  checkArchive(stored: StoredCipher | undefined, archived: boolean): Reply | undefined;
  checkMove(account: Account, folderId: string | null): Reply | undefined;
  /**
   * @returns the items to be changed, one after the other. @throws Refusal for an item that must not be changed: at
   * that item or before the first, depending on the server.
   */
  choose(act: ManyAct, account: Account, ids: readonly string[]): Generator<StoredCipher, void>;

  /** False: an item that is in the trash already, or restored already, is not changed again. */
  readonly trashesAgain: boolean;
  /** An item leaves the archive as it goes to the trash. */
  readonly trashEndsArchive: boolean;
  readonly archivingTouchesRevision: boolean;
  /** The form in which many restored or shared items are answered. Undefined: the answer is empty. */
  readonly manyRestored: CipherShape;
  readonly manyArchived: CipherShape;
  readonly manyShared: CipherShape | undefined;
}

export interface AttachmentDialect {
  /** Where the client sends a file, and how: 0 in a form, 1 as a blob of Azure. */
  upload(cipherId: string, id: string, links: Links): { readonly url: string; readonly fileUploadType: 0 | 1 };
  /** @param asked true when the client asks for this attachment, false when it is listed with its item. */
  answer(cipherId: string, attachment: StoredAttachment, links: Links, asked: boolean): JsonObject;
  checkAttach(account: Account, request: JsonObject, stored: StoredCipher): Reply | undefined;
  checkDetach(account: Account, stored: StoredCipher): Reply | undefined;
  readonly attachingTouchesRevision: boolean;
}

/** A change of a vault, for the clients that listen to the hub. */
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
  /** @param device identifier of the device that made the change. */
  message(
    account: Account,
    change: Change,
    device: string | null,
  ): { readonly type: number; readonly contextId: string | null; readonly payload: Packable };
}
