import type { EncStringText } from '../crypto/encString';
import type { KdfConfig } from '../crypto/kdf';

/**
 * The vault as the server sends it, parsed and still encrypted. Fields of type EncStringText hold an encrypted
 * string that has not been parsed: it may be malformed or of an unsupported type, which shows when it is opened.
 */

/** What turns a master password into the user key; the three belong together and are replaced together. */
export interface MasterPasswordUnlock {
  readonly kdf: KdfConfig;
  /** KDF salt as the server gives it, else the e-mail trimmed and lower-cased. */
  readonly salt: string;
  readonly masterKeyEncryptedUserKey: EncStringText;
}

/** An organisation that the user is a member of. */
export interface Organization {
  readonly id: string;
  /** In the clear. Empty when the server sends none. */
  readonly name: string;
  readonly enabled: boolean;
  readonly role: 'owner' | 'admin' | 'member';
  /** Whether its policies hold at all, by what it pays for. */
  readonly usePolicies: boolean;
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

/** What the server knows of the account. */
export interface Profile {
  /** GUID, in the case that the server sends. */
  readonly id: string;
  readonly email: string;
  /** Another one after each change of the master password or its key settings, and after "Deauthorize sessions". */
  readonly securityStamp: string | undefined;
  /** User key under the stretched master key; older servers send it here alone. */
  readonly key: EncStringText | undefined;
  /** PKCS#8 private key under the user key. */
  readonly privateKey: EncStringText | undefined;
  /** What the account has signed, with V2 encryption; undefined for V1. */
  readonly signed: SignedState | undefined;
  readonly organizations: readonly Organization[];
}

/** A folder of the user. */
export interface Folder {
  readonly id: string;
  /** Under the user key. */
  readonly name: EncStringText;
}

/** A collection of an organisation. */
export interface Collection {
  readonly id: string;
  readonly organizationId: string;
  /** Under the organisation key. */
  readonly name: EncStringText;
}

/** A rule that an organisation sets for its members. */
export interface Policy {
  readonly id: string;
  readonly organizationId: string;
  /** 9 is MaximumVaultTimeout (server: src/Core/AdminConsole/Enums/PolicyType.cs). */
  readonly type: number;
  readonly enabled: boolean;
  /** As the server sends it; its members depend on the type. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What is sent as data where that is a list: its whole numbers. */
  readonly numbers?: readonly number[];
}

/** A field that the user has added to an item. */
export interface CustomField {
  /** 0 text, 1 hidden, 2 boolean, 3 linked; other numbers are types that we do not know yet. */
  readonly type: number;
  readonly name: EncStringText | undefined;
  readonly value: EncStringText | undefined;
  /** Of a linked one: which value of the item it stands for, see linkedField. */
  readonly linkedId: number | undefined;
}

/** An address of a login. */
export interface LoginUri {
  readonly uri: EncStringText | undefined;
  /** See uriChecksum. */
  readonly uriChecksum: EncStringText | undefined;
  /** How other clients compare it with a page; with 4 the address is a regular expression. */
  readonly match: number | undefined;
}

/** The content of a login. */
export interface Login {
  readonly username: EncStringText | undefined;
  readonly password: EncStringText | undefined;
  /** ISO 8601; undefined: it has never been changed. */
  readonly passwordRevisionDate: string | undefined;
  readonly totp: EncStringText | undefined;
  readonly uris: readonly LoginUri[];
  readonly passkeys: readonly Passkey[];
}

/** Of a passkey what says where it is used; its key stays in the element. */
export interface Passkey {
  /** Domain of the site. */
  readonly rpId: EncStringText | undefined;
  readonly userName: EncStringText | undefined;
  /** ISO 8601. */
  readonly creationDate: string | undefined;
}

/** A password that the item, or a hidden custom field of it, had before. */
export interface FormerPassword {
  readonly password: EncStringText | undefined;
  /** ISO 8601: until then. */
  readonly lastUsedDate: string | undefined;
}

export interface Attachment {
  readonly id: string;
  readonly fileName: EncStringText | undefined;
  /**
   * Key of the file under that of the item. Undefined: it is encrypted under the user key or the organisation key, as files
   * were at first.
   */
  readonly key: EncStringText | undefined;
  /** In bytes, encrypted. */
  readonly size: number | undefined;
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
  /** See itemTypes; numbers that are not there are types that we do not know yet. */
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
  /** The master password is asked for before a secret of the item is shown or copied. */
  readonly reprompt: boolean;
  readonly favorite: boolean;
  /** False: the organisation lets the user use the item, and not see its hidden values. */
  readonly viewPassword: boolean;
  /**
   * What the server lets the user do with the item, the trash being a deletion, too. They may always put it into a folder
   * and among their favorites.
   */
  readonly mayEdit: boolean;
  readonly mayDelete: boolean;
  readonly mayRestore: boolean;
  /** The newest first. */
  readonly passwordHistory: readonly FormerPassword[];
  readonly attachments: readonly Attachment[];
  /** ISO 8601. */
  readonly creationDate: string | undefined;
  /** ISO 8601: of the latest change. */
  readonly revisionDate: string | undefined;
  /** ISO 8601; undefined unless the item is in the trash. */
  readonly deletedDate: string | undefined;
  /** ISO 8601; undefined unless the item is archived. */
  readonly archivedDate: string | undefined;
  /**
   * The content is of a shape we do not know or of thousands of values, or the item in thousands of
   * collections: it lists, and nothing of it can be opened.
   */
  readonly unsupported: boolean;
}
