import type * as vscode from 'vscode';
import type { Field, Item } from '../vault/items';
import { printable } from './untrustedText';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** Of one length for every secret, so that it tells nothing. */
export const MASK = '••••••••';

export function itemName(item: Item, l10n: L10n): string {
  const name = printable(item.name ?? '');
  return name === '' ? (item.name === undefined ? l10n.t('(cannot be opened)') : l10n.t('(no name)')) : name;
}

export function itemIcon(type: Item['type']): string {
  switch (type) {
    case 'login':
      return 'globe';
    case 'secureNote':
      return 'note';
    case 'card':
      return 'credit-card';
    case 'identity':
      return 'person';
    case 'sshKey':
      return 'terminal';
    case 'bankAccount':
      return 'home';
    case 'driversLicense':
    case 'passport':
      return 'book';
    case 'unknown':
      return 'question';
  }
}

export function typeName(type: Item['type'], l10n: L10n): string {
  switch (type) {
    case 'login':
      return l10n.t('Login');
    case 'secureNote':
      return l10n.t('Secure note');
    case 'card':
      return l10n.t('Card');
    case 'identity':
      return l10n.t('Identity');
    case 'sshKey':
      return l10n.t('SSH key');
    case 'bankAccount':
      return l10n.t('Bank account');
    case 'driversLicense':
      return l10n.t("Driver's licence");
    case 'passport':
      return l10n.t('Passport');
    case 'unknown':
      return l10n.t('Unknown type');
  }
}

/** The same in the plural, for the groups of the tree. */
export function typeGroupName(type: Item['type'], l10n: L10n): string {
  switch (type) {
    case 'login':
      return l10n.t('Logins');
    case 'secureNote':
      return l10n.t('Secure notes');
    case 'card':
      return l10n.t('Cards');
    case 'identity':
      return l10n.t('Identities');
    case 'sshKey':
      return l10n.t('SSH keys');
    case 'bankAccount':
      return l10n.t('Bank accounts');
    case 'driversLicense':
      return l10n.t("Driver's licences");
    case 'passport':
      return l10n.t('Passports');
    case 'unknown':
      return l10n.t('Unknown types');
  }
}

export function fieldLabel({ label, key }: Pick<Field, 'label' | 'key'>, l10n: L10n): string {
  if (label.kind === 'custom') return printable(label.name) || l10n.t('(no name)');
  const number = /^uri\.(\d+)$/.exec(key)?.[1];
  if (number !== undefined && number !== '0') return l10n.t('Address {0}', Number(number) + 1);
  const name = label.name.slice(label.name.lastIndexOf('.') + 1);
  const names = standardNames(l10n);
  // A server chooses the name, `constructor` for instance.
  return (Object.hasOwn(names, name) ? names[name] : undefined) ?? inWords(name);
}

function standardNames(l10n: L10n): Partial<Record<string, string>> {
  return {
    username: l10n.t('Username'),
    password: l10n.t('Password'),
    totp: l10n.t('TOTP code'),
    uri: l10n.t('Address'),
    notes: l10n.t('Notes'),
    cardholderName: l10n.t('Cardholder name'),
    brand: l10n.t('Brand'),
    number: l10n.t('Number'),
    expMonth: l10n.t('Expiry month'),
    expYear: l10n.t('Expiry year'),
    code: l10n.t('Security code'),
    title: l10n.t('Title'),
    firstName: l10n.t('First name'),
    middleName: l10n.t('Middle name'),
    lastName: l10n.t('Last name'),
    address1: l10n.t('Address line 1'),
    address2: l10n.t('Address line 2'),
    address3: l10n.t('Address line 3'),
    city: l10n.t('Town'),
    state: l10n.t('State or county'),
    postalCode: l10n.t('Postcode'),
    country: l10n.t('Country'),
    company: l10n.t('Company'),
    email: l10n.t('E-mail'),
    phone: l10n.t('Phone'),
    ssn: l10n.t('National Insurance or social security number'),
    passportNumber: l10n.t('Passport number'),
    licenseNumber: l10n.t('Licence number'),
    privateKey: l10n.t('Private key'),
    publicKey: l10n.t('Public key'),
    keyFingerprint: l10n.t('Fingerprint'),
    pin: l10n.t('PIN'),
    iban: l10n.t('IBAN'),
    swiftCode: l10n.t('SWIFT code'),
    bankName: l10n.t('Bank name'),
    nameOnAccount: l10n.t('Name on account'),
    accountType: l10n.t('Account type'),
    accountNumber: l10n.t('Account number'),
    routingNumber: l10n.t('Routing number'),
    branchNumber: l10n.t('Branch number'),
    bankContactPhone: l10n.t('Bank phone'),
    dateOfBirth: l10n.t('Date of birth'),
    issuingCountry: l10n.t('Issuing country'),
    issuingState: l10n.t('Issuing state'),
    issueDate: l10n.t('Issue date'),
    expirationDate: l10n.t('Expiry date'),
    issuingAuthority: l10n.t('Issuing authority'),
    licenseClass: l10n.t('Licence class'),
    surname: l10n.t('Surname'),
    givenName: l10n.t('Given name'),
    sex: l10n.t('Sex'),
    birthPlace: l10n.t('Place of birth'),
    nationality: l10n.t('Nationality'),
    passportType: l10n.t('Passport type'),
    nationalIdentificationNumber: l10n.t('National identification number'),
  };
}

/** `somethingNew` of a future server reads "Something new". */
function inWords(name: string): string {
  const words = printable(
    name.replace(/([a-z\d])([A-Z])/g, (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`),
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
