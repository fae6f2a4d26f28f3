import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { copySecret } from '../../../../../src/base/secretBytes';
import { Aes256CbcHmacAead } from '../../../../../src/bitwarden/crypto/aead/aes256CbcHmac';
import { type CborValue, encodeCbor } from '../../../../../src/bitwarden/crypto/cose/cbor';
import type { ContentType } from '../../../../../src/bitwarden/crypto/cose/contentTypes';
import {
  type CoseEncryptionKey,
  openEncrypt0,
  parseEncrypt0,
  sealEncrypt0,
} from '../../../../../src/bitwarden/crypto/cose/encrypt0';
import { CoseSymmetricKey } from '../../../../../src/bitwarden/crypto/cose/symmetricKey';
import { thumbprint } from '../../../../../src/bitwarden/crypto/cose/thumbprint';
import {
  CoseFormatError,
  DecryptionError,
  MacMismatchError,
  UnsupportedEncryptionError,
  WrongKeyError,
} from '../../../../../src/bitwarden/errors';
import { cases } from '../../../../support/cases';
import { decodeLong } from '../../../../support/cbor';
import { coseMessage } from '../../../../support/vectors/cose';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

/** Key 0 to 31 with the id 0 to 15. */
function countingKey(algorithm: number): CoseSymmetricKey {
  return CoseSymmetricKey.fromCose(
    copySecret(
      encodeCbor(
        new Map<CborValue, CborValue>([
          [1, 4],
          [2, counting(16)],
          [3, algorithm],
          [4, [3, 4, 5, 6]],
          [-1, counting(32)],
        ]),
      ),
    ),
  );
}

function keyOf64Bytes(bytes: Uint8Array): CoseEncryptionKey {
  const aead = new Aes256CbcHmacAead({
    encryptionKeyObject: createSecretKey(bytes.subarray(0, 32)),
    macKeyObject: createSecretKey(bytes.subarray(32)),
  });
  return { aead, keyId: thumbprint(bytes).subarray(0, 16), keyIdOptional: true, mayEncrypt: true };
}

const keys: Readonly<Record<string, () => CoseEncryptionKey>> = {
  'AES-256-GCM': () => CoseSymmetricKey.generate('aes256Gcm'),
  'XAES-256-GCM': () => CoseSymmetricKey.generate('xAes256Gcm'),
  'XChaCha20-Poly1305': () => CoseSymmetricKey.generate('xChaCha20Poly1305'),
  'AES-256-CBC-HMAC': () => keyOf64Bytes(randomBytes(64)),
};

const open = (message: Uint8Array, key: CoseEncryptionKey, expected: readonly ContentType[]): Uint8Array =>
  openEncrypt0(parseEncrypt0(message), key, expected).content;

/** A message with something wrong about it. */
function forged(
  key: CoseEncryptionKey,
  header: readonly (readonly [CborValue, CborValue])[],
  plaintext: Uint8Array = Buffer.from('text'),
): Uint8Array {
  const protectedBytes = encodeCbor(new Map(header));
  const nonce = randomBytes(key.aead.algorithm.nonceLength);
  const sealed = key.aead.seal(nonce, plaintext, encodeCbor(['Encrypt0', protectedBytes, new Uint8Array(0)]));
  return encodeCbor([protectedBytes, new Map([[5, nonce]]), sealed]);
}

describe('COSE_Encrypt0', () => {
  it('opens the recorded message', () => {
    const message = Buffer.from(coseMessage, 'hex');
    assert.equal(Buffer.from(open(message, countingKey(-70000), ['bytes'])).toString(), 'Message test vector');
  });

  for (const [name, make] of Object.entries(keys)) {
    it(`${name}: opens what was sealed, whatever kind of content it is`, () => {
      const key = make();
      const types: ContentType[] = [
        ...(['text', 'bytes', 'cbor', 'paddedCbor'] as const),
        ...(['coseKey', 'keyOf64Bytes', 'privateKey', 'publicKey'] as const),
      ];
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...types), (content, type) => {
          assert.equal(hex(open(sealEncrypt0(content, type, key), key, [type])), hex(content));
        }),
        cases(),
      );
    });

    it(`${name}: tells another key by its id, before anything is decrypted`, () => {
      const message = sealEncrypt0(Buffer.from('text'), 'text', make());
      assert.throws(() => open(message, make(), ['text']), WrongKeyError);
    });

    it(`${name}: refuses a message with one bit changed`, () => {
      const key = make();
      const message = sealEncrypt0(Buffer.from('a text'), 'text', key);
      for (let at = 0; at < message.length * 8; at++) {
        const changed = Uint8Array.from(message);
        changed[at >> 3] = changed[at >> 3]! ^ (1 << (at & 7));
        assert.throws(
          () => open(changed, key, ['text']),
          (error) =>
            [CoseFormatError, MacMismatchError, UnsupportedEncryptionError, WrongKeyError].some(
              (known) => error instanceof known,
            ),
        );
      }
    });

    it(`${name}: never gives one kind of content for another`, () => {
      const key = make();
      assert.throws(() => open(sealEncrypt0(counting(64), 'keyOf64Bytes', key), key, ['text']), CoseFormatError);
      assert.throws(() => open(sealEncrypt0(counting(64), 'text', key), key, ['keyOf64Bytes', 'coseKey']));
    });
  }

  it('pads texts in steps of 32 bytes', () => {
    const key = CoseSymmetricKey.generate('xAes256Gcm');
    const lengthOf = (length: number): number => sealEncrypt0(Buffer.alloc(length, 'x'), 'text', key).length;
    for (const [shorter, longer] of [
      [0, 31],
      [32, 63],
      [64, 95],
    ] as const) {
      assert.equal(lengthOf(shorter), lengthOf(longer));
      assert.ok(lengthOf(longer) < lengthOf(longer + 1));
    }
  });

  it('refuses bad padding, and wipes what it had decrypted', () => {
    const key = countingKey(-70000);
    const header = [
      [1, -70000],
      [3, 'application/x.bitwarden.utf8-padded'],
      [4, key.keyId],
    ] as const;
    for (const plaintext of ['', '00', '787804', 'ff']) {
      assert.throws(() => open(forged(key, header, Buffer.from(plaintext, 'hex')), key, ['text']), DecryptionError);
    }
  });

  it('opens a message that names no key under a key of 64 bytes alone', () => {
    const named = keyOf64Bytes(counting(64));
    const header = [
      [1, -70011],
      [3, 42],
    ] as const;
    assert.equal(Buffer.from(open(forged(named, header), named, ['bytes'])).toString(), 'text');
    const cose = countingKey(-70010);
    assert.throws(() => open(forged(cose, [[1, -70010], header[1]]), cose, ['bytes']), WrongKeyError);
  });

  it('refuses a key of another algorithm, though its id is right', () => {
    const message = sealEncrypt0(Buffer.from('text'), 'text', countingKey(-70000));
    assert.throws(() => open(message, countingKey(-70010), ['text']), WrongKeyError);
  });

  it('calls algorithms that it does not know unsupported', () => {
    for (const algorithm of [1, -70001, 'A256GCM', null, -71000]) {
      assert.throws(() => parseEncrypt0(forged(countingKey(-70000), [[1, algorithm]])), UnsupportedEncryptionError);
    }
    assert.throws(() => parseEncrypt0(forged(countingKey(-70000), [])), UnsupportedEncryptionError);
  });

  it('refuses content types that are missing or that nobody writes', () => {
    const key = countingKey(-70000);
    for (const type of [undefined, 0, 43, 'text/plain', null, counting(2)] as const) {
      const header: (readonly [CborValue, CborValue])[] = [
        [1, -70000],
        [4, key.keyId],
      ];
      if (type !== undefined) header.push([3, type]);
      assert.throws(() => open(forged(key, header), key, ['bytes']), CoseFormatError);
    }
  });

  it('refuses a header that says it must be understood', () => {
    const key = countingKey(-70000);
    const header: [CborValue, CborValue][] = [
      [1, -70000],
      [2, [4]],
      [3, 42],
      [4, key.keyId],
    ];
    assert.throws(() => parseEncrypt0(forged(key, header)), CoseFormatError);
  });

  it('refuses headers that are longer than any client writes, whatever is in them', () => {
    const key = countingKey(-70000);
    const long = [99, new Uint8Array(1_100)] as const;
    const header = [
      [1, -70000],
      [3, 42],
      [4, key.keyId],
    ] as const;
    assert.throws(() => parseEncrypt0(forged(key, [...header, long])), CoseFormatError);
    const [protectedBytes, unprotected, sealed] = decodeLong(forged(key, header)) as [
      Uint8Array,
      Map<CborValue, CborValue>,
      Uint8Array,
    ];
    parseEncrypt0(encodeCbor([protectedBytes, new Map([...unprotected, [99, new Uint8Array(900)]]), sealed]));
    const alsoLong = encodeCbor([protectedBytes, new Map([...unprotected, long]), sealed]);
    assert.throws(() => parseEncrypt0(alsoLong), CoseFormatError);
  });

  it('refuses what is no such message', () => {
    const message = Buffer.from(coseMessage, 'hex');
    const [protectedBytes, unprotected, sealed] = decodeLong(message) as [
      Uint8Array,
      Map<CborValue, CborValue>,
      Uint8Array,
    ];
    const iv = unprotected.get(5)!;
    for (const bytes of [
      Buffer.alloc(0),
      message.subarray(1),
      message.subarray(0, -1),
      Buffer.concat([message, Buffer.of(0)]),
      Buffer.concat([Buffer.of(0xd0), message]),
      encodeCbor([protectedBytes, unprotected]),
      encodeCbor([protectedBytes, unprotected, sealed, 0]),
      encodeCbor([protectedBytes, unprotected, null]),
      encodeCbor([protectedBytes, [], sealed]),
      encodeCbor([decodeLong(protectedBytes), unprotected, sealed]),
      encodeCbor([protectedBytes, new Map(), sealed]),
      encodeCbor([protectedBytes, new Map([[5, (iv as Uint8Array).subarray(1)]]), sealed]),
      encodeCbor([protectedBytes, new Map([[5, 'nonce']]), sealed]),
      encodeCbor([new Uint8Array(0), unprotected, sealed]),
      Buffer.from('81'.repeat(20_000), 'hex'),
    ]) {
      assert.throws(() => parseEncrypt0(bytes), CoseFormatError, hex(bytes).slice(0, 40));
    }
  });
});
