/** A value that every item of a type may have, by the name that the wire has for it. */
interface TypeField {
  readonly name: string;
  /** Shown unmasked: what people say aloud or print on paper. Fields that are not in this table are masked. */
  readonly open: boolean;
  /** The number by which custom fields refer to it (sdk: crates/bitwarden-vault/src/cipher/linked_id.rs). */
  readonly linkedId?: number | undefined;
}

interface ItemTypeRow {
  readonly number: number;
  /** What the wire calls the object that holds the content. */
  readonly name: string;
  /** In the order in which they are listed. The addresses of a login are apart, since there may be many. */
  readonly fields: readonly TypeField[];
}

const open = <const Name extends string>(name: Name, linkedId?: number) => ({ name, open: true, linkedId });
const masked = <const Name extends string>(name: Name, linkedId?: number) => ({ name, open: false, linkedId });

/**
 * The types of items, in the order in which they are listed (server: src/Core/Vault/Enums/CipherType.cs,
 * src/Api/Vault/Models/Response/CipherResponseModel.cs). A type is added here; the type check then asks for its words
 * and its icon, and a test for an item that goes through a server.
 */
export const itemTypes = [
  { number: 1, name: 'login', fields: [open('username', 100), masked('password', 101), masked('totp')] },
  { number: 2, name: 'secureNote', fields: [] },
  {
    number: 3,
    name: 'card',
    fields: [
      open('cardholderName', 300),
      open('brand', 304),
      masked('number', 305),
      open('expMonth', 301),
      open('expYear', 302),
      masked('code', 303),
    ],
  },
  {
    number: 4,
    name: 'identity',
    fields: [
      open('title', 400),
      open('firstName', 416),
      open('middleName', 401),
      open('lastName', 417),
      open('username', 413),
      open('company', 409),
      masked('ssn', 412),
      masked('passportNumber', 414),
      masked('licenseNumber', 415),
      open('email', 410),
      open('phone', 411),
      open('address1', 402),
      open('address2', 403),
      open('address3', 404),
      open('city', 405),
      open('state', 406),
      open('postalCode', 407),
      open('country', 408),
    ],
  },
  { number: 5, name: 'sshKey', fields: [masked('privateKey'), open('publicKey'), open('keyFingerprint')] },
  {
    number: 6,
    name: 'bankAccount',
    fields: [
      open('bankName'),
      open('nameOnAccount'),
      open('accountType'),
      masked('accountNumber'),
      masked('routingNumber'),
      open('branchNumber'),
      masked('pin'),
      open('swiftCode'),
      masked('iban'),
      open('bankContactPhone'),
    ],
  },
  {
    number: 7,
    name: 'driversLicense',
    fields: [
      open('firstName'),
      open('middleName'),
      open('lastName'),
      masked('dateOfBirth'),
      masked('licenseNumber'),
      open('issuingCountry'),
      open('issuingState'),
      open('issueDate'),
      open('expirationDate'),
      open('issuingAuthority'),
      open('licenseClass'),
    ],
  },
  {
    number: 8,
    name: 'passport',
    fields: [
      open('surname'),
      open('givenName'),
      masked('dateOfBirth'),
      masked('sex'),
      masked('birthPlace'),
      open('nationality'),
      open('issuingCountry'),
      masked('passportNumber'),
      open('passportType'),
      masked('nationalIdentificationNumber'),
      open('issuingAuthority'),
      open('issueDate'),
      open('expirationDate'),
    ],
  },
] as const satisfies readonly ItemTypeRow[];

/** The types that are in the table. */
export type KnownItemType = (typeof itemTypes)[number]['name'];

/** `unknown`: the server has a type that is not in the table. */
export type ItemType = KnownItemType | 'unknown';

/** Every value that we have a word for. */
export type TypeFieldName = (typeof itemTypes)[number]['fields'][number]['name'];

const rows: readonly (ItemTypeRow & { readonly name: KnownItemType })[] = itemTypes;

/** The row of the type with this number. Undefined for a number that is not in the table. */
export function itemTypeOf(number: number): (typeof rows)[number] | undefined {
  return rows.find((row) => row.number === number);
}

/** The name of the type with this number. Undefined for a number that is not in the table. */
export function nameOfType(number: number): KnownItemType | undefined {
  return itemTypeOf(number)?.name;
}

/** The row of a type. */
export function rowOfType(type: KnownItemType): (typeof rows)[number] {
  const row = rows.find(({ name }) => name === type);
  if (row === undefined) throw new RangeError('no such type');
  return row;
}

/**
 * The number by which a custom field is linked to a value: the reverse of {@link linkedField}.
 *
 * @returns undefined for a value that none can be linked to.
 */
export function linkedIdOf(number: number, name: string): number | undefined {
  const row = itemTypeOf(number);
  if (row?.name === 'identity' && name === 'fullName') return FULL_NAME;
  return row?.fields.find((field) => field.name === name)?.linkedId;
}

/**
 * The value that a linked custom field of an item stands for (sdk: crates/bitwarden-vault/src/cipher/linked_id.rs).
 *
 * @param number of the item's type.
 * @returns the name in the table, or `fullName`; undefined for numbers that are none of its type.
 */
export function linkedField(number: number, linkedId: number | undefined): string | undefined {
  if (linkedId === undefined) return undefined;
  if (itemTypeOf(number)?.name === 'identity' && linkedId === FULL_NAME) return 'fullName';
  return itemTypeOf(number)?.fields.find((field) => field.linkedId === linkedId)?.name;
}

/** First, middle and last name together, which is no value of its own. */
const FULL_NAME = 418;
