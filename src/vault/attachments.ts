import { randomBytes } from 'node:crypto';
import { takeSecret } from '../base/secretBytes';
import { attempt } from '../base/thrown';
import { AesCbcHmacKey } from '../bitwarden/crypto/aesCbcHmac';
import type { EncStringText } from '../bitwarden/crypto/encString';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../bitwarden/crypto/keyWrapping';
import { openText } from '../bitwarden/crypto/open';
import type { Cipher } from '../bitwarden/wire/model';
import { sealWithin } from './edit/sealWithin';
import { NotAllowedError, NotReadableError, RepromptRequiredError } from './errors';
import type { Keyring } from './keyring';
import { MasterPasswordProof } from './masterPasswordProof';

/** What opens the file of an attachment. */
export interface AttachmentKey {
  /** The caller's to wipe. */
  readonly key: SymmetricKey;
  /** As its author has called it; undefined where that does not open. */
  readonly name: string | undefined;
}

/**
 * The key of a file: its own, which is under the key of the item, or in files of the first years that of the user or the
 * organisation (sdk:crates/bitwarden-vault/src/cipher/attachment.rs). An organisation that hides values from a user lets them
 * have the files, as it does in official clients.
 *
 * @throws LockedError; RepromptRequiredError for an item with reprompt, unless a proof is given; NotReadableError where there
 * is no such file, or the item is of a shape that we do not know; as Keyring.withCipherKey and unwrapSymmetricKey.
 */
export function attachmentKey(
  cipher: Cipher,
  attachmentId: string,
  keyring: Keyring,
  proof?: MasterPasswordProof,
): AttachmentKey {
  keyring.assertOpen();
  const attachment = cipher.attachments.find(({ id }) => id === attachmentId);
  if (attachment === undefined || cipher.unsupported) throw new NotReadableError('no such file');
  if (cipher.reprompt && !MasterPasswordProof.isFor(keyring, proof)) throw new RepromptRequiredError('reprompt');
  const { fileName, key: wrapped } = attachment;
  return keyring.withCipherKey(cipher, (itemKey) => ({
    name: fileName && attempt(() => openText(fileName, itemKey)),
    key: wrapped === undefined ? keyring.copyOuterKey(cipher) : unwrapSymmetricKey(wrapped, itemKey),
  }));
}

/** What is told of a new file beside its size. */
export interface SealedAttachment {
  readonly key: EncStringText;
  readonly fileName: EncStringText;
  /** Of the item, as received. */
  readonly lastKnownRevisionDate: string | undefined;
}

/**
 * Makes a key for a new file: of 64 bytes, in accounts of both generations, as official clients do (clients:
 * libs/key-management/src/key.service.ts, makeDataEncKey).
 *
 * @returns `fileKey` is the caller's to wipe.
 * @throws LockedError; NotAllowedError; NotReadableError for an item of a shape that we do not know; TooLongError; as
 * Keyring.withCipherKey.
 */
export function sealAttachment(
  cipher: Cipher,
  name: string,
  keyring: Keyring,
): { readonly fileKey: AesCbcHmacKey; readonly sealed: SealedAttachment } {
  keyring.assertOpen();
  if (cipher.unsupported) throw new NotReadableError('unsupported');
  if (!cipher.mayEdit) throw new NotAllowedError('attach');
  return keyring.withCipherKey(cipher, (itemKey) => {
    const fileName = sealWithin(name, itemKey, 'fileName');
    const fileKey = AesCbcHmacKey.take(takeSecret(randomBytes(64)));
    try {
      const key = wrapSymmetricKey(fileKey, itemKey);
      return { fileKey, sealed: { key, fileName, lastKnownRevisionDate: cipher.revisionDate } };
    } catch (error) {
      fileKey.wipe();
      throw error;
    }
  });
}
