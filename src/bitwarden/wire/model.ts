import type { EncStringText } from '../crypto/encString';
import type { KdfConfig } from '../crypto/kdf';
import type { UpgradeToken } from '../crypto/upgradeToken';

/**
 * The vault as the server sends it, parsed and still encrypted. Fields whose type is EncStringText hold an encrypted
 * string that nobody has looked into yet: it may be malformed or of an unsupported type, and is found out when used.
 */

/** What turns a master password into the user key; the three belong together and are replaced together. */
export interface MasterPasswordUnlock {
  readonly kdf: KdfConfig;
  /** KDF salt as the server gives it, else the e-mail trimmed and lower-cased. */
  readonly salt: string;
  readonly masterKeyEncryptedUserKey: EncStringText;
}

export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  /** Organisation key under the user's RSA public key (encrypted string type 4, seldom 3, 5, 6). */
  readonly key: EncStringText | undefined;
}

/** The account's own signatures, to be verified with its signing key: see openAccountState. */
export interface SignedState {
  /** COSE_Key under the user key. */
  readonly signingKey: EncStringText;
  /** COSE_Sign1, base64; undefined: the server does not send it. */
  readonly signedPublicKey: string | undefined;
  /** COSE_Sign1, base64. */
  readonly securityState: string;
}

export interface Profile {
  readonly id: string;
  readonly email: string;
  readonly securityStamp: string | undefined;
  /** User key under the stretched master key; older servers send it here alone. */
  readonly key: EncStringText | undefined;
  /** PKCS#8 private key under the user key. */
  readonly privateKey: EncStringText | undefined;
  /** What vouches for the keys of an account with V2 encryption; undefined for V1. */
  readonly signed: SignedState | undefined;
  readonly organizations: readonly Organization[];
}

export interface Folder {
  readonly id: string;
  readonly name: EncStringText;
}

export interface Collection {
  readonly id: string;
  readonly organizationId: string;
  /** Under the organisation key. */
  readonly name: EncStringText;
}

export interface Policy {
  readonly id: string;
  readonly organizationId: string;
  /** PolicyType of the server; 9 is MaximumVaultTimeout. */
  readonly type: number;
  readonly enabled: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface CustomField {
  /** 0 text, 1 hidden, 2 boolean, 3 linked; others are from the future. */
  readonly type: number;
  readonly name: EncStringText | undefined;
  readonly value: EncStringText | undefined;
  /** Of a linked one: which value of the item it stands for. */
  readonly linkedId: number | undefined;
}

export interface LoginUri {
  readonly uri: EncStringText | undefined;
  readonly uriChecksum: EncStringText | undefined;
  /** How other clients compare it with a page: 4 is by a regular expression, which the URI then is. */
  readonly match: number | undefined;
}

export interface Login {
  readonly username: EncStringText | undefined;
  readonly password: EncStringText | undefined;
  readonly totp: EncStringText | undefined;
  readonly uris: readonly LoginUri[];
}

/** What `data` of a sealed item holds (sdk: crates/bitwarden-vault/src/cipher/blob/sealed.rs). */
export interface CipherBlob {
  /** COSE_Key under the key of the item. */
  readonly wrappedContentKey: EncStringText;
  /** Data envelope, base64. */
  readonly envelope: string;
}

/** An item of the vault; "cipher" is the protocol's word for it. */
export interface Cipher {
  readonly id: string;
  readonly organizationId: string | undefined;
  readonly folderId: string | undefined;
  /** The first two thousand. */
  readonly collectionIds: readonly string[];
  /** See itemTypes; numbers that are not there are from the future. */
  readonly type: number;
  /** Per-cipher key under the user key or the organisation key; when present it encrypts every other field. */
  readonly key: EncStringText | undefined;
  /** Content that is sealed as a whole; all fields below are then empty until it is opened. */
  readonly blob: CipherBlob | undefined;
  readonly name: EncStringText | undefined;
  readonly notes: EncStringText | undefined;
  readonly login: Login | undefined;
  /** The encrypted fields of card, identity, SSH key and the newer types, by wire name; empty for logins and notes. */
  readonly details: Readonly<Record<string, EncStringText>>;
  readonly fields: readonly CustomField[];
  readonly reprompt: boolean;
  readonly favorite: boolean;
  readonly viewPassword: boolean;
  readonly deletedDate: string | undefined;
  readonly archivedDate: string | undefined;
  /**
   * The content is of a shape we do not know or of thousands of values, or the item in thousands of
   * collections: it lists, and nothing of it can be opened.
   */
  readonly unsupported: boolean;
}

export interface EncryptedVault {
  readonly profile: Profile;
  readonly folders: readonly Folder[];
  readonly collections: readonly Collection[];
  readonly ciphers: readonly Cipher[];
  readonly policies: readonly Policy[];
  /**
   * Null: the account has no master password. Undefined: the server is too old to say; fall back to profile.key and the
   * KDF of the token answer.
   */
  readonly masterPasswordUnlock: MasterPasswordUnlock | null | undefined;
  /** Leads from the V1 user key to the V2 one, while the server keeps it. */
  readonly upgradeToken: UpgradeToken | undefined;
}
