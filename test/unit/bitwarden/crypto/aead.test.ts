import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { Aes256CbcHmacAead } from '../../../../src/bitwarden/crypto/aead/aes256CbcHmac';
import { Aes256GcmKey } from '../../../../src/bitwarden/crypto/aead/aes256Gcm';
import type { AeadKey } from '../../../../src/bitwarden/crypto/aead/aeadKey';
import { XAes256GcmKey } from '../../../../src/bitwarden/crypto/aead/xAes256Gcm';
import { XChaCha20Poly1305Key } from '../../../../src/bitwarden/crypto/aead/xChaCha20Poly1305';
import { MacMismatchError } from '../../../../src/bitwarden/errors';
import { cases } from '../../../support/cases';
import {
  aes256CbcHmacVectors,
  aes256GcmVectors,
  type AeadVector,
  xAes256GcmVectors,
  xChaCha20Poly1305Vectors,
} from '../../../support/vectors/aead';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytesOf = (text: string): Buffer => Buffer.from(text, 'hex');

const cbcHmac = (key: Uint8Array): AeadKey =>
  new Aes256CbcHmacAead({
    encryptionKeyObject: createSecretKey(key.subarray(0, 32)),
    macKeyObject: createSecretKey(key.subarray(32)),
  });

interface Suite {
  readonly name: string;
  readonly make: (key: Uint8Array) => AeadKey;
  readonly vectors: readonly AeadVector[];
}

const suites: readonly Suite[] = [
  { name: 'AES-256-GCM', make: (key) => new Aes256GcmKey(key), vectors: aes256GcmVectors },
  { name: 'XAES-256-GCM', make: (key) => new XAes256GcmKey(key), vectors: xAes256GcmVectors },
  { name: 'XChaCha20-Poly1305', make: (key) => new XChaCha20Poly1305Key(key), vectors: xChaCha20Poly1305Vectors },
  { name: 'AES-256-CBC-HMAC', make: cbcHmac, vectors: aes256CbcHmacVectors },
];

for (const { name, make, vectors } of suites) {
  const [{ key: vectorKey }] = vectors as readonly [AeadVector];
  const { keyLength, nonceLength, tagLength } = make(bytesOf(vectorKey)).algorithm;
  const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const message = fc.record({
    key: exactly(keyLength),
    nonce: exactly(nonceLength),
    plaintext: fc.uint8Array({ maxLength: 300 }),
    additionalData: fc.uint8Array({ maxLength: 100 }),
  });

  describe(name, () => {
    it('opens and makes the recorded messages', () => {
      for (const vector of vectors) {
        const key = make(bytesOf(vector.key));
        const [nonce, additionalData] = [bytesOf(vector.nonce), bytesOf(vector.additionalData)];
        assert.equal(hex(key.open(nonce, bytesOf(vector.sealed), additionalData)), vector.plaintext);
        assert.equal(hex(key.seal(nonce, bytesOf(vector.plaintext), additionalData)), vector.sealed);
      }
    });

    it('opens what it sealed, one message after the other under one key', () => {
      const shared = make(bytesOf(vectorKey));
      fc.assert(
        fc.property(message, ({ nonce, plaintext, additionalData }) => {
          const sealed = shared.seal(nonce, plaintext, additionalData);
          assert.equal(hex(shared.open(nonce, sealed, additionalData)), hex(plaintext));
        }),
        cases(),
      );
    });

    it('refuses a message with one bit changed, wherever it is', () => {
      const anywhere = fc.record({
        part: fc.constantFrom('sealed', 'nonce', 'additionalData', 'key'),
        at: fc.nat(),
        bit: fc.nat(7),
      });
      fc.assert(
        fc.property(message, anywhere, ({ key, nonce, plaintext, additionalData }, { part, at, bit }) => {
          const parts = { key, nonce, additionalData, sealed: make(key).seal(nonce, plaintext, additionalData) };
          const changed = Uint8Array.from(parts[part]);
          if (changed.length === 0) return;
          const index = at % changed.length;
          changed[index] = changed[index]! ^ (1 << bit);
          const wrong = { ...parts, [part]: changed };
          // Of a key of 64 bytes the first half does not go into the MAC: padding, or nothing, tells.
          if (part === 'key' && keyLength === 64 && index < 32) return;
          assert.throws(() => make(wrong.key).open(wrong.nonce, wrong.sealed, wrong.additionalData), MacMismatchError);
        }),
        cases(),
      );
    });

    it('refuses what is cut off, down to nothing', () => {
      const key = make(bytesOf(vectorKey));
      const nonce = new Uint8Array(nonceLength);
      const sealed = key.seal(nonce, Buffer.from('text'), new Uint8Array(0));
      for (let length = 0; length < sealed.length; length++) {
        assert.throws(() => key.open(nonce, sealed.subarray(0, length), new Uint8Array(0)), MacMismatchError);
      }
    });

    it('takes keys and nonces of its own lengths alone', () => {
      const key = make(bytesOf(vectorKey));
      for (const length of [0, nonceLength - 1, nonceLength + 1]) {
        assert.throws(() => key.open(new Uint8Array(length), new Uint8Array(64), new Uint8Array(0)), RangeError);
        assert.throws(() => key.seal(new Uint8Array(length), new Uint8Array(64), new Uint8Array(0)), RangeError);
      }
      if (keyLength === 64) return;
      for (const length of [0, 16, 31, 33, 64]) assert.throws(() => make(new Uint8Array(length)), RangeError);
    });

    it('writes the tag behind the ciphertext', () => {
      const sealed = make(bytesOf(vectorKey)).seal(new Uint8Array(nonceLength), new Uint8Array(16), new Uint8Array(0));
      assert.equal(sealed.length - tagLength, name === 'AES-256-CBC-HMAC' ? 32 : 16);
    });
  });
}

for (const make of [Aes256GcmKey, XAes256GcmKey, XChaCha20Poly1305Key]) {
  it(`${make.name} is of no use once wiped, and leaves the bytes it was made of alone`, () => {
    const bytes = new Uint8Array(32).fill(7);
    const key = new make(bytes);
    const nonce = new Uint8Array(key.algorithm.nonceLength);
    const sealed = key.seal(nonce, Buffer.from('text'), new Uint8Array(0));
    key.wipe();
    assert.throws(() => key.open(nonce, sealed, new Uint8Array(0)), /wiped/);
    assert.throws(() => key.seal(nonce, Buffer.from('text'), new Uint8Array(0)), /wiped/);
    assert.deepEqual(bytes, new Uint8Array(32).fill(7));
  });
}
