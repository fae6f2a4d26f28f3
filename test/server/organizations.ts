import { constants, publicEncrypt, randomUUID, type KeyObject } from 'node:crypto';
import { newApiKey } from './apiKey';
import type { Account, StoredPolicy } from './model';
import { sealText } from '../../src/bitwarden/crypto/seal';
import { generateKey } from '../support/keys';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';

export interface PlainOrganization {
  readonly name: string;
  readonly collections?: readonly (string | PlainCollection)[];
  readonly enabled?: boolean;
  readonly useTotp?: boolean;
  readonly limitItemDeletion?: boolean;
  readonly policies?: readonly PlainPolicy[];
}

interface PlainCollection {
  readonly name: string;
  readonly readOnly?: boolean;
  readonly hidePasswords?: boolean;
}

interface PlainPolicy {
  readonly type: number;
  readonly enabled?: boolean;
  readonly data?: StoredPolicy['data'];
}

function wrapByRsa(key: SymmetricKey, publicKey: KeyObject): string {
  const options = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' };
  return `4.${publicEncrypt(options, key.bytes).toString('base64')}`;
}

/** Makes the organisation, and makes the account a member of it. */
export function joinOrganization(account: Account, plain: PlainOrganization, publicKey: KeyObject): void {
  const key = generateKey();
  const id = randomUUID();
  account.organizations.push({
    id,
    name: plain.name,
    enabled: plain.enabled ?? true,
    wrappedKey: wrapByRsa(key, publicKey),
    plainKey: Buffer.from(key.bytes).toString('base64'),
    apiKey: newApiKey(),
    useTotp: plain.useTotp ?? true,
    limitItemDeletion: plain.limitItemDeletion ?? false,
  });
  for (const entry of plain.collections ?? []) {
    const { name, readOnly = false, hidePasswords = false } = typeof entry === 'string' ? { name: entry } : entry;
    const sealed = sealText(name, key);
    account.collections.push({ id: randomUUID(), organizationId: id, name: sealed, readOnly, hidePasswords });
  }
  for (const { type, enabled = true, data = null } of plain.policies ?? []) {
    account.policies.push({ id: randomUUID(), organizationId: id, type, enabled, data });
  }
}
