/** An item type on the wire (server: src/Core/Vault/Enums/CipherType.cs, src/Api/Vault/Models/Cipher*Model.cs). */
export interface ItemType {
  readonly number: number;
  /** The name of the member that holds the object of the type. Tests call the type by it, too. */
  readonly name: string;
  /** The members that this object may have. */
  readonly fields: readonly string[];
}

const words = (text: string) => text.trim().split(/\s+/);

export const itemTypes = [
  {
    number: 1,
    name: 'login',
    fields: words('uri uris username password passwordRevisionDate totp autofillOnPageLoad fido2Credentials'),
  },
  { number: 2, name: 'secureNote', fields: ['type'] },
  { number: 3, name: 'card', fields: words('cardholderName brand number expMonth expYear code') },
  {
    number: 4,
    name: 'identity',
    fields: words(`title firstName middleName lastName address1 address2 address3 city state postalCode country company
      email phone ssn username passportNumber licenseNumber`),
  },
  { number: 5, name: 'sshKey', fields: words('privateKey publicKey keyFingerprint') },
  {
    number: 6,
    name: 'bankAccount',
    fields: words(`bankName nameOnAccount accountType accountNumber routingNumber branchNumber pin swiftCode iban
      bankContactPhone`),
  },
  {
    number: 7,
    name: 'driversLicense',
    fields: words(`firstName middleName lastName dateOfBirth licenseNumber issuingCountry issuingState issueDate
      expirationDate issuingAuthority licenseClass`),
  },
  {
    number: 8,
    name: 'passport',
    fields: words(`surname givenName dateOfBirth sex birthPlace nationality issuingCountry passportNumber passportType
      nationalIdentificationNumber issuingAuthority issueDate expirationDate`),
  },
] as const satisfies readonly ItemType[];

export type ItemTypeName = (typeof itemTypes)[number]['name'];

const byNumber = new Map<number, ItemType>(itemTypes.map((type) => [type.number, type]));

/** Undefined for a number that no type has. */
export function itemType(number: number): ItemType | undefined {
  return byNumber.get(number);
}
