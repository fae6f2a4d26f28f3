import { WrongKeyError } from '../errors';
import type { AesCbcHmacKey } from './aesCbcHmac';
import type { CoseSymmetricKey } from './cose/symmetricKey';
import type { EncStringText } from './encString';
import { isSameKey, type SymmetricKey } from './keys';
import { unwrapSymmetricKey } from './keyWrapping';

/**
 * What is left of an account's change from V1 to V2 encryption: each of its two user keys, encrypted under the other
 * one.
 */
export interface UpgradeToken {
  /** The V1 key under the V2 key. */
  readonly wrappedUserKey1: EncStringText;
  /** The V2 key under the V1 key. */
  readonly wrappedUserKey2: EncStringText;
}

/**
 * Opens the V2 user key with the V1 key. The V1 key must be encrypted under the V2 key as well: that shows that whoever
 * made the token had both (sdk:crates/bitwarden-core/src/key_management/v2_upgrade_token.rs).
 *
 * @param v1Key stays the caller's to wipe.
 * @returns the V2 key, the caller's to wipe.
 * @throws as unwrapSymmetricKey; WrongKeyError when the two keys do not belong together.
 */
export function openUpgradeToken(token: UpgradeToken, v1Key: AesCbcHmacKey): CoseSymmetricKey {
  const v2Key = unwrapSymmetricKey(token.wrappedUserKey2, v1Key);
  let back: SymmetricKey | undefined;
  try {
    if (v2Key.kind === 'aesCbcHmac') throw new WrongKeyError('no V2 key');
    back = unwrapSymmetricKey(token.wrappedUserKey1, v2Key);
    if (!isSameKey(back, v1Key)) throw new WrongKeyError('keys that do not belong together');
    return v2Key;
  } catch (error) {
    v2Key.wipe();
    throw error;
  } finally {
    back?.wipe();
  }
}
