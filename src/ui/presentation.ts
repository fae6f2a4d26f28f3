import * as vscode from 'vscode';
import { Emitter } from '../base/event';
import { printable } from '../base/printable';
import { serverHost } from '../bitwarden/http/servers';
import type { Account } from '../account/state';
import type { Field } from '../vault/fields';
import type { Item } from '../vault/items';
import { endOfCardNumber, listedValue, notesToRead, type ReadableVault } from '../vault/read';
import { commandTitle } from './commands/commandId';
import { presenting, SECTION } from './settings';

/**
 * What may be on the screen. In presentation mode that is no value of an item, whether it is a secret or not, and nothing
 * that tells whose account it is; names of items and where they are stay. Whatever is shown of a value or an account is
 * asked for here: lint lets no other file of ui/ read the open values, usernames of items, and addresses.
 */

/** Kept, since every row asks. Undefined: nobody follows the setting, and it is read each time. */
let kept: boolean | undefined;
const changed = new Emitter<boolean>();

/** Presentation mode was turned on (true) or off, in this window or another. */
export const onDidChangePresenting = changed.event;

/** Follows the setting, until what it returns is disposed of. Lists and boxes of ours close when the mode is turned on. */
export function followPresentationMode(): vscode.Disposable {
  kept = presenting();
  const following = vscode.workspace.onDidChangeConfiguration((change) => {
    if (!change.affectsConfiguration(SECTION) || presenting() === kept) return;
    kept = presenting();
    changed.fire(kept);
  });
  return vscode.Disposable.from(following, { dispose: () => (kept = undefined) });
}

export function isPresenting(): boolean {
  return kept ?? presenting();
}

/** Turns the mode on or off, in the settings of the user: in all their windows. */
export async function present(on: boolean): Promise<void> {
  await vscode.workspace
    .getConfiguration(SECTION)
    .update('presentationMode', on || undefined, vscode.ConfigurationTarget.Global);
}

/** Said wherever something is missing because of it. */
export function presentationNote(): string {
  return vscode.l10n.t('Presentation mode: values are hidden');
}

/** Said to who asks to see a value, or a file, meanwhile. */
export async function refuseToShow(what: 'value' | 'file' = 'value'): Promise<void> {
  const turnOff = 'vaultside.turnOffPresentationMode';
  const chosen = await vscode.window.showInformationMessage(
    what === 'value'
      ? vscode.l10n.t('Nothing is shown in presentation mode. Copy the value instead, or turn the mode off.')
      : vscode.l10n.t('Nothing is shown in presentation mode. Save the file instead, or turn the mode off.'),
    commandTitle(turnOff),
  );
  if (chosen !== undefined) await vscode.commands.executeCommand(turnOff);
}

/** A value that may be read without being asked for; see listedValue. */
export function openValue(vault: ReadableVault, item: Pick<Item, 'id'>, field: Field): string | undefined {
  return isPresenting() ? undefined : listedValue(vault, item, field);
}

/** See notesToRead. */
export function openNotes(vault: ReadableVault, item: Pick<Item, 'id' | 'reprompt'>, field: Field): string | undefined {
  return isPresenting() ? undefined : notesToRead(vault, item, field);
}

/** See endOfCardNumber. */
export function openCardEnd(vault: ReadableVault, item: Pick<Item, 'id' | 'reprompt'>, field: Field): string {
  return isPresenting() ? '' : endOfCardNumber(vault, item, field);
}

/** The username beside the name of an item, or nothing. */
export function openUsername({ username }: Pick<Item, 'username'>): string {
  return isPresenting() ? '' : printable(username ?? '');
}

/** Names within an item, of passkeys and attachments, are told unless the item asks for the master password. */
export function hidesNames({ reprompt }: Pick<Item, 'reprompt'>): boolean {
  return reprompt || isPresenting();
}

/** What a sentence calls the account: its e-mail address. */
export function accountName({ email }: Pick<Account, 'email'>): string {
  return isPresenting() ? vscode.l10n.t('your account') : printable(email);
}

/**
 * What tells an account from others: its e-mail address, with the server where that is the same, too.
 *
 * @param all the accounts that are here, in an order that stays.
 */
export function accountTitle(account: Account, all: readonly Account[]): string {
  const number = all.findIndex(({ id }) => id === account.id) + 1;
  if (isPresenting()) return vscode.l10n.t('Account {0}', number);
  const email = printable(account.email);
  const isAlone = all.every(({ id, email: other }) => id === account.id || other !== account.email);
  return isAlone ? email : `${email} (${serverHost(account.servers)})`;
}

/** The client_id of an API key in a sentence. It has the id of the user in it. */
export function openClientId(clientId: string): string {
  return isPresenting() ? 'user.…' : clientId;
}
