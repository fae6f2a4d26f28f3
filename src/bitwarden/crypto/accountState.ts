import { createPublicKey } from 'node:crypto';
import { publicBytesOf } from '../../base/publicBytes';
import { asBuffer, wipe } from '../../base/secretBytes';
import { CoseFormatError } from '../errors';
import { asBytes, asMap } from './cose/cbor';
import { SECURITY_STATE, SIGNED_PUBLIC_KEY, verifySign1 } from './cose/sign1';
import type { CoseSymmetricKey } from './cose/symmetricKey';
import { VerifyingKey } from './cose/verifyingKey';
import type { EncStringText } from './encString';
import { openBytes } from './open';
import { importPrivateKey, type PrivateKey } from './rsa';

/** What an account with V2 encryption has beside its user key, as the server hands it out. */
export interface WrappedAccountState {
  /** PKCS#8 under the user key. */
  readonly privateKey: EncStringText;
  /** COSE_Key under the user key. */
  readonly signingKey: EncStringText;
  /** COSE_Sign1, base64. Older servers may not send it. */
  readonly signedPublicKey: string | undefined;
  /** COSE_Sign1, base64. */
  readonly securityState: string;
}

/** What is to be had from it. */
export interface AccountState {
  readonly privateKey: PrivateKey;
  /**
   * From 2 on, addresses of items without a fitting checksum are not to be believed
   * (sdk:crates/bitwarden-core/src/key_management/security_state.rs).
   */
  readonly securityVersion: number;
}

/**
 * Opens what is encrypted under the user key, and verifies the rest with the signing key that was among it. Whoever
 * lacks the user key cannot have changed any of it. A server can still send an older state of the same account: that
 * passes, too (sdk:crates/bitwarden-core/src/key_management/account_cryptographic_state.rs).
 *
 * @param userKey stays the caller's to wipe.
 * @returns the private key, which node:crypto holds, and the version that is signed.
 * @throws as openBytes; WrongKeyError, SignatureError, CoseFormatError and UnsupportedEncryptionError as verifySign1
 * and VerifyingKey.ofSigningKey; DecryptionError when the private key is not one of RSA.
 */
export function openAccountState(wrapped: WrappedAccountState, userKey: CoseSymmetricKey): AccountState {
  const verifyingKey = openVerifyingKey(wrapped.signingKey, userKey);
  if (wrapped.signedPublicKey !== undefined) checkSignedPublicKey(wrapped.signedPublicKey, verifyingKey);
  const state = asMap(verifySign1(decodeBase64(wrapped.securityState), verifyingKey, SECURITY_STATE));
  const securityVersion = state.get('version');
  if (typeof securityVersion !== 'number') throw new CoseFormatError('security version');
  const pkcs8 = openBytes(wrapped.privateKey, userKey, 'privateKey');
  try {
    return { privateKey: importPrivateKey(pkcs8), securityVersion };
  } finally {
    wipe(pkcs8);
  }
}

function openVerifyingKey(wrapped: EncStringText, userKey: CoseSymmetricKey): VerifyingKey {
  const signingKey = openBytes(wrapped, userKey, 'coseKey');
  try {
    return VerifyingKey.ofSigningKey(signingKey);
  } finally {
    wipe(signingKey);
  }
}

/**
 * Checks that the signed key is for RSA-OAEP with SHA-1, in the form of SPKI: no others exist
 * (sdk:crates/bitwarden-crypto/src/keys/signed_public_key.rs).
 *
 * @param signed base64 of a COSE_Sign1.
 * @throws as verifySign1; CoseFormatError for another algorithm or form.
 */
function checkSignedPublicKey(signed: string, verifyingKey: VerifyingKey): void {
  const message = asMap(verifySign1(decodeBase64(signed), verifyingKey, SIGNED_PUBLIC_KEY));
  if (message.get('algorithm') !== 0 || message.get('contentFormat') !== 0) throw new CoseFormatError('public key');
  try {
    createPublicKey({ key: asBuffer(asBytes(message.get('publicKey'))), format: 'der', type: 'spki' });
  } catch {
    throw new CoseFormatError('public key');
  }
}

function decodeBase64(text: string): Buffer {
  const bytes = publicBytesOf(text, 'base64');
  if (bytes.toString('base64') !== text) throw new CoseFormatError('base64');
  return bytes;
}
