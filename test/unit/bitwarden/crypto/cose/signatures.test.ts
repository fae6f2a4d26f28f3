import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copySecret, type SecretBytes } from '../../../../../src/base/secretBytes';
import { type CborValue, encodeCbor } from '../../../../../src/bitwarden/crypto/cose/cbor';
import { SECURITY_STATE, SIGNED_PUBLIC_KEY, verifySign1 } from '../../../../../src/bitwarden/crypto/cose/sign1';
import { VerifyingKey } from '../../../../../src/bitwarden/crypto/cose/verifyingKey';
import {
  CoseFormatError,
  SignatureError,
  UnsupportedEncryptionError,
  WrongKeyError,
} from '../../../../../src/bitwarden/errors';
import { decodeLong } from '../../../../support/cbor';
import { generateSigningKey, mlDsa44Key, signCbor, type SigningKey } from '../../../../support/sign';
import { securityState, v2Account } from '../../../../support/vectors/cose';
import { ed25519, mlDsa44 } from '../../../../support/vectors/signatures';

const secret = (bytes: Uint8Array): SecretBytes => copySecret(bytes);
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const base64 = (text: string): Buffer => Buffer.from(text, 'base64');
const mapOf = (bytes: Uint8Array): Map<CborValue, CborValue> => decodeLong(bytes) as Map<CborValue, CborValue>;

describe('verifying keys', () => {
  it('check the recorded signature of Ed25519', () => {
    const key = VerifyingKey.fromCose(secret(hex(ed25519.verifyingKey)));
    assert.ok(key.verify(Buffer.from(ed25519.message), hex(ed25519.signature)));
    assert.ok(!key.verify(Buffer.from('Invalid message'), hex(ed25519.signature)));
  });

  it('check the recorded signature of ML-DSA-44', () => {
    const signingKey = mlDsa44Key(hex(mlDsa44.seed), hex(mlDsa44.keyId));
    const publicKey = Buffer.from(mapOf(signingKey.verifyingKey).get(-1) as Uint8Array).toString('hex');
    assert.ok(publicKey.startsWith(mlDsa44.publicKeyStart) && publicKey.endsWith(mlDsa44.publicKeyEnd));
    const key = VerifyingKey.fromCose(secret(signingKey.verifyingKey));
    assert.ok(key.verify(Buffer.from(mlDsa44.message), hex(mlDsa44.signature)));
    assert.ok(!key.verify(Buffer.from('Invalid message'), hex(mlDsa44.signature)));
  });

  for (const algorithm of ['ed25519', 'mlDsa44'] as const) {
    describe(algorithm, () => {
      const signingKey = generateSigningKey(algorithm);
      const message = Buffer.from('Test message');
      const signature = signingKey.sign(message);

      it('come from the signing key, and are those of its public half', () => {
        for (const key of [
          VerifyingKey.ofSigningKey(secret(signingKey.cose)),
          VerifyingKey.fromCose(secret(signingKey.verifyingKey)),
        ]) {
          assert.deepEqual(Buffer.from(key.keyId), Buffer.from(signingKey.keyId));
          assert.ok(key.verify(message, signature));
        }
      });

      it('survive the wiping of what they were read from', () => {
        const cose = secret(signingKey.cose);
        const key = VerifyingKey.ofSigningKey(cose);
        cose.fill(0);
        assert.ok(key.verify(message, signature));
      });

      it('refuse changed, cut and empty signatures', () => {
        const key = VerifyingKey.fromCose(secret(signingKey.verifyingKey));
        for (const at of [0, 31, signature.length - 1]) {
          const changed = Uint8Array.from(signature);
          changed[at] = changed[at]! ^ 1;
          assert.ok(!key.verify(message, changed));
        }
        for (const wrong of [signature.subarray(1), Buffer.concat([signature, Buffer.of(0)]), Buffer.alloc(0)]) {
          assert.ok(!key.verify(message, wrong));
        }
      });

      const cose = mapOf(signingKey.cose);
      const changed = (label: number, value: CborValue | undefined): SecretBytes => {
        const copy = new Map(cose);
        if (value === undefined) copy.delete(label);
        else copy.set(label, value);
        return secret(encodeCbor(copy));
      };
      const privateLabel = algorithm === 'ed25519' ? -4 : -2;
      for (const [what, bytes, error] of [
        ['no id', changed(2, undefined), CoseFormatError],
        ['a short id', changed(2, new Uint8Array(8)), CoseFormatError],
        ['no private half', changed(privateLabel, undefined), CoseFormatError],
        ['no algorithm', changed(3, undefined), UnsupportedEncryptionError],
        ['another algorithm', changed(3, -7), UnsupportedEncryptionError],
        ['another key type', changed(1, 2), algorithm === 'ed25519' ? CoseFormatError : UnsupportedEncryptionError],
        ['its end missing', secret(signingKey.cose.subarray(0, -1)), CoseFormatError],
      ] as const) {
        it(`are refused with ${what}`, () => assert.throws(() => VerifyingKey.ofSigningKey(bytes), error));
      }
    });
  }

  it('of another curve are unsupported, of another length refused', () => {
    const { verifyingKey, cose } = generateSigningKey('ed25519');
    const other = encodeCbor(new Map([...mapOf(cose), [-1, 7]]));
    assert.throws(() => VerifyingKey.ofSigningKey(secret(other)), UnsupportedEncryptionError);
    const short = encodeCbor(new Map([...mapOf(verifyingKey), [-2, new Uint8Array(31)]]));
    assert.throws(() => VerifyingKey.fromCose(secret(short)), CoseFormatError);
    const mlDsa = generateSigningKey('mlDsa44');
    const cut = encodeCbor(new Map([...mapOf(mlDsa.verifyingKey), [-1, new Uint8Array(1311)]]));
    assert.throws(() => VerifyingKey.fromCose(secret(cut)), CoseFormatError);
  });
});

describe('COSE_Sign1', () => {
  it('of the recorded accounts is verified', () => {
    const key = VerifyingKey.fromCose(secret(base64(v2Account.verifyingKey)));
    const state = verifySign1(base64(v2Account.securityState), key, SECURITY_STATE) as Map<CborValue, CborValue>;
    assert.equal(state.get('version'), 2);
    const signed = verifySign1(base64(v2Account.signedPublicKey), key, SIGNED_PUBLIC_KEY) as Map<CborValue, CborValue>;
    assert.equal((signed.get('publicKey') as Uint8Array).length, 294);

    const alone = VerifyingKey.fromCose(secret(base64(securityState.verifyingKey)));
    const other = verifySign1(base64(securityState.signed), alone, SECURITY_STATE) as Map<CborValue, CborValue>;
    assert.equal(other.get('version'), 2);
  });

  for (const algorithm of ['ed25519', 'mlDsa44'] as const) {
    describe(`by ${algorithm}`, () => {
      const signingKey: SigningKey = generateSigningKey(algorithm);
      const key = VerifyingKey.ofSigningKey(secret(signingKey.cose));
      const payload = new Map<CborValue, CborValue>([['version', 2]]);
      const signed = signCbor(payload, SECURITY_STATE, signingKey);

      it('gives the payload', () => assert.deepEqual(verifySign1(signed, key, SECURITY_STATE), payload));

      it('is refused for another purpose', () => {
        assert.throws(() => verifySign1(signed, key, SIGNED_PUBLIC_KEY), SignatureError);
      });

      it('is refused from another key', () => {
        const other = VerifyingKey.ofSigningKey(secret(generateSigningKey(algorithm).cose));
        assert.throws(() => verifySign1(signed, other, SECURITY_STATE), WrongKeyError);
      });

      it('is refused from a key that takes the id of ours', () => {
        const forged = signCbor(payload, SECURITY_STATE, generateSigningKey(algorithm), { keyId: key.keyId });
        assert.throws(() => verifySign1(forged, key, SECURITY_STATE), SignatureError);
      });

      it('is refused with another payload', () => {
        const [header, empty, , signature] = decodeLong(signed) as CborValue[];
        const forged = encodeCbor([header!, empty!, encodeCbor(new Map([['version', 1]])), signature!]);
        assert.throws(() => verifySign1(forged, key, SECURITY_STATE), SignatureError);
      });

      for (const [what, options, error] of [
        ['another algorithm', { algorithm: -7 }, WrongKeyError],
        ['an id of another length', { keyId: randomBytes(8) }, WrongKeyError],
        ['another content type', { contentType: 42 }, CoseFormatError],
        ['what must be understood', { more: [[2, [1]]] }, CoseFormatError],
        ['a header that is longer than any', { more: [[99, new Uint8Array(1_100)]] }, CoseFormatError],
      ] as const) {
        it(`is refused with ${what}`, () => {
          const wrong = signCbor(payload, SECURITY_STATE, signingKey, options);
          assert.throws(() => verifySign1(wrong, key, SECURITY_STATE), error);
        });
      }

      it('is refused with a payload that is longer than any', () => {
        const long = new Map<CborValue, CborValue>([
          ['version', 2],
          ['more', new Uint8Array(1_100)],
        ]);
        assert.throws(
          () => verifySign1(signCbor(long, SECURITY_STATE, signingKey), key, SECURITY_STATE),
          CoseFormatError,
        );
      });

      it('is refused without its end, and without a signature', () => {
        const parts = decodeLong(signed) as CborValue[];
        for (const wrong of [
          signed.subarray(0, -1),
          encodeCbor(parts.slice(0, 3)),
          encodeCbor([...parts.slice(0, 3), null]),
          encodeCbor([parts[0]!, parts[1]!, null, parts[3]!]),
          Buffer.concat([Buffer.of(0xd2), signed]),
        ]) {
          assert.throws(() => verifySign1(wrong, key, SECURITY_STATE), CoseFormatError);
        }
        assert.throws(
          () => verifySign1(encodeCbor([...parts.slice(0, 3), new Uint8Array(0)]), key, SECURITY_STATE),
          SignatureError,
        );
      });
    });
  }
});
