import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { copySecret, type SecretBytes } from '../../../../../src/base/secretBytes';
import { type CborValue, encodeCbor } from '../../../../../src/bitwarden/crypto/cose/cbor';
import { openEncrypt0, parseEncrypt0, sealEncrypt0 } from '../../../../../src/bitwarden/crypto/cose/encrypt0';
import { padKey } from '../../../../../src/bitwarden/crypto/cose/padding';
import { CoseSymmetricKey } from '../../../../../src/bitwarden/crypto/cose/symmetricKey';
import { thumbprint } from '../../../../../src/bitwarden/crypto/cose/thumbprint';
import { CoseFormatError, DecryptionError, UnsupportedEncryptionError } from '../../../../../src/bitwarden/errors';
import { coseKeys, thumbprints, v2Account } from '../../../../support/vectors/cose';

const secret = (base64: string): SecretBytes => copySecret(Buffer.from(base64, 'base64'));
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);

const fields: readonly (readonly [CborValue, CborValue])[] = [
  [1, 4],
  [2, counting(16)],
  [3, -70010],
  [4, [3, 4, 5, 6]],
  [-1, counting(32)],
];

const without = (label: number) => fields.filter(([known]) => known !== label);
const instead = (label: number, value: CborValue) => [...without(label), [label, value] as const];
const coseOf = (pairs: readonly (readonly [CborValue, CborValue])[]): SecretBytes =>
  copySecret(encodeCbor(new Map(pairs)));

describe('a COSE key', () => {
  it('is read from what accounts hold, and written the same', () => {
    const kinds = { ...coseKeys, account: v2Account.userKey };
    const read = Object.values(kinds).map((text) => CoseSymmetricKey.fromPadded(secret(text)));
    assert.deepEqual(
      read.map(({ kind }) => kind),
      ['xChaCha20Poly1305', 'xAes256Gcm', 'xAes256Gcm'],
    );
    for (const [at, text] of Object.values(kinds).entries()) {
      const again = CoseSymmetricKey.fromPadded(padKey(read[at]!.toCose()));
      assert.deepEqual(again.toCose(), read[at]!.toCose());
      assert.equal(padKey(read[at]!.toCose()).length, Buffer.from(text, 'base64').length);
    }
  });

  it('has the recorded thumbprint', () => {
    const bytes = Buffer.from(coseKeys.xChaCha20Poly1305, 'base64').subarray(-33, -1);
    assert.equal(thumbprint(bytes).toString('hex'), thumbprints.xChaCha20Poly1305);
    assert.equal(thumbprint(counting(64)).toString('hex'), thumbprints.keyOf64Bytes);
  });

  it('is told from a key of 64 bytes by its length', () => {
    assert.ok(padKey(new Uint8Array(10)).length === 65);
    assert.ok(padKey(new Uint8Array(64)).length === 65);
    assert.ok(padKey(new Uint8Array(90)).length === 91);
  });

  for (const [what, cose] of Object.entries({
    'no map': copySecret(encodeCbor([1, 4])),
    'a key type that is not symmetric': coseOf(instead(1, 1)),
    'no key type': coseOf(without(1)),
    'no id': coseOf(without(2)),
    'an id of another length': coseOf(instead(2, counting(15))),
    'an id that is no bytes': coseOf(instead(2, 'id')),
    'an algorithm that is no number': coseOf(instead(3, 'A256GCM')),
    'operations that are no list': coseOf(instead(4, 3)),
    'more operations than there are': coseOf(instead(4, Array.from(counting(11)))),
    'no bytes': coseOf(without(-1)),
    'too few bytes': coseOf(instead(-1, counting(31))),
    'too many bytes': coseOf(instead(-1, counting(33))),
    'something that we do not know': coseOf([...fields, [-2, 0]]),
    'more after its end': copySecret(Buffer.concat([coseOf(fields), Buffer.of(0)])),
    'its end missing': copySecret(coseOf(fields).subarray(0, -1)),
    'one label twice': copySecret(Buffer.from('a3010401040104', 'hex')),
    'a label in more bytes than it needs': copySecret(Buffer.from('a1180104', 'hex')),
    'bytes of indefinite length': copySecret(Buffer.from('a1025f41ff41ffff', 'hex')),
  })) {
    it(`is refused with ${what}`, () => assert.throws(() => CoseSymmetricKey.fromCose(cose), CoseFormatError));
  }

  it('is unsupported with an algorithm that we do not know', () => {
    for (const algorithm of [1, -70011, -70002]) {
      assert.throws(() => CoseSymmetricKey.fromCose(coseOf(instead(3, algorithm))), UnsupportedEncryptionError);
    }
    assert.throws(() => CoseSymmetricKey.fromCose(coseOf(without(3))), UnsupportedEncryptionError);
  });

  it('is refused with bad padding', () => {
    assert.throws(() => CoseSymmetricKey.fromPadded(copySecret(new Uint8Array(70))), DecryptionError);
    assert.throws(() => CoseSymmetricKey.fromPadded(copySecret(new Uint8Array(70).fill(71))), DecryptionError);
  });

  it('that may only decrypt does not encrypt', () => {
    const full = CoseSymmetricKey.generate('aes256Gcm');
    const message = sealEncrypt0(Buffer.from('text'), 'text', full);
    const only = CoseSymmetricKey.fromCose(full.forDecryptionOnly().toCose());
    assert.equal(Buffer.from(openEncrypt0(parseEncrypt0(message), only, ['text']).content).toString(), 'text');
    assert.throws(() => sealEncrypt0(Buffer.from('text'), 'text', only), /decrypts only/);
    assert.throws(() => full.toCose(), /wiped/);
  });

  it('is of no use once wiped', () => {
    const key = CoseSymmetricKey.generate('xAes256Gcm');
    key.wipe();
    assert.throws(() => key.toCose(), /wiped/);
    assert.throws(() => key.aead, /wiped/);
  });

  it('never shows its bytes', () => {
    const key = CoseSymmetricKey.fromCose(coseOf(fields));
    assert.equal(inspect(key), 'CoseSymmetricKey');
    assert.equal(JSON.stringify(key).includes('31'), false);
  });

  it('differs each time one is made', () => {
    const [one, other] = [CoseSymmetricKey.generate('xAes256Gcm'), CoseSymmetricKey.generate('xAes256Gcm')];
    assert.notDeepEqual(one.toCose(), other.toCose());
    assert.notDeepEqual(one.keyId, other.keyId);
  });
});
