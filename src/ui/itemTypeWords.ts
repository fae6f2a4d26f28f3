import type * as vscode from 'vscode';
import type { ItemType } from '../bitwarden/itemTypes';
import type { Codicon } from './codicon';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

interface TypeWords {
  readonly icon: Codicon;
  one(l10n: L10n): string;
  /** For the groups of the tree. */
  many(l10n: L10n): string;
}

const types: Readonly<Record<ItemType, TypeWords>> = {
  login: { icon: 'globe', one: (l10n) => l10n.t('Login'), many: (l10n) => l10n.t('Logins') },
  secureNote: { icon: 'note', one: (l10n) => l10n.t('Secure note'), many: (l10n) => l10n.t('Secure notes') },
  card: { icon: 'credit-card', one: (l10n) => l10n.t('Card'), many: (l10n) => l10n.t('Cards') },
  identity: { icon: 'person', one: (l10n) => l10n.t('Identity'), many: (l10n) => l10n.t('Identities') },
  sshKey: { icon: 'terminal', one: (l10n) => l10n.t('SSH key'), many: (l10n) => l10n.t('SSH keys') },
  bankAccount: { icon: 'home', one: (l10n) => l10n.t('Bank account'), many: (l10n) => l10n.t('Bank accounts') },
  driversLicense: {
    icon: 'book',
    one: (l10n) => l10n.t("Driver's licence"),
    many: (l10n) => l10n.t("Driver's licences"),
  },
  passport: { icon: 'book', one: (l10n) => l10n.t('Passport'), many: (l10n) => l10n.t('Passports') },
  unknown: { icon: 'question', one: (l10n) => l10n.t('Unknown type'), many: (l10n) => l10n.t('Unknown types') },
};

export function itemIcon(type: ItemType): Codicon {
  return types[type].icon;
}

export function typeName(type: ItemType, l10n: L10n): string {
  return types[type].one(l10n);
}

export function typeGroupName(type: ItemType, l10n: L10n): string {
  return types[type].many(l10n);
}
