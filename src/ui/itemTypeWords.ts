import * as vscode from 'vscode';
import type { ItemType } from '../bitwarden/wire/itemTypes';
import type { Codicon } from './codicon';

interface TypeWords {
  readonly icon: Codicon;
  one(): string;
  /** For the groups of the tree. */
  many(): string;
}

const types: Readonly<Record<ItemType, TypeWords>> = {
  login: { icon: 'globe', one: () => vscode.l10n.t('Login'), many: () => vscode.l10n.t('Logins') },
  secureNote: { icon: 'note', one: () => vscode.l10n.t('Secure note'), many: () => vscode.l10n.t('Secure notes') },
  card: { icon: 'credit-card', one: () => vscode.l10n.t('Card'), many: () => vscode.l10n.t('Cards') },
  identity: { icon: 'person', one: () => vscode.l10n.t('Identity'), many: () => vscode.l10n.t('Identities') },
  sshKey: { icon: 'terminal', one: () => vscode.l10n.t('SSH key'), many: () => vscode.l10n.t('SSH keys') },
  bankAccount: { icon: 'home', one: () => vscode.l10n.t('Bank account'), many: () => vscode.l10n.t('Bank accounts') },
  driversLicense: {
    icon: 'book',
    one: () => vscode.l10n.t("Driver's licence"),
    many: () => vscode.l10n.t("Driver's licences"),
  },
  passport: { icon: 'book', one: () => vscode.l10n.t('Passport'), many: () => vscode.l10n.t('Passports') },
  unknown: { icon: 'question', one: () => vscode.l10n.t('Unknown type'), many: () => vscode.l10n.t('Unknown types') },
};

export function itemIcon(type: ItemType): Codicon {
  return types[type].icon;
}

export function typeName(type: ItemType): string {
  return types[type].one();
}

export function typeGroupName(type: ItemType): string {
  return types[type].many();
}
