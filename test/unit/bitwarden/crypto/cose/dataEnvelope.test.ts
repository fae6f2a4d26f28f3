import assert from 'node:assert/strict';
import fc from 'fast-check';
import { copySecret } from '../../../../../src/base/secretBytes';
import { type CborValue, encodeCbor } from '../../../../../src/bitwarden/crypto/cose/cbor';
import { openDataEnvelope, sealDataEnvelope, VAULT_ITEM } from '../../../../../src/bitwarden/crypto/cose/dataEnvelope';
import { sealEncrypt0 } from '../../../../../src/bitwarden/crypto/cose/encrypt0';
import { CoseSymmetricKey } from '../../../../../src/bitwarden/crypto/cose/symmetricKey';
import { CoseFormatError, MacMismatchError, WrongKeyError } from '../../../../../src/bitwarden/errors';
import { cases } from '../../../../support/cases';
import { decodeLong } from '../../../../support/cbor';
import { blobs } from '../../../../support/vectors/blobs';
import { dataEnvelope } from '../../../../support/vectors/cose';

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');
const keyOf = (padded: string): CoseSymmetricKey => CoseSymmetricKey.fromPadded(copySecret(base64(padded)));

function plain(value: CborValue): unknown {
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<string, CborValue>)];
    return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
  }
  return Array.isArray(value) ? value.map((inner: CborValue) => plain(inner)) : value;
}

describe('a data envelope', () => {
  for (const [type, { contentKey, envelope, content }] of Object.entries(blobs)) {
    it(`opens the recorded ${type}`, () => {
      const opened = openDataEnvelope(base64(envelope), keyOf(contentKey), VAULT_ITEM);
      assert.deepEqual(plain(decodeLong(opened)), { version: '1', content });
    });
  }

  it('opens the recorded one of AES-256-GCM, for what it is for alone', () => {
    const opened = openDataEnvelope(base64(dataEnvelope.envelope), keyOf(dataEnvelope.contentKey), -1);
    assert.deepEqual(plain(decodeLong(opened)), { version: '1', content: { field: 123 } });
    assert.throws(
      () => openDataEnvelope(base64(dataEnvelope.envelope), keyOf(dataEnvelope.contentKey), VAULT_ITEM),
      CoseFormatError,
    );
  });

  it('opens what was sealed, with a key that seals nothing more', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (content) => {
        const { envelope, contentKey } = sealDataEnvelope(content, VAULT_ITEM);
        assert.equal(contentKey.mayEncrypt, false);
        assert.deepEqual(Buffer.from(openDataEnvelope(envelope, contentKey, VAULT_ITEM)), Buffer.from(content));
      }),
      cases(),
    );
  });

  it('is no encrypted string, nor the other way round', () => {
    const key = CoseSymmetricKey.generate('aes256Gcm');
    const text = sealEncrypt0(Buffer.from('text'), 'text', key);
    assert.throws(() => openDataEnvelope(text, key, VAULT_ITEM), CoseFormatError);
    const unnamed = sealEncrypt0(Buffer.from('text'), 'paddedCbor', key);
    assert.throws(() => openDataEnvelope(unnamed, key, VAULT_ITEM), CoseFormatError);
    const otherContent = sealEncrypt0(Buffer.from('text'), 'text', key, [
      [-80002, 2],
      [-80001, 1],
    ]);
    assert.throws(() => openDataEnvelope(otherContent, key, VAULT_ITEM), CoseFormatError);
    const otherObject = sealEncrypt0(Buffer.from('text'), 'paddedCbor', key, [
      [-80002, 3],
      [-80001, 1],
    ]);
    assert.throws(() => openDataEnvelope(otherObject, key, VAULT_ITEM), CoseFormatError);
  });

  it('does not open with another key, or once it was changed', () => {
    const { envelope, contentKey } = sealDataEnvelope(encodeCbor(['x']), VAULT_ITEM);
    assert.throws(() => openDataEnvelope(envelope, CoseSymmetricKey.generate('aes256Gcm'), VAULT_ITEM), WrongKeyError);
    const changed = Uint8Array.from(envelope);
    changed[changed.length - 1] = changed[changed.length - 1]! ^ 1;
    assert.throws(() => openDataEnvelope(changed, contentKey, VAULT_ITEM), MacMismatchError);
  });
});
