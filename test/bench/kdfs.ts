import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';

/** As Bitwarden sets them for new accounts. */
export const pbkdf2 = { type: 'pbkdf2', iterations: 600_000 } as const;
export const argon2 = { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 } as const;

export const kdfs: readonly (readonly [string, KdfConfig])[] = [
  ['PBKDF2 600,000', pbkdf2],
  ['Argon2id 64 MiB', argon2],
];
