import { type CborValue, encodeCbor } from '../../src/bitwarden/crypto/cose/cbor';
import { sealDataEnvelope, VAULT_ITEM } from '../../src/bitwarden/crypto/cose/dataEnvelope';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { wrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { itemTypeOf } from '../../src/bitwarden/wire/itemTypes';
import { fieldTypes, type PlainItem, typeNumber } from '../server/items';

/** A value of JSON as CBOR, without the members that are undefined. */
export function cborOf(value: unknown): CborValue {
  if (Array.isArray(value)) return value.map(cborOf);
  if (typeof value !== 'object' || value === null) return value as CborValue;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return new Map(entries.map(([name, each]) => [name, cborOf(each)]));
}

/** `data` of an item that is sealed as a whole (sdk:crates/bitwarden-vault/src/cipher/blob/sealed.rs). */
export function sealContent(content: unknown, cipherKey: SymmetricKey): string {
  const sealed = sealDataEnvelope(encodeCbor(cborOf(content)), VAULT_ITEM);
  return JSON.stringify({
    format_version: 1,
    wrapped_cek: wrapSymmetricKey(sealed.contentKey, cipherKey),
    envelope: Buffer.from(sealed.envelope).toString('base64'),
  });
}

/** As the newest clients seal an item, under a key of its own. */
export function sealItem(item: PlainItem, cipherKey: SymmetricKey): string {
  const { username, password, totp, details, notes, passkeys, passwordChanged } = item;
  const type = itemTypeOf(typeNumber(item))?.name;
  const uris = (item.uris ?? []).map((entry) => (typeof entry === 'string' ? { uri: entry, match: null } : entry));
  const { keyFingerprint, ...others } = details ?? {};
  const fields = (item.fields ?? []).map((field) => ({
    name: field.name,
    value: field.type === 'linked' ? null : (field.value ?? null),
    type: fieldTypes[field.type ?? 'text'],
    linkedId: field.linkedId ?? null,
  }));
  const typeData = {
    type,
    ...(type === 'login'
      ? { username, password, totp, uris, fido2Credentials: passkeys, passwordRevisionDate: passwordChanged }
      : {}),
    ...(type === 'secureNote' ? { secureNoteType: 0 } : {}),
    ...others,
    fingerprint: keyFingerprint,
  };
  const content = { name: item.name, notes: notes ?? null, typeData, fields, passwordHistory: item.passwordHistory };
  return sealContent({ version: '1', content }, cipherKey);
}
