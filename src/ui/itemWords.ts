import * as vscode from 'vscode';
import { printable } from '../base/printable';
import type { ItemType, TypeFieldName } from '../bitwarden/wire/itemTypes';
import type { ItemIcon } from './codicon';

interface TypeWords {
  readonly icon: ItemIcon;
  one(): string;
  /** For the groups of the tree. */
  many(): string;
}

const types: Readonly<Record<ItemType, TypeWords>> = {
  login: { icon: 'globe', one: () => vscode.l10n.t('Login'), many: () => vscode.l10n.t('Logins') },
  secureNote: { icon: 'note', one: () => vscode.l10n.t('Secure note'), many: () => vscode.l10n.t('Secure notes') },
  card: { icon: 'credit-card', one: () => vscode.l10n.t('Card'), many: () => vscode.l10n.t('Cards') },
  identity: { icon: 'person', one: () => vscode.l10n.t('Identity'), many: () => vscode.l10n.t('Identities') },
  sshKey: { icon: 'key', one: () => vscode.l10n.t('SSH key'), many: () => vscode.l10n.t('SSH keys') },
  bankAccount: {
    icon: 'vaultside-bank',
    one: () => vscode.l10n.t('Bank account'),
    many: () => vscode.l10n.t('Bank accounts'),
  },
  driversLicense: {
    icon: 'dashboard',
    one: () => vscode.l10n.t("Driver's license"),
    many: () => vscode.l10n.t("Driver's licenses"),
  },
  passport: { icon: 'book', one: () => vscode.l10n.t('Passport'), many: () => vscode.l10n.t('Passports') },
  unknown: { icon: 'question', one: () => vscode.l10n.t('Unknown type'), many: () => vscode.l10n.t('Unknown types') },
};

export function itemIcon(type: ItemType): ItemIcon {
  return types[type].icon;
}

export function typeName(type: ItemType): string {
  return types[type].one();
}

export function typeGroupName(type: ItemType): string {
  return types[type].many();
}

/** The fields of all types, and `fullName`: no item stores it, but custom fields can be linked to it. */
type Named = TypeFieldName | 'fullName';

const words: Readonly<Record<Named, () => string>> = {
  username: () => vscode.l10n.t('Username'),
  password: () => vscode.l10n.t('Password'),
  totp: () => vscode.l10n.t('TOTP code'),
  cardholderName: () => vscode.l10n.t('Cardholder name'),
  brand: () => vscode.l10n.t('Brand'),
  number: () => vscode.l10n.t('Number'),
  expMonth: () => vscode.l10n.t('Expiration month'),
  expYear: () => vscode.l10n.t('Expiration year'),
  code: () => vscode.l10n.t('Security code'),
  title: () => vscode.l10n.t('Title'),
  firstName: () => vscode.l10n.t('First name'),
  middleName: () => vscode.l10n.t('Middle name'),
  lastName: () => vscode.l10n.t('Last name'),
  address1: () => vscode.l10n.t('Address 1'),
  address2: () => vscode.l10n.t('Address 2'),
  address3: () => vscode.l10n.t('Address 3'),
  city: () => vscode.l10n.t('City / Town'),
  state: () => vscode.l10n.t('State / Province'),
  postalCode: () => vscode.l10n.t('ZIP / Postal code'),
  country: () => vscode.l10n.t('Country'),
  company: () => vscode.l10n.t('Company'),
  email: () => vscode.l10n.t('Email'),
  phone: () => vscode.l10n.t('Phone'),
  ssn: () => vscode.l10n.t('Social Security number'),
  passportNumber: () => vscode.l10n.t('Passport number'),
  licenseNumber: () => vscode.l10n.t('License number'),
  privateKey: () => vscode.l10n.t('Private key'),
  publicKey: () => vscode.l10n.t('Public key'),
  keyFingerprint: () => vscode.l10n.t('Fingerprint'),
  pin: () => vscode.l10n.t('PIN'),
  iban: () => vscode.l10n.t('IBAN'),
  swiftCode: () => vscode.l10n.t('SWIFT code'),
  bankName: () => vscode.l10n.t('Bank name'),
  nameOnAccount: () => vscode.l10n.t('Name on account'),
  accountType: () => vscode.l10n.t('Account type'),
  accountNumber: () => vscode.l10n.t('Account number'),
  routingNumber: () => vscode.l10n.t('Routing number'),
  branchNumber: () => vscode.l10n.t('Branch number'),
  bankContactPhone: () => vscode.l10n.t('Bank phone'),
  dateOfBirth: () => vscode.l10n.t('Date of birth'),
  issuingCountry: () => vscode.l10n.t('Issuing country'),
  issuingState: () => vscode.l10n.t('Issuing state'),
  issueDate: () => vscode.l10n.t('Issue date'),
  expirationDate: () => vscode.l10n.t('Expiration date'),
  issuingAuthority: () => vscode.l10n.t('Issuing authority'),
  licenseClass: () => vscode.l10n.t('License class'),
  surname: () => vscode.l10n.t('Surname'),
  givenName: () => vscode.l10n.t('Given name'),
  sex: () => vscode.l10n.t('Sex'),
  birthPlace: () => vscode.l10n.t('Place of birth'),
  nationality: () => vscode.l10n.t('Nationality'),
  passportType: () => vscode.l10n.t('Passport type'),
  nationalIdentificationNumber: () => vscode.l10n.t('National identification number'),
  fullName: () => vscode.l10n.t('Full name'),
};

/**
 * What people call a field of an item's type. The name comes from a server and may be anything, such as `constructor`.
 */
export function fieldWord(name: string): string {
  return Object.hasOwn(words, name) ? words[name as Named]() : inWords(name);
}

/** `somethingNew` of a future server reads "Something new", and `newURL` "New URL". */
function inWords(name: string): string {
  const parts = printable(name).split(/(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  const text = parts.map((part) => (/^[A-Z][a-z]/.test(part) ? part.toLowerCase() : part)).join(' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
