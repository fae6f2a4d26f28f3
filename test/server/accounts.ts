import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { newApiKey } from './apiKey';
import type { PlainItem } from './items';
import { lockWith } from './masterPassword';
import type { Account } from './model';
import { joinOrganization, type PlainOrganization } from './organizations';
import { VaultWriter } from './vaultWriter';
import { v2Account } from '../support/vectors/cose';
import { sealBytes } from '../../src/bitwarden/crypto/seal';
import { generateKey } from '../support/keys';

export interface AccountOptions {
  readonly email?: string;
  readonly name?: string;
  readonly password?: string;
  /** The cheapest PBKDF2 that clients accept, unless given. */
  readonly kdf?: KdfConfig;
  /** The e-mail address trimmed and lower-cased, unless given. */
  readonly salt?: string;
  readonly items?: readonly PlainItem[];
  /** Folders that are there even if no item is in them. */
  readonly folders?: readonly string[];
  readonly organizations?: readonly PlainOrganization[];
  readonly premium?: boolean;
  /** False: signs in by SSO or the like, and has no master password at all. */
  readonly masterPassword?: boolean;
  /** False: nobody has asked for the API key yet, so that on Vaultwarden there is none. */
  readonly apiKeyIssued?: boolean;
  /** Wraps the user key without a MAC, as very old accounts have it. */
  readonly userKeyWithoutMac?: boolean;
  /** False: nobody has made a key pair for the account. */
  readonly keyPair?: boolean;
  /** The account has V2 encryption, whose user key is of the kind that came after ours (COSE), which we do not open. */
  readonly coseUserKey?: boolean;
}

export const cheapKdf: KdfConfig = { type: 'pbkdf2', iterations: 5000 };
export const cheapArgon2: KdfConfig = { type: 'argon2id', iterations: 2, memoryMiB: 16, parallelism: 1 };

let sharedPair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

/** One RSA pair for all accounts of a process: making one takes longer than most tests. */
function rsaPair() {
  return (sharedPair ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

/** An account with keys, hash and vault as the server would hold them, and the secrets that only its user knows. */
export async function createAccount(options: AccountOptions = {}): Promise<Account> {
  const { password = 'correct horse battery staple', kdf = cheapKdf } = options;
  const email = (options.email ?? 'dev@example.test').trim().toLowerCase();
  const userKey = generateKey();
  const { publicKey, privateKey } = rsaPair();
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  const id = randomUUID();
  const now = new Date().toISOString();
  const { userKeyWithoutMac: withoutMac = false, coseUserKey: cose = false, keyPair = true } = options;
  const { wrappedSigningKey, verifyingKey, securityState } = v2Account;
  const account: Account = {
    id,
    email,
    clientId: `user.${id}`,
    name: options.name ?? 'Test Developer',
    clientSecret: options.apiKeyIssued === false ? '' : newApiKey(),
    hasMasterPassword: options.masterPassword ?? true,
    ...(await lockWith(userKey, { password, kdf, salt: options.salt ?? email, withoutMac, cose })),
    plainUserKey: Buffer.from(userKey.bytes).toString('base64'),
    publicKey: keyPair ? publicKey.export({ type: 'spki', format: 'der' }).toString('base64') : null,
    wrappedPrivateKey: !keyPair ? null : cose ? v2Account.wrappedPrivateKey : sealBytes(pkcs8, userKey),
    v2Keys: cose ? { wrappedSigningKey, verifyingKey, securityState, signedPublicKey: null } : null,
    userKeyId: null,
    upgradeToken: null,
    securityStamp: randomUUID(),
    revisionDate: now,
    creationDate: now,
    premium: options.premium ?? false,
    folders: [],
    ciphers: [],
    collections: [],
    organizations: [],
    policies: [],
    otp: null,
    devices: [],
  };
  for (const organization of options.organizations ?? []) joinOrganization(account, organization, publicKey);
  const writer = new VaultWriter(account);
  for (const folder of options.folders ?? []) writer.folder(folder);
  for (const item of options.items ?? []) writer.add(item);
  return account;
}
