import { randomBytes } from 'node:crypto';
import { copySecret } from '../../base/secretBytes';
import { deriveMasterKey, type KdfConfig } from './kdf';

/** Settings for the measurement: quick enough not to be noticed, and slow enough to be measured. */
const SAMPLES = {
  pbkdf2: { type: 'pbkdf2', iterations: 100_000 },
  argon2id: { type: 'argon2id', iterations: 2, memoryMiB: 32, parallelism: 1 },
} as const;

/**
 * About how many seconds this computer takes to derive a master key. A derivation with small settings is measured, and
 * the time multiplied by how much more work it is (iterations; for Argon2id, passes × memory).
 *
 * @throws as deriveMasterKey.
 */
export async function kdfSeconds(kdf: KdfConfig): Promise<number> {
  const sample = SAMPLES[kdf.type];
  const start = performance.now();
  await deriveMasterKey(copySecret(randomBytes(16)), 'sample', sample);
  const seconds = (performance.now() - start) / 1000;
  return (seconds * work(kdf)) / work(sample);
}

function work(kdf: KdfConfig): number {
  return kdf.type === 'pbkdf2' ? kdf.iterations : kdf.iterations * kdf.memoryMiB;
}
