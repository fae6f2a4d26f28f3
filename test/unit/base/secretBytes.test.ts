import assert from 'node:assert/strict';
import {
  allocateSecret,
  base64OfSecret,
  concatSecrets,
  copySecret,
  partOfSecret,
  secretFromText,
  takeSecret,
  textOfSecret,
  wipe,
} from '../../../src/base/secretBytes';

/** Below, at and above the 64 bytes up to which V8 keeps a typed array in its heap, and the half of Buffer's slab. */
const LENGTHS = [0, 1, 16, 32, 63, 64, 65, 4_095, 4_096, 10_000];

const counted = (length: number) => Buffer.from(Array.from({ length }, (_, at) => at % 251));

describe('Bytes of secrets', () => {
  it('have an ArrayBuffer that is theirs alone, however long they are and wherever they come from', () => {
    for (const length of LENGTHS) {
      const bytes = counted(length);
      const made = {
        allocated: allocateSecret(length),
        copied: copySecret(bytes),
        taken: takeSecret(Buffer.from(bytes)),
        joined: concatSecrets(bytes.subarray(0, length / 2), bytes.subarray(length / 2)),
        encoded: secretFromText('x'.repeat(length)),
      };
      for (const [how, { byteOffset, byteLength, buffer }] of Object.entries(made)) {
        assert.deepEqual([byteOffset, byteLength, buffer.byteLength], [0, length, length], how);
      }
      assert.equal(new Set(Object.values(made).map(({ buffer }) => buffer)).size, Object.keys(made).length);
    }
  });

  it('are those that were given', () => {
    for (const length of LENGTHS) {
      const bytes = counted(length);
      const given = [...bytes];
      assert.deepEqual([...copySecret(bytes)], given);
      assert.deepEqual([...concatSecrets(bytes.subarray(0, 1), bytes.subarray(1))], given);
      assert.deepEqual([...allocateSecret(length)], Array<number>(length).fill(0));
      assert.deepEqual([...takeSecret(bytes)], given);
    }
    assert.deepEqual([...concatSecrets()], []);
  });

  it('are wiped where a library left them, once taken', () => {
    const left = counted(100);
    takeSecret(left);
    assert.deepEqual([...left], Array<number>(100).fill(0));
  });

  it('are copied: who wipes one leaves the other', () => {
    const first = copySecret(counted(64));
    const second = copySecret(first);
    wipe(first);
    assert.deepEqual([...first], Array<number>(64).fill(0));
    assert.deepEqual([...second], [...counted(64)]);
  });

  it('are shared with a part: who wipes the whole wipes the part', () => {
    const whole = copySecret(counted(64));
    const parts = [partOfSecret(whole, 0, 32), partOfSecret(whole, 32)];
    assert.deepEqual([...parts[0]!, ...parts[1]!], [...counted(64)]);
    wipe(whole);
    assert.ok(parts.every((part) => part.length === 32 && part.every((byte) => byte === 0)));
  });

  it('are UTF-8 as Node encodes it, not normalised, with what is no character replaced', () => {
    for (const text of ['', 'secret', 'ü', 'u\u0308', '🔑', '\ud83d', 'a\udd11b', '\0', 'x'.repeat(9_000), 'ﬁ\u2028']) {
      assert.deepEqual([...secretFromText(text)], [...new TextEncoder().encode(text)], JSON.stringify(text));
    }
  });

  it('come back as text, or as base64', () => {
    for (const text of ['', 'secret', 'ü 🔑']) {
      const bytes = secretFromText(text);
      assert.equal(textOfSecret(bytes), text);
      assert.equal(base64OfSecret(bytes), Buffer.from(text).toString('base64'));
    }
    assert.equal(textOfSecret(partOfSecret(secretFromText('a secret'), 2)), 'secret');
    assert.equal(base64OfSecret(partOfSecret(secretFromText('a secret'), 2)), Buffer.from('secret').toString('base64'));
    assert.equal(textOfSecret(copySecret(Buffer.from([0xff]))), undefined);
  });

  it('need not have come into being to be wiped', () => {
    wipe(undefined);
  });
});
