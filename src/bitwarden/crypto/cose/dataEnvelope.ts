import type { SecretBytes } from '../../../base/secretBytes';
import { CoseFormatError } from '../../errors';
import { openEncrypt0, parseEncrypt0, sealEncrypt0 } from './encrypt0';
import { CoseSymmetricKey } from './symmetricKey';

/** Labels and values of the protected header (sdk:crates/bitwarden-crypto/src/cose/mod.rs). */
const OBJECT_NAMESPACE = -80002;
const CONTENT_NAMESPACE = -80001;
const DATA_ENVELOPE = 2;

/**
 * What an envelope is for. It is part of what is authenticated, so that no envelope can be taken for one of another
 * purpose (sdk:crates/bitwarden-crypto/src/safe/data_envelope_namespace.rs).
 */
export const VAULT_ITEM = 1;

/**
 * Opens a data envelope: CBOR of a whole item, sealed with a key of its own that seals nothing else
 * (sdk:crates/bitwarden-crypto/src/safe/data_envelope.rs).
 *
 * @param envelope COSE_Encrypt0.
 * @param contentKey AES-256-GCM, as written today; XAES-256-GCM or XChaCha20-Poly1305 in older ones.
 * @param namespace what it has to be for.
 * @returns CBOR without padding, the caller's to wipe.
 * @throws as parseEncrypt0 and openEncrypt0; CoseFormatError also for an envelope that is for something else.
 */
export function openDataEnvelope(envelope: Uint8Array, contentKey: CoseSymmetricKey, namespace: number): SecretBytes {
  const message = parseEncrypt0(envelope);
  if (message.header.get(OBJECT_NAMESPACE) !== DATA_ENVELOPE || message.header.get(CONTENT_NAMESPACE) !== namespace) {
    throw new CoseFormatError('another namespace');
  }
  return openEncrypt0(message, contentKey, ['paddedCbor']).content;
}

/**
 * The reverse of {@link openDataEnvelope}, with AES-256-GCM and a new key.
 *
 * @param content CBOR without padding; stays the caller's to wipe.
 * @param namespace what it is for.
 * @returns the envelope, a COSE_Encrypt0, and its key, which can only decrypt from now on; the caller wraps and wipes
 * it.
 */
export function sealDataEnvelope(
  content: Uint8Array,
  namespace: number,
): { readonly envelope: Uint8Array; readonly contentKey: CoseSymmetricKey } {
  const key = CoseSymmetricKey.generate('aes256Gcm');
  const envelope = sealEncrypt0(content, 'paddedCbor', key, [
    [OBJECT_NAMESPACE, DATA_ENVELOPE],
    [CONTENT_NAMESPACE, namespace],
  ]);
  return { envelope, contentKey: key.forDecryptionOnly() };
}
