import type { KdfConfig } from '../bitwarden/crypto/kdf';

/** Whether a master password got cheaper to guess. From Argon2id, which memory makes dear, to PBKDF2 it always does. */
export function isWeaker(now: KdfConfig, before: KdfConfig): boolean {
  if (now.type === 'pbkdf2') return before.type === 'argon2id' || now.iterations < before.iterations;
  return before.type === 'argon2id' && now.iterations * now.memoryMiB < before.iterations * before.memoryMiB;
}
