import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';

/** Everything here is plain JSON, so that a server can keep it in a file and a test can look at it. */

export interface StoredCipher {
  readonly id: string;
  organizationId: string | null;
  folderId: string | null;
  collectionIds: string[];
  type: number;
  key: string | null;
  name: string | null;
  notes: string | null;
  /** The object that belongs to the type (login, card, …), in the names of the protocol. */
  typed: Record<string, unknown> | null;
  fields: Record<string, unknown>[] | null;
  passwordHistory: Record<string, unknown>[] | null;
  attachments: StoredAttachment[];
  reprompt: number;
  favorite: boolean;
  /** What the user may do with an item of an organisation; with their own they may do everything. */
  edit: boolean;
  viewPassword: boolean;
  manage: boolean;
  /** Content of a blob item, verbatim. */
  blob: string | null;
  revisionDate: string;
  readonly creationDate: string;
  deletedDate: string | null;
  archivedDate: string | null;
}

export interface StoredAttachment {
  readonly id: string;
  fileName: string | null;
  key: string | null;
  /** Bytes, encrypted. */
  size: number;
  /** The file, encrypted, as base64; null until it has been uploaded. */
  content: string | null;
}

export interface StoredFolder {
  readonly id: string;
  name: string;
  revisionDate: string;
}

export interface StoredCollection {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly hidePasswords: boolean;
}

export interface StoredOrganization {
  readonly id: string;
  readonly name: string;
  enabled: boolean;
  /** Organisation key under the RSA key of the member (encrypted string type 4). */
  readonly wrappedKey: string;
  /** Base64 of the 64 bytes of the organisation key, for tests that read what a client wrote. */
  readonly plainKey: string;
  /** Secret of the client_id `organization.<id>`. */
  readonly apiKey: string;
  readonly useTotp: boolean;
  /** Only who manages a collection may delete what is in it. */
  readonly limitItemDeletion: boolean;
}

export interface StoredPolicy {
  readonly id: string;
  readonly organizationId: string;
  readonly type: number;
  readonly enabled: boolean;
  readonly data: Record<string, unknown> | readonly unknown[] | null;
}

/** What an account with V2 encryption has besides its user key to prove that its keys are genuine. */
export interface V2Keys {
  readonly wrappedSigningKey: string;
  readonly verifyingKey: string;
  readonly signedPublicKey: string | null;
  readonly securityState: string;
  readonly securityVersion: number;
}

/** Left by a change from V1 to V2 encryption, for clients that still have the V1 user key. */
export interface StoredUpgradeToken {
  readonly wrappedUserKey1: string;
  readonly wrappedUserKey2: string;
}

export interface Account {
  readonly id: string;
  readonly clientId: string;
  email: string;
  name: string;
  /** The master password itself, which no server knows. Tests type it. */
  password: string;
  /** Empty: nobody has asked for it yet. A Vaultwarden account has none until somebody presses "View API key". */
  clientSecret: string;
  hasMasterPassword: boolean;
  kdf: KdfConfig;
  salt: string;
  masterPasswordHash: string;
  /** Base64 of the user key as it is wrapped, for tests. */
  plainUserKey: string;
  masterKeyEncryptedUserKey: string;
  /**
   * Null, together with the private key: nobody has made a key pair yet, as for users who joined by single sign-on just
   * now and for very old accounts.
   */
  publicKey: string | null;
  wrappedPrivateKey: string | null;
  /** Null: V1 encryption. */
  v2Keys: V2Keys | null;
  /** 32 hexadecimal digits; null where no client has told the server. */
  userKeyId: string | null;
  upgradeToken: StoredUpgradeToken | null;
  securityStamp: string;
  revisionDate: string;
  readonly creationDate: string;
  premium: boolean;
  readonly folders: StoredFolder[];
  readonly ciphers: StoredCipher[];
  readonly collections: StoredCollection[];
  readonly organizations: StoredOrganization[];
  readonly policies: StoredPolicy[];
  /** The one-time code that was "e-mailed" last; null: none, or it has been used up. */
  otp: string | null;
  /** When that was, in milliseconds since the epoch, by the server's clock. */
  otpSentAt: number;
  /** Identifiers of the devices that are signed in. */
  devices: string[];
}
