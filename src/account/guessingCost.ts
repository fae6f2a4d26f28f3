import type { KdfConfig } from '../bitwarden/crypto/kdf';

/**
 * PBKDF2 iterations that cost a guesser as much as one pass over 1 MiB of Argon2id: OWASP's Password Storage Cheat
 * Sheet takes 600,000 iterations for as good as 2 passes over 19 MiB, which counts as 2 × 19² here.
 */
const PBKDF2_ITERATIONS_PER_UNIT = 600_000 / (2 * 19 ** 2);

/**
 * What one guess at a master password costs somebody who buys hardware for it: time × memory. The time of Argon2id
 * grows with passes × memory, and for all that time the memory is taken; so the memory counts twice. How many lanes
 * share the work changes neither. PBKDF2 needs no memory to speak of.
 */
function guessingCost(kdf: KdfConfig): number {
  if (kdf.type === 'pbkdf2') return kdf.iterations / PBKDF2_ITERATIONS_PER_UNIT;
  return kdf.iterations * kdf.memoryMiB ** 2;
}

/**
 * Whether a master password got cheaper to guess. A change from Argon2id to PBKDF2 always counts as that, since PBKDF2
 * runs on graphics cards, and Argon2id hardly does.
 */
export function isCheaperToGuess(now: KdfConfig, before: KdfConfig): boolean {
  if (now.type === 'pbkdf2' && before.type === 'argon2id') return true;
  return guessingCost(now) < guessingCost(before);
}
