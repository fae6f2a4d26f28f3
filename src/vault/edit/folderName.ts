import type { EncStringText } from '../../bitwarden/crypto/encString';
import { sealText } from '../../bitwarden/crypto/seal';
import { TooLongError } from '../errors';
import type { Keyring } from '../keyring';

/** In characters, encrypted (server: src/Api/Vault/Models/Request/FolderRequestModel.cs). */
const LONGEST = 1000;

/**
 * Encrypts the name of a folder under the user key, as official clients do (clients:
 * libs/common/src/vault/services/folder/folder.service.ts).
 *
 * @param name nested by "/".
 * @throws LockedError; TooLongError where the server would not take it.
 */
export function sealFolderName(name: string, keyring: Keyring): EncStringText {
  const sealed = sealText(name, keyring.userKey);
  if (sealed.length > LONGEST) throw new TooLongError('folderName');
  return sealed;
}
