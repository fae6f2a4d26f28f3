import * as vscode from 'vscode';
import type { Event } from '../../base/event';
import type { Clock, Disposable } from '../../base/ports';
import type { FieldRef } from '../../vault/fields';
import { isContent } from '../../vault/fields';
import type { OpenVault } from '../../vault/openVault';
import { itemAction, type ItemCommand } from '../itemActions';
import { fieldWord } from '../itemWords';
import { itemName } from '../labels';
import { withoutIcons } from '../untrustedText';
import type { Beginning } from './rows';

/** A login takes less; a minute later the user most likely wants something else. */
const OFFERED_MS = 60_000;

/** What was copied of an item. */
export interface Copied {
  /** Of the account that it is an item of: two servers may know the same items. */
  readonly accountId: string | undefined;
  readonly itemId: string;
  readonly ref: FieldRef;
}

export interface FollowUpParts {
  readonly onDidCopy: Event<Copied>;
  readonly onDidLock: Event<unknown>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * What comes after what was copied: after a username the password, after a password the one-time code. For a minute, and
 * until the vault locks.
 */
export class FollowUp implements Disposable {
  #last: (Copied & { readonly at: number }) | undefined;
  readonly #subscriptions: readonly Disposable[];

  constructor(private readonly parts: FollowUpParts) {
    this.#subscriptions = [
      parts.onDidCopy((copied) => (this.#last = { ...copied, at: parts.clock.now() })),
      parts.onDidLock(() => (this.#last = undefined)),
    ];
  }

  next(accountId: string | undefined, vault: Pick<OpenVault, 'item' | 'thoseThere'>): Beginning['next'] {
    if (this.#last === undefined) return undefined;
    const { itemId, ref, at } = this.#last;
    if (this.#last.accountId !== accountId) return undefined;
    const passed = this.parts.clock.now() - at;
    const item = vault.item(itemId);
    if (item === undefined || passed < 0 || passed >= OFFERED_MS) return undefined;
    const command = commandsAfter(ref).find((each) => vault.thoseThere(itemId, [itemAction(each)]).length > 0);
    if (command === undefined) return undefined;
    const name = withoutIcons(itemName(item));
    const word = fieldWord(command === 'vaultside.copyTotp' ? 'totp' : 'password');
    return { item, command, label: vscode.l10n.t('{0} of {1}', word, name) };
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }
}

function commandsAfter(ref: FieldRef): readonly ItemCommand[] {
  if (isContent(ref, 'username')) return ['vaultside.copyPassword', 'vaultside.copyTotp'];
  return isContent(ref, 'password') ? ['vaultside.copyTotp'] : [];
}
