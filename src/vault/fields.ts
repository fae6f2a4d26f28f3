import type { Cipher } from '../bitwarden/api/model';
import type { EncStringText } from '../bitwarden/crypto/encString';
import { itemType } from './items';

/** A value of a cipher that can be read: where its encrypted text is and how it may be shown. */
export interface FieldSource {
  readonly key: string;
  readonly name:
    | { readonly kind: 'standard'; readonly name: string }
    | { readonly kind: 'custom'; readonly text: EncStringText | undefined };
  readonly value: EncStringText;
  readonly secret: boolean;
  /** Official clients keep these from users who may not view passwords (clients: copy-cipher-field.service.ts). */
  readonly withheld: boolean;
  /** For URIs of ciphers that have a key of their own: the encrypted checksum that has to fit. */
  readonly checksum?: EncStringText | undefined;
}

/**
 * Wire names of `details` that may show: what people say aloud or print on paper. All others are masked, those of the
 * future too.
 */
const OPEN_DETAILS = new Set([
  ...['cardholderName', 'brand', 'expMonth', 'expYear'],
  ...['title', 'firstName', 'middleName', 'lastName', 'username', 'company', 'email', 'phone'],
  ...['address1', 'address2', 'address3', 'city', 'state', 'postalCode', 'country'],
  ...['publicKey', 'keyFingerprint'],
  ...['bankName', 'nameOnAccount', 'accountType', 'branchNumber', 'swiftCode', 'bankContactPhone'],
  ...['issuingCountry', 'issuingState', 'issueDate', 'expirationDate', 'issuingAuthority', 'licenseClass'],
  ...['surname', 'givenName', 'nationality', 'passportType'],
]);

const LINKED_FIELD_TYPE = 3;
/** Text and boolean; hidden ones and types from the future are secret. */
const OPEN_FIELD_TYPES = new Set([0, 2]);

/** All values of a cipher, in the order in which they are listed. Empty values are left out. */
export function fieldSources(cipher: Cipher): FieldSource[] {
  if (cipher.unsupported) return [];
  const { login, viewPassword } = cipher;
  const sources: FieldSource[] = [];
  const add = (key: string, value: EncStringText | undefined, options: Partial<FieldSource> = {}) => {
    if (value === undefined) return;
    sources.push({ key, name: { kind: 'standard', name: key }, value, secret: false, withheld: false, ...options });
  };

  add('username', login?.username);
  add('password', login?.password, { secret: true, withheld: !viewPassword });
  add('totp', login?.totp, { secret: true, withheld: !viewPassword });
  login?.uris.forEach(({ uri, uriChecksum }, index) =>
    add(`uri.${index}`, uri, {
      name: { kind: 'standard', name: 'uri' },
      checksum: cipher.key === undefined ? undefined : (uriChecksum ?? ''),
    }),
  );
  const type = itemType(cipher);
  for (const [name, value] of Object.entries(cipher.details)) {
    const secret = !OPEN_DETAILS.has(name);
    add(`${type}.${name}`, value, { secret, withheld: secret && !viewPassword });
  }
  add('notes', cipher.notes, { secret: true });
  cipher.fields.forEach((field, index) => {
    if (field.type === LINKED_FIELD_TYPE) return;
    const secret = !OPEN_FIELD_TYPES.has(field.type);
    add(`custom.${index}`, field.value, {
      name: { kind: 'custom', text: field.name },
      secret,
      withheld: secret && !viewPassword,
    });
  });
  return sources;
}
