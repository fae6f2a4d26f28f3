import assert from 'node:assert/strict';
import type { KdfConfig } from '../../../src/bitwarden/crypto/kdf';
import { isCheaperToGuess } from '../../../src/account/guessingCost';

const pbkdf2 = (iterations: number): KdfConfig => ({ type: 'pbkdf2', iterations });
const argon2id = (iterations: number, memoryMiB: number, parallelism = 4): KdfConfig => ({
  ...{ type: 'argon2id', iterations, memoryMiB, parallelism },
});

describe('The cost of guessing a master password', () => {
  const lower: readonly (readonly [KdfConfig, KdfConfig])[] = [
    [pbkdf2(5_001), pbkdf2(5_000)],
    [pbkdf2(2_000_000), pbkdf2(600_000)],
    [pbkdf2(2_000_000), argon2id(2, 16)],
    [pbkdf2(4_000_000), argon2id(3, 32)],
    [argon2id(3, 64), argon2id(10, 20)],
    [argon2id(3, 64), argon2id(10, 32)],
    // As many passes × MiB, so a guess takes as long; but for half the memory, so that a guesser can afford two at a time.
    [argon2id(3, 64), argon2id(6, 32)],
    [argon2id(2, 16), argon2id(2, 15)],
    [argon2id(2, 16), argon2id(1, 16)],
    [argon2id(10, 1_024), argon2id(10, 1_023)],
  ];
  for (const [before, now] of lower) {
    it(`is lower with ${JSON.stringify(now)} than with ${JSON.stringify(before)}`, () => {
      assert.ok(isCheaperToGuess(now, before));
      assert.ok(!isCheaperToGuess(before, now) || before.type !== now.type);
    });
  }

  const notLower: readonly (readonly [KdfConfig, KdfConfig])[] = [
    [pbkdf2(5_000), pbkdf2(5_000)],
    [pbkdf2(100_000), argon2id(2, 16)],
    [pbkdf2(600_000), argon2id(3, 64)],
    [pbkdf2(600_000), argon2id(6, 32)],
    [pbkdf2(2_000_000), argon2id(6, 32)],
    [argon2id(3, 64), argon2id(3, 64)],
    [argon2id(3, 64), argon2id(4, 64)],
    [argon2id(4, 16), argon2id(2, 32)],
    [argon2id(10, 20), argon2id(3, 64)],
    [argon2id(3, 64, 4), argon2id(3, 64, 1)],
  ];
  for (const [before, now] of notLower) {
    it(`is not lower with ${JSON.stringify(now)} than with ${JSON.stringify(before)}`, () => {
      assert.ok(!isCheaperToGuess(now, before));
    });
  }

  it('is lower with PBKDF2 than with Argon2id, whatever the numbers', () => {
    for (const iterations of [5_000, 4_000_000]) assert.ok(isCheaperToGuess(pbkdf2(iterations), argon2id(2, 16)));
  });
});
