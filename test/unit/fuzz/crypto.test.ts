import assert from 'node:assert/strict';
import { copySecret, wipe } from '../../../src/base/secretBytes';
import { openAccountState } from '../../../src/bitwarden/crypto/accountState';
import { decodeCbor, encodeCbor } from '../../../src/bitwarden/crypto/cose/cbor';
import { CborReader } from '../../../src/bitwarden/crypto/cose/cborReader';
import { openDataEnvelope } from '../../../src/bitwarden/crypto/cose/dataEnvelope';
import { openEncrypt0, parseEncrypt0 } from '../../../src/bitwarden/crypto/cose/encrypt0';
import { removePadding } from '../../../src/bitwarden/crypto/cose/padding';
import { SECURITY_STATE, verifySign1 } from '../../../src/bitwarden/crypto/cose/sign1';
import { CoseSymmetricKey } from '../../../src/bitwarden/crypto/cose/symmetricKey';
import { VerifyingKey } from '../../../src/bitwarden/crypto/cose/verifyingKey';
import { formatEncString, parseEncString, writeAesCbcHmac } from '../../../src/bitwarden/crypto/encString';
import { takeSymmetricKey } from '../../../src/bitwarden/crypto/keys';
import { unwrapSymmetricKey } from '../../../src/bitwarden/crypto/keyWrapping';
import { openText } from '../../../src/bitwarden/crypto/open';
import { decryptWithPrivateKey, importPrivateKey } from '../../../src/bitwarden/crypto/rsa';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { openUpgradeToken } from '../../../src/bitwarden/crypto/upgradeToken';
import * as errors from '../../../src/bitwarden/errors';
import { readCipher } from '../../../src/bitwarden/wire/ciphers';
import { openBlob, readBlob } from '../../../src/vault/cipherBlob';
import { anyText, fuzz, type Parser } from '../../support/fuzz';
import { generateKey, keyFromBase64 } from '../../support/keys';
import { cborOf } from '../../support/sealItem';
import { mlDsa44Key } from '../../support/sign';
import { blobs } from '../../support/vectors/blobs';
import { blobCipher, coseKeys, coseMessage, dataEnvelope, securityState, v2Account } from '../../support/vectors/cose';
import { typeTwo, typeZero } from '../../support/vectors/encStrings';
import { rsa } from '../../support/vectors/rsa';
import { ed25519 } from '../../support/vectors/signatures';

const base64 = (text: string) => Buffer.from(text, 'base64');
const hex = (text: string) => Buffer.from(text, 'hex');
/** COSE_Keys are kept padded. */
const coseKey = (text: string) => removePadding(copySecret(base64(text)));

const throws = Object.values(errors);
/** Of bytes, which the parser takes over, or which stay its caller's to wipe. */
const ofSecret = (parse: (bytes: ReturnType<typeof copySecret>) => unknown): Parser => ({
  parse: (input) => parse(copySecret(input)),
  throws,
});
const ofText = (parse: (text: string) => unknown): Parser => ({ parse: (input) => parse(anyText(input)), throws });

const key = keyFromBase64(typeTwo.key);
const v2Key = CoseSymmetricKey.fromCose(coseKey(v2Account.userKey));
const privateKey = importPrivateKey(copySecret(base64(rsa.privateKey)));
const verifyingKey = VerifyingKey.fromCose(copySecret(base64(securityState.verifyingKey)));
const contentKey = CoseSymmetricKey.fromCose(coseKey(dataEnvelope.contentKey));
const blobKey = keyFromBase64(blobCipher.key);

/** Both ways of reading type 2 agree, and what was read is written as it was. */
function readTwice(text: string): unknown {
  const parsed = attempt(() => parseEncString(text));
  const at = writeAesCbcHmac(text, Buffer.alloc(text.length), 0);
  assert.equal(at !== undefined, parsed?.type === 2 && text.startsWith('2.'));
  if (parsed !== undefined && /^\d+\./.test(text)) assert.equal(formatEncString(parsed), text);
  return parsed;
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (throws.some((known) => error instanceof known)) return undefined;
    throw error;
  }
}

describe('Fuzzed: what is encrypted', () => {
  const { wrappedSigningKey, wrappedPrivateKey, signedPublicKey } = v2Account;
  const upgrade = {
    wrappedUserKey1: sealText('no key', v2Key),
    wrappedUserKey2: sealText('no key', key),
  };
  const encStrings = () => [
    ...[typeTwo.oneToFive, typeTwo.helloWorld, typeZero.data, typeZero.wrappedUserKey, rsa.type3, rsa.type4, rsa.type6],
    ...[wrappedSigningKey, sealText('text', v2Key), sealText('text', generateKey())],
  ];
  fuzz('encrypted strings', encStrings, {
    parseEncString: ofText(readTwice),
    openText: ofText((text) => openText(text, text.startsWith('7') ? v2Key : key)),
    unwrapSymmetricKey: {
      ...ofText((text) => unwrapSymmetricKey(text, text.startsWith('7') ? v2Key : key)),
      neverReads: true,
    },
    decryptWithPrivateKey: ofText((text) => decryptWithPrivateKey(text, privateKey)),
    openUpgradeToken: {
      ...ofText((text) => openUpgradeToken({ ...upgrade, wrappedUserKey2: text }, key)),
      neverReads: true,
    },
  });

  fuzz('what proves an account of generation 2', () => [signedPublicKey, v2Account.securityState], {
    openAccountState: {
      ...ofText((text) => {
        const ofAccount = { privateKey: wrappedPrivateKey, signingKey: wrappedSigningKey };
        return text.length < 300
          ? openAccountState({ ...ofAccount, signedPublicKey, securityState: text }, v2Key)
          : openAccountState({ ...ofAccount, signedPublicKey: text, securityState: v2Account.securityState }, v2Key);
      }),
      isSlow: true,
    },
  });

  const cbor = [
    ...[hex(coseMessage), base64(dataEnvelope.envelope), base64(securityState.signed), base64(blobs.login!.envelope)],
    ...Object.values(coseKeys).map(coseKey),
    hex(ed25519.verifyingKey),
    encodeCbor(
      new Map<string, number | Map<number, number>>([
        ['a', -5],
        ['b', new Map([[1, 2]])],
      ]),
    ),
  ];
  fuzz('CBOR and COSE', () => cbor, {
    decodeCbor: { parse: decodeCbor, throws },
    CborReader: { parse: (input) => new CborReader(input).skip(), throws },
    parseEncrypt0: { parse: parseEncrypt0, throws },
    openEncrypt0: { parse: (input) => openEncrypt0(parseEncrypt0(input), contentKey, ['paddedCbor']), throws },
    openDataEnvelope: { parse: (input) => openDataEnvelope(input, contentKey, -1), throws },
    verifySign1: { parse: (input) => verifySign1(input, verifyingKey, SECURITY_STATE), throws },
    removePadding: ofSecret(removePadding),
  });

  const mlDsa = mlDsa44Key(Buffer.alloc(32), Buffer.alloc(16));
  const keys = [
    ...Object.values(coseKeys).flatMap((each) => [coseKey(each), base64(each)]),
    ...[hex(ed25519.verifyingKey), mlDsa.cose, mlDsa.verifyingKey, key.bytes],
  ];
  fuzz('keys', () => [...keys, openedSigningKey()], {
    fromCose: ofSecret((cose) => CoseSymmetricKey.fromCose(cose)),
    fromPadded: ofSecret((padded) => CoseSymmetricKey.fromPadded(padded)),
    takeSymmetricKey: ofSecret(takeSymmetricKey),
    'VerifyingKey.fromCose': ofSecret((cose) => VerifyingKey.fromCose(cose)),
    'VerifyingKey.ofSigningKey': ofSecret((cose) => VerifyingKey.ofSigningKey(cose)),
  });

  fuzz('private keys', () => [base64(rsa.privateKey)], {
    importPrivateKey: { ...ofSecret(importPrivateKey), isSlow: true },
  });

  const cipher = readCipher(Buffer.from('{"id":"a","type":1,"name":"x"}'))!;
  const contents = Object.values(blobs).map(({ content }) => encodeCbor(cborOf({ version: '1', content })));
  fuzz('content of sealed items', () => contents, {
    readBlob: ofSecret((content) => readBlob(cipher, content)),
  });

  fuzz('sealed items', () => [blobCipher.data], {
    openBlob: {
      parse: (input) => {
        const read = readCipher(Buffer.from(JSON.stringify({ id: 'a', type: 1, data: anyText(input) })));
        const content = read?.blob && openBlob(read.blob, blobKey);
        wipe(content);
        return content;
      },
      throws,
    },
  });
});

function openedSigningKey(): Uint8Array {
  const message = parseEncString(v2Account.wrappedSigningKey);
  assert.equal(message.type, 7);
  return openEncrypt0(parseEncrypt0(message.cose), v2Key, ['coseKey']).content;
}
