import type { KdfConfig } from '../../../src/bitwarden/crypto/kdf';

const pbkdf2 = (iterations: number): KdfConfig => ({ type: 'pbkdf2', iterations });
const argon2id = (iterations: number, memoryMiB: number, parallelism: number): KdfConfig => ({
  type: 'argon2id',
  iterations,
  memoryMiB,
  parallelism,
});

export interface MasterKeyVector {
  readonly source: string;
  readonly password: string;
  readonly salt: string;
  readonly kdf: KdfConfig;
  /** Base64 of 32 bytes. */
  readonly masterKey: string;
  /** Base64 of 32 bytes, where the source gives one. */
  readonly passwordHash?: string;
}

/** The names are repositories of Bitwarden: sdk is sdk-internal. */
export const masterKeys: readonly MasterKeyVector[] = [
  {
    source: 'sdk:crates/bitwarden-crypto/src/keys/master_key.rs (hash; key computed from the same input)',
    password: 'asdfasdf',
    salt: 'test@bitwarden.com',
    kdf: pbkdf2(100_000),
    masterKey: 'j6LIxCM7M4VKobykynJczRKr3ji3SCcg3vTuoBgEkmg=',
    passwordHash: 'wmyadRMyBZOH7P/a/ucTCbSghKgdzDpPqUnu/DAVtSw=',
  },
  {
    source: 'sdk:crates/bitwarden-crypto/src/keys/master_key.rs (hash; key computed from the same input)',
    password: 'asdfasdf',
    salt: 'test_salt',
    kdf: argon2id(4, 32, 2),
    masterKey: 'YnVyODD8R9VCIKZDb9B7KQSGIyyZNvK9oWuVLA3yr3w=',
    passwordHash: 'PR6UjYmjmppTYcdyTiNbAhPJuQQOmynKbdEl1oyi/iQ=',
  },
  {
    source: 'sdk:crates/bitwarden-crypto/src/keys/kdf.rs',
    password: '67t9b5g67$%Dh89n',
    salt: 'test_key',
    kdf: pbkdf2(10_000),
    masterKey: 'H09o4pZHsVrCUKzREYGEUYqnRaf+lQIbJ8VAKhbDVks=',
  },
  {
    source: 'sdk:crates/bitwarden-crypto/src/keys/kdf.rs',
    password: '67t9b5g67$%Dh89n',
    salt: 'test_key',
    kdf: argon2id(4, 32, 2),
    masterKey: 'z/DhsaITo0xiarOv4AkR8BST7S/2lo24PuGD8jM14fI=',
  },
  {
    source: 'clients:libs/common/src/key-management/crypto/services/web-crypto-function.service.spec.ts',
    password: 'password',
    salt: 'user@example.com',
    kdf: pbkdf2(5_000),
    masterKey: 'pj9prw/OHPleXI6bRdmlaD+saJS4awrMiQsQiDjeu2I=',
  },
  {
    source: 'clients:libs/common/src/key-management/crypto/services/web-crypto-function.service.spec.ts',
    password: 'pǻssword',
    salt: 'üser@example.com',
    kdf: pbkdf2(5_000),
    masterKey: 'yqvoFXgMRmHR3QPYr5pyR4uVuoHkltv9aHUP63p8n7I=',
  },
  {
    source: 'clients:libs/common/src/key-management/crypto/services/web-crypto-function.service.spec.ts',
    password: '😀password🙏',
    salt: 'user@example.com',
    kdf: pbkdf2(5_000),
    masterKey: 'ZdeOata6xoRpB4DLp8zHhXz5kLmkWtX5pd+TdRH8w8w=',
  },
  {
    source: 'computed with three other implementations of Argon2id',
    password: 'asdfasdfasdf',
    salt: 'test@bitwarden.com',
    kdf: argon2id(6, 32, 4),
    masterKey: 'YONjg1tTkYIvw3a1k1JAQyDLBgLUJSA3kywIcZP6kBM=',
    passwordHash: '2t+k4VnGvB+1sETQa0va0kbCzIV0xhGk/idIQW/tY8M=',
  },
];

/**
 * Out of the third master key. Source: sdk:crates/bitwarden-crypto/src/keys/utils.rs. The vector that clients have for
 * HKDF-Expand by itself is not here: its info is "info", and nothing of ours expands with any but the two of these.
 */
export const stretch = {
  masterKey: 'H09o4pZHsVrCUKzREYGEUYqnRaf+lQIbJ8VAKhbDVks=',
  encryptionKeyHex: '6f1fb22dee9825728fd77c5387adc3178e8678f93d84a3b671c5bdccbc15ed60',
  macKeyHex: 'dd7fceea651bca265634221c4e1cb910303d7fa6d1f7c257e81a3055c1f9b39b',
} as const;
