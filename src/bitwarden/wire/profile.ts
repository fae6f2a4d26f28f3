import type { EncStringText } from '../crypto/encString';
import { MalformedAnswerError } from '../errors';
import { readMembers, smallElement } from './boundedJson';
import type { Organization, Profile, SignedState } from './model';
import { flag, identifier, integer, object, objects, required, nonEmptyText, type WireObject } from './wireObject';

/**
 * The most organisations that are read, more than anybody is in: each costs a private-key operation at every unlock.
 */
const MOST_ORGANIZATIONS = 500;

/**
 * Reads the profile of an account (server: src/Api/Models/Response/ProfileResponseModel.cs).
 *
 * @param bytes UTF-8, the profile object of a sync or of `accounts/profile`.
 * @param host for error messages.
 * @throws MalformedAnswerError for anything but a JSON object, and without id or e-mail.
 */
export function readProfile(bytes: Uint8Array, host: string): Profile {
  const from = membersOf(bytes, host);
  return {
    id: required(identifier(from, 'id'), host, 'profile.id'),
    email: required(nonEmptyText(from, 'email'), host, 'profile.email'),
    securityStamp: nonEmptyText(from, 'securityStamp'),
    key: nonEmptyText(from, 'key'),
    privateKey: nonEmptyText(from, 'privateKey') ?? privateKeyOfAccountKeys(from),
    signed: signedStateFrom(object(from, 'accountKeys')),
    organizations: objects(from, 'organizations').flatMap(organizationFrom),
  };
}

function membersOf(bytes: Uint8Array, host: string): WireObject {
  try {
    return readMembers(bytes, smallElement, MOST_ORGANIZATIONS);
  } catch {
    throw new MalformedAnswerError(host, 'profile');
  }
}

/** Where it is once servers leave out `privateKey`, which they call obsolete (server: PrivateKeysResponseModel.cs). */
function privateKeyOfAccountKeys(from: WireObject): EncStringText | undefined {
  const accountKeys = object(from, 'accountKeys');
  const keyPair = accountKeys && object(accountKeys, 'publicKeyEncryptionKeyPair');
  return keyPair && nonEmptyText(keyPair, 'wrappedPrivateKey');
}

/** Both are there, or neither is (server: PrivateKeysResponseModel.cs). */
function signedStateFrom(accountKeys: WireObject | undefined): SignedState | undefined {
  const part = (name: string) => (accountKeys && object(accountKeys, name)) ?? {};
  const signingKey = nonEmptyText(part('signatureKeyPair'), 'wrappedSigningKey');
  const securityState = nonEmptyText(part('securityState'), 'securityState');
  if (signingKey === undefined || securityState === undefined) return undefined;
  return {
    signingKey,
    securityState,
    signedPublicKey: nonEmptyText(part('publicKeyEncryptionKeyPair'), 'signedPublicKey'),
  };
}

/** server: src/Core/AdminConsole/Enums/OrganizationUserType.cs. The others are members with more or less to say. */
const roles = new Map<number, Organization['role']>([
  [0, 'owner'],
  [1, 'admin'],
]);

function organizationFrom(from: WireObject): Organization[] {
  const id = identifier(from, 'id');
  if (id === undefined) return [];
  return [
    {
      id,
      name: nonEmptyText(from, 'name') ?? '',
      enabled: flag(from, 'enabled') ?? true,
      role: roles.get(integer(from, 'type') ?? -1) ?? 'member',
      usePolicies: flag(from, 'usePolicies') ?? true,
      key: nonEmptyText(from, 'key'),
    },
  ];
}
