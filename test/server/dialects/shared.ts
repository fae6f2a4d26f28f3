import type { Account, StoredAttachment, StoredCipher } from '../model';
import type { JsonObject } from '../http';
import type { Urls } from '../state';
import type { Change, HubDialect } from './dialect';

/** The KDF settings of an account, in the numbers of the protocol. */
export function wireKdf(account: Pick<Account, 'kdf'>) {
  const { kdf } = account;
  return kdf.type === 'pbkdf2'
    ? { kdfType: 0, iterations: kdf.iterations, memory: null, parallelism: null }
    : { kdfType: 1, iterations: kdf.iterations, memory: kdf.memoryMiB, parallelism: kdf.parallelism };
}

export function flatKdf(account: Pick<Account, 'kdf'>): JsonObject {
  const { kdfType, iterations, memory, parallelism } = wireKdf(account);
  return { Kdf: kdfType, KdfIterations: iterations, KdfMemory: memory, KdfParallelism: parallelism };
}

export function unlockPascal(account: Account, extra: JsonObject = {}): JsonObject | null {
  if (!account.hasMasterPassword) return null;
  const { kdfType, iterations, memory, parallelism } = wireKdf(account);
  return {
    Kdf: { KdfType: kdfType, Iterations: iterations, Memory: memory, Parallelism: parallelism },
    MasterKeyEncryptedUserKey: account.masterKeyEncryptedUserKey,
    ...extra,
    Salt: account.salt,
  };
}

export function unlockCamel(account: Account, extra: JsonObject = {}): JsonObject | null {
  if (!account.hasMasterPassword) return null;
  return {
    kdf: wireKdf(account),
    masterKeyEncryptedUserKey: account.masterKeyEncryptedUserKey,
    ...extra,
    salt: account.salt,
  };
}

/** Name of the key under which the user key goes; absent without a master password. */
export function protectedKey(account: Account): string | null {
  return account.hasMasterPassword ? account.masterKeyEncryptedUserKey : null;
}

/** The part of a cipher answer that is the same on both servers. */
export function cipherCore(account: Account, cipher: StoredCipher): JsonObject {
  const organization = account.organizations.find(({ id }) => id === cipher.organizationId);
  return {
    id: cipher.id,
    organizationId: cipher.organizationId,
    folderId: cipher.folderId,
    collectionIds: cipher.collectionIds,
    type: cipher.type,
    key: cipher.key,
    name: cipher.name,
    notes: cipher.notes,
    fields: cipher.fields,
    passwordHistory: cipher.passwordHistory,
    reprompt: cipher.reprompt,
    favorite: cipher.favorite,
    viewPassword: cipher.viewPassword,
    organizationUseTotp: organization?.useTotp ?? false,
    revisionDate: cipher.revisionDate,
    creationDate: cipher.creationDate,
    deletedDate: cipher.deletedDate,
    archivedDate: cipher.archivedDate,
  };
}

export function organizationCore(account: Account): JsonObject[] {
  return account.organizations.map((organization) => ({
    id: organization.id,
    name: organization.name,
    key: organization.wrappedKey,
    enabled: organization.enabled,
    status: 2,
    type: 2,
    useTotp: organization.useTotp,
    usersGetPremium: false,
    permissions: {},
    usePolicies: true,
    hasPublicAndPrivateKeys: true,
    limitItemDeletion: organization.limitItemDeletion,
    keyConnectorEnabled: false,
    keyConnectorUrl: null,
    ssoMemberDecryptionType: null,
    accessSecretsManager: false,
    userId: account.id,
    organizationUserId: organization.id,
    productTierType: 3,
    object: 'profileOrganization',
  }));
}

/** @param object name of the field that tells the kind of an object: `Object` in token answers, else `object`. */
export function accountKeys(account: Account, object: 'Object' | 'object'): JsonObject | null {
  const { v2Keys, wrappedPrivateKey, publicKey } = account;
  if (wrappedPrivateKey === null) return null;
  return {
    signatureKeyPair: v2Keys && {
      wrappedSigningKey: v2Keys.wrappedSigningKey,
      verifyingKey: v2Keys.verifyingKey,
      [object]: 'signatureKeyPair',
    },
    publicKeyEncryptionKeyPair: {
      wrappedPrivateKey,
      publicKey,
      signedPublicKey: v2Keys?.signedPublicKey ?? null,
      [object]: 'publicKeyEncryptionKeyPair',
    },
    securityState: v2Keys && { securityState: v2Keys.securityState, securityVersion: v2Keys.securityVersion },
    [object]: 'privateKeys',
  };
}

export function profileCore(account: Account): JsonObject {
  return {
    id: account.id,
    name: account.name,
    email: account.email,
    emailVerified: true,
    premium: account.premium,
    premiumFromOrganization: false,
    culture: 'en-US',
    twoFactorEnabled: false,
    key: protectedKey(account),
    privateKey: account.wrappedPrivateKey,
    accountKeys: accountKeys(account, 'object'),
    securityStamp: account.securityStamp,
    forcePasswordReset: false,
    usesKeyConnector: false,
    avatarColor: null,
    creationDate: account.creationDate,
    organizations: organizationCore(account),
    providers: [],
    providerOrganizations: [],
    object: 'profile',
  };
}

export function configCore(urls: Urls): JsonObject & { readonly environment: JsonObject } {
  return {
    object: 'config',
    environment: {
      api: urls.api,
      identity: urls.identity,
      vault: urls.base,
      notifications: `${urls.base}/notifications`,
    },
    push: { pushTechnology: 0, vapidPublicKey: null },
    communication: null,
    settings: { disableUserRegistration: false, suppressOnboardingInterstitials: false },
  };
}

/**
 * @param url where the file is.
 * @param sizeName the size in words.
 */
export function attachmentAnswer({ id, fileName, key, size }: StoredAttachment, url: string, sizeName: string) {
  return { id, url, fileName, key, size: String(size), sizeName, object: 'attachment' };
}

/** Expresses a number of bytes in the largest unit in which it is at least one. */
export function inUnits(bytes: number, units: readonly string[]): { readonly number: number; readonly unit: string } {
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return { number: bytes / 1024 ** power, unit: units[power] ?? '' };
}

/**
 * The message about a change of one item or folder. All kinds of deletion have the type 2 (server:
 * CipherSyncPushService.cs:36).
 *
 * @param tellsCollections whether the message about an item of an organisation has the ids of its collections.
 */
export function hubMessage(
  { id: userId }: Account,
  change: Extract<Change, { kind: 'item' | 'folder' }>,
  device: string | null,
  tellsCollections: boolean,
): ReturnType<HubDialect['message']> {
  if (change.kind === 'folder') {
    const { id, revisionDate } = change.folder;
    const payload = { Id: id, UserId: userId, RevisionDate: new Date(revisionDate) };
    return { type: { deleted: 3, created: 7, changed: 8 }[change.what], contextId: device, payload };
  }
  const { id, organizationId, revisionDate, collectionIds } = change.cipher;
  const isShared = organizationId !== null;
  return {
    type: { changed: 0, created: 1, deleted: 2 }[change.what],
    contextId: device,
    payload: {
      Id: id,
      UserId: isShared ? null : userId,
      OrganizationId: organizationId,
      CollectionIds: isShared && tellsCollections ? collectionIds : null,
      RevisionDate: new Date(revisionDate),
    },
  };
}

/** Applies the date format of a dialect to every date of an answer. */
export function withDates<T extends JsonObject>(answer: T, format: (iso: string) => string): T {
  const copy: JsonObject = { ...answer };
  for (const name of ['revisionDate', 'creationDate', 'deletedDate', 'archivedDate']) {
    const value = copy[name];
    if (typeof value === 'string') copy[name] = format(value);
  }
  return copy as T;
}

/** Whether a parsed client version is this one or newer. A missing number counts as less than 0. */
export function atLeast(version: readonly number[] | undefined, floor: readonly number[]): boolean {
  if (!version) return false;
  for (const [at, wanted] of floor.entries()) {
    const given = version[at] ?? -1;
    if (given !== wanted) return given > wanted;
  }
  return true;
}
