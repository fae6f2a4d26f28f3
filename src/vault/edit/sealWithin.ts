import type { EncStringText } from '../../bitwarden/crypto/encString';
import type { SymmetricKey } from '../../bitwarden/crypto/keys';
import { sealText } from '../../bitwarden/crypto/seal';
import { type LimitedText, TooLongError } from '../errors';

/** In characters, encrypted (server: src/Api/Vault/Models/Request/CipherRequestModel.cs, FolderRequestModel.cs). */
const USUAL = 1000;
const LONG = 5000;
const LONGEST = 10_000;
const LONG_CONTENT: ReadonlySet<string> = new Set(['password', 'privateKey', 'publicKey']);

/**
 * Encrypts a text that the server takes up to some length.
 *
 * @param what it is, which decides on the length.
 * @param key stays the caller's to wipe.
 * @throws TooLongError; as sealText.
 */
export function sealWithin(text: string, key: SymmetricKey, what: LimitedText): EncStringText {
  const sealed = sealText(text, key);
  if (sealed.length > mostOf(what)) throw new TooLongError(what);
  return sealed;
}

function mostOf(what: LimitedText): number {
  if (typeof what === 'string') return USUAL;
  switch (what.kind) {
    case 'content':
      return LONG_CONTENT.has(what.name) ? LONG : USUAL;
    case 'custom':
    case 'formerPassword':
      return LONG;
    case 'uri':
    case 'notes':
      return LONGEST;
    case 'customName':
      return USUAL;
  }
}
