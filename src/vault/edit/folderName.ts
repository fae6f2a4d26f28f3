import type { EncStringText } from '../../bitwarden/crypto/encString';
import type { Keyring } from '../keyring';
import { sealWithin } from './sealWithin';

/**
 * Encrypts the name of a folder under the user key, as official clients do (clients:
 * libs/common/src/vault/services/folder/folder.service.ts).
 *
 * @param name nested by "/".
 * @throws LockedError; TooLongError where the server would not take it.
 */
export function sealFolderName(name: string, keyring: Keyring): EncStringText {
  return sealWithin(name, keyring.userKey, 'folderName');
}
