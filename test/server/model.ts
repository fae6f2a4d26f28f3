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
  /** The object that the type brings (login, card, …), as on the wire. */
  typed: Record<string, unknown> | null;
  fields: Record<string, unknown>[] | null;
  passwordHistory: Record<string, unknown>[] | null;
  attachments: Record<string, unknown>[] | null;
  reprompt: number;
  favorite: boolean;
  edit: boolean;
  viewPassword: boolean;
  /** Content of a blob item, verbatim. */
  blob: string | null;
  revisionDate: string;
  readonly creationDate: string;
  deletedDate: string | null;
  archivedDate: string | null;
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
}

export interface StoredPolicy {
  readonly id: string;
  readonly organizationId: string;
  readonly type: number;
  readonly enabled: boolean;
  readonly data: Record<string, unknown> | null;
}

/** What vouches for the keys of an account with V2 encryption. */
export interface V2Keys {
  readonly wrappedSigningKey: string;
  readonly verifyingKey: string;
  readonly securityState: string;
}

export interface Account {
  readonly id: string;
  readonly clientId: string;
  email: string;
  name: string;
  /** The real master password, which no server knows: tests type it. */
  password: string;
  /** Empty: never asked for, as on a Vaultwarden account that nobody pressed "View API key" for. */
  clientSecret: string;
  hasMasterPassword: boolean;
  kdf: KdfConfig;
  salt: string;
  masterPasswordHash: string;
  /** Base64 of the 64 bytes of the user key, for tests. */
  plainUserKey: string;
  masterKeyEncryptedUserKey: string;
  /** Null, as the private key: joined by single sign-on just now, or very old; nobody has made a key pair yet. */
  publicKey: string | null;
  wrappedPrivateKey: string | null;
  /** Null: V1 encryption. */
  readonly v2Keys: V2Keys | null;
  securityStamp: string;
  revisionDate: string;
  readonly creationDate: string;
  premium: boolean;
  readonly folders: StoredFolder[];
  readonly ciphers: StoredCipher[];
  readonly collections: StoredCollection[];
  readonly organizations: StoredOrganization[];
  readonly policies: StoredPolicy[];
  /** One-time code last "e-mailed", until it is used. */
  otp: string | null;
  /** Device identifiers with a live sign-in. */
  devices: string[];
}

const typedNames: Readonly<Record<number, string>> = {
  1: 'login',
  2: 'secureNote',
  3: 'card',
  4: 'identity',
  5: 'sshKey',
  6: 'bankAccount',
  7: 'driversLicense',
  8: 'passport',
};

/** Under which name the wire carries the object that belongs to a cipher type; undefined for types from the future. */
export function typedName(type: number): string | undefined {
  return typedNames[type];
}
