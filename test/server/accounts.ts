import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { newApiKey } from './apiKey';
import type { PlainItem } from './items';
import { lockWith } from './masterPassword';
import type { Account } from './model';
import { joinOrganization, type PlainOrganization } from './organizations';
import { VaultWriter } from './vaultWriter';
import { sealBytes } from '../../src/bitwarden/crypto/seal';
import { generateKey, keyToBase64 } from '../support/keys';
import { CoseSymmetricKey } from '../../src/bitwarden/crypto/cose/symmetricKey';
import { makeV2Keys, type V2Options } from './v2Keys';

export interface AccountOptions {
  readonly email?: string;
  readonly name?: string;
  readonly password?: string;
  /** By default the cheapest PBKDF2 that clients accept. */
  readonly kdf?: KdfConfig;
  /** By default the e-mail address, trimmed and lower-cased. */
  readonly salt?: string;
  readonly items?: readonly PlainItem[];
  /** Folders to make, also if no item is in them. */
  readonly folders?: readonly string[];
  readonly organizations?: readonly PlainOrganization[];
  readonly premium?: boolean;
  /** False: signs in by SSO or the like, and has no master password at all. */
  readonly masterPassword?: boolean;
  /** False: nobody has asked for the API key yet. On Vaultwarden there is none then. */
  readonly apiKeyIssued?: boolean;
  /** Wraps the user key without a MAC, as very old accounts have it. */
  readonly userKeyWithoutMac?: boolean;
  /** False: nobody has made a key pair for the account. */
  readonly keyPair?: boolean;
  /** The account has V2 encryption, made with these options. By default it has V1. */
  readonly v2?: V2Options;
}

export const cheapKdf: KdfConfig = { type: 'pbkdf2', iterations: 5000 };
export const cheapArgon2: KdfConfig = { type: 'argon2id', iterations: 2, memoryMiB: 16, parallelism: 1 };

let sharedPair: { publicKey: KeyObject; privateKey: KeyObject } | undefined;

/** One RSA pair for all accounts of a process: making one takes longer than most tests. */
export function rsaPair() {
  return (sharedPair ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));
}

/**
 * Makes an account with keys, password hash and vault as a server holds them, and with the secrets that only its user
 * knows.
 */
export async function createAccount(options: AccountOptions = {}): Promise<Account> {
  const { password = 'correct horse battery staple', kdf = cheapKdf } = options;
  const email = (options.email ?? 'dev@example.test').trim().toLowerCase();
  const { userKeyWithoutMac: withoutMac = false, v2 } = options;
  const pair = rsaPair();
  const { userKey, ...accountKeys } = v2 === undefined ? v1Keys(pair) : v2Keys(pair, v2);
  const id = randomUUID();
  const now = new Date().toISOString();
  const { keyPair = true } = options;
  const account: Account = {
    id,
    email,
    clientId: `user.${id}`,
    name: options.name ?? 'Test Developer',
    clientSecret: options.apiKeyIssued === false ? '' : newApiKey(),
    hasMasterPassword: options.masterPassword ?? true,
    ...(await lockWith(userKey, { password, kdf, salt: options.salt ?? email, withoutMac })),
    plainUserKey: keyToBase64(userKey),
    publicKey: keyPair ? pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') : null,
    ...accountKeys,
    wrappedPrivateKey: keyPair ? accountKeys.wrappedPrivateKey : null,
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
    otpSentAt: 0,
    devices: [],
  };
  for (const organization of options.organizations ?? []) joinOrganization(account, organization, pair.publicKey);
  const writer = new VaultWriter(account);
  for (const folder of options.folders ?? []) writer.folder(folder);
  for (const item of options.items ?? []) writer.add(item);
  return account;
}

type RsaPair = ReturnType<typeof rsaPair>;

function v1Keys({ privateKey }: RsaPair) {
  const userKey = generateKey();
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });
  return { userKey, wrappedPrivateKey: sealBytes(pkcs8, userKey, 'privateKey'), v2Keys: null, userKeyId: null };
}

function v2Keys(pair: RsaPair, options: V2Options) {
  const userKey = CoseSymmetricKey.generate(options.userKey);
  return { userKey, ...makeV2Keys(userKey, pair, options) };
}
