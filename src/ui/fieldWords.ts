import type * as vscode from 'vscode';
import { printable } from '../base/printable';
import type { TypeFieldName } from '../bitwarden/itemTypes';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** `fullName` is none of its own, but custom fields can stand for it. */
type Named = TypeFieldName | 'fullName';

const words: Readonly<Record<Named, (l10n: L10n) => string>> = {
  username: (l10n) => l10n.t('Username'),
  password: (l10n) => l10n.t('Password'),
  totp: (l10n) => l10n.t('TOTP code'),
  cardholderName: (l10n) => l10n.t('Cardholder name'),
  brand: (l10n) => l10n.t('Brand'),
  number: (l10n) => l10n.t('Number'),
  expMonth: (l10n) => l10n.t('Expiry month'),
  expYear: (l10n) => l10n.t('Expiry year'),
  code: (l10n) => l10n.t('Security code'),
  title: (l10n) => l10n.t('Title'),
  firstName: (l10n) => l10n.t('First name'),
  middleName: (l10n) => l10n.t('Middle name'),
  lastName: (l10n) => l10n.t('Last name'),
  address1: (l10n) => l10n.t('Address line 1'),
  address2: (l10n) => l10n.t('Address line 2'),
  address3: (l10n) => l10n.t('Address line 3'),
  city: (l10n) => l10n.t('Town'),
  state: (l10n) => l10n.t('State or county'),
  postalCode: (l10n) => l10n.t('Postcode'),
  country: (l10n) => l10n.t('Country'),
  company: (l10n) => l10n.t('Company'),
  email: (l10n) => l10n.t('E-mail'),
  phone: (l10n) => l10n.t('Phone'),
  ssn: (l10n) => l10n.t('National Insurance or social security number'),
  passportNumber: (l10n) => l10n.t('Passport number'),
  licenseNumber: (l10n) => l10n.t('Licence number'),
  privateKey: (l10n) => l10n.t('Private key'),
  publicKey: (l10n) => l10n.t('Public key'),
  keyFingerprint: (l10n) => l10n.t('Fingerprint'),
  pin: (l10n) => l10n.t('PIN'),
  iban: (l10n) => l10n.t('IBAN'),
  swiftCode: (l10n) => l10n.t('SWIFT code'),
  bankName: (l10n) => l10n.t('Bank name'),
  nameOnAccount: (l10n) => l10n.t('Name on account'),
  accountType: (l10n) => l10n.t('Account type'),
  accountNumber: (l10n) => l10n.t('Account number'),
  routingNumber: (l10n) => l10n.t('Routing number'),
  branchNumber: (l10n) => l10n.t('Branch number'),
  bankContactPhone: (l10n) => l10n.t('Bank phone'),
  dateOfBirth: (l10n) => l10n.t('Date of birth'),
  issuingCountry: (l10n) => l10n.t('Issuing country'),
  issuingState: (l10n) => l10n.t('Issuing state'),
  issueDate: (l10n) => l10n.t('Issue date'),
  expirationDate: (l10n) => l10n.t('Expiry date'),
  issuingAuthority: (l10n) => l10n.t('Issuing authority'),
  licenseClass: (l10n) => l10n.t('Licence class'),
  surname: (l10n) => l10n.t('Surname'),
  givenName: (l10n) => l10n.t('Given name'),
  sex: (l10n) => l10n.t('Sex'),
  birthPlace: (l10n) => l10n.t('Place of birth'),
  nationality: (l10n) => l10n.t('Nationality'),
  passportType: (l10n) => l10n.t('Passport type'),
  nationalIdentificationNumber: (l10n) => l10n.t('National identification number'),
  fullName: (l10n) => l10n.t('Full name'),
};

/** What people call a value of an item's type; a server chooses the name, `constructor` for instance. */
export function fieldWord(name: string, l10n: L10n): string {
  return Object.hasOwn(words, name) ? words[name as Named](l10n) : inWords(name);
}

/** `somethingNew` of a future server reads "Something new", and `newURL` "New URL". */
function inWords(name: string): string {
  const parts = printable(name).split(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  const text = parts.map((part) => (/^[A-Z][a-z]/.test(part) ? part.toLowerCase() : part)).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
