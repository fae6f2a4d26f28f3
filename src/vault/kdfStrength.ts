import type { KdfConfig } from '../bitwarden/api/model';

/** Whether settings of the same KDF got cheaper to guess; a change of KDF is not judged. */
export function isWeaker(now: KdfConfig, before: KdfConfig): boolean {
  if (now.type === 'pbkdf2') return before.type === 'pbkdf2' && now.iterations < before.iterations;
  return before.type === 'argon2id' && now.iterations * now.memoryMiB < before.iterations * before.memoryMiB;
}
