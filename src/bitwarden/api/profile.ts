import type { EncStringText } from '../crypto/encString';
import type { Organization, Profile } from './model';
import { flag, identifier, object, objects, required, text, type WireObject } from './reader';

/** Each costs a private-key operation at every unlock; nobody is in so many. */
const MOST_ORGANIZATIONS = 500;

/**
 * @param from the profile object of a sync or of `accounts/profile`
 * (server: src/Api/Models/Response/ProfileResponseModel.cs).
 * @throws MalformedAnswerError without id or e-mail.
 */
export function profileFrom(from: WireObject, host: string): Profile {
  return {
    id: required(identifier(from, 'id'), host, 'profile.id'),
    email: required(text(from, 'email'), host, 'profile.email'),
    securityStamp: text(from, 'securityStamp'),
    key: text(from, 'key'),
    privateKey: text(from, 'privateKey') ?? privateKeyOfAccountKeys(from),
    organizations: objects(from, 'organizations').slice(0, MOST_ORGANIZATIONS).flatMap(organizationFrom),
  };
}

/** Where it is once servers leave out `privateKey`, which they call obsolete (server: PrivateKeysResponseModel.cs). */
function privateKeyOfAccountKeys(from: WireObject): EncStringText | undefined {
  const accountKeys = object(from, 'accountKeys');
  const keyPair = accountKeys && object(accountKeys, 'publicKeyEncryptionKeyPair');
  return keyPair && text(keyPair, 'wrappedPrivateKey');
}

function organizationFrom(from: WireObject): Organization[] {
  const id = identifier(from, 'id');
  if (id === undefined) return [];
  return [{ id, name: text(from, 'name') ?? '', enabled: flag(from, 'enabled') ?? true, key: text(from, 'key') }];
}
