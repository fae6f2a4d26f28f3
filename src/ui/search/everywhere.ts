import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Event } from '../../base/event';
import { TimeSlices } from '../../base/timeSlices';
import type { OpenVault } from '../../vault/openVault';
import { withoutIcons } from '../untrustedText';
import { choicesOf, type ItemChoice } from './choices';
import type { ResultOptions } from './results';
import { foundRows, MOST_ROWS } from './rows';

/** An account whose vault is open. */
export interface SearchedAccount {
  readonly session: Session;
  readonly name: string;
  readonly vault: OpenVault;
}

/** For a search over all accounts. */
export interface Everywhere {
  /** Those whose vaults are open now. */
  accounts(): readonly SearchedAccount[];
  /** One of them was locked. */
  readonly onDidLock: Event<unknown>;
}

type Options = Pick<ResultOptions, 'matches' | 'withButtons'> & { readonly hosts: readonly string[] };

/** The list of a search over several accounts: what each has, one after the other, with the name of the account in each row. */
export async function resultsEverywhere(
  query: string,
  accounts: readonly SearchedAccount[],
  { matches, withButtons, hosts }: Options,
): Promise<readonly ItemChoice[]> {
  const most = Math.floor(MOST_ROWS / accounts.length);
  const choices: ItemChoice[] = [];
  for (const { session, name, vault } of accounts) {
    const items = await vault.searchAll(query, { hosts, recent: session.itemUse.likeliest() });
    const rows = await foundRows(items, most, { vault, matches, slices: new TimeSlices() });
    const title = withoutIcons(name);
    const own = choicesOf([{ title: undefined, rows }], withButtons);
    choices.push(...own.map((choice) => ofAccount(choice, session, title)));
  }
  return choices.length > 0 ? choices : [{ label: vscode.l10n.t('No item matches'), alwaysShow: true }];
}

function ofAccount(choice: ItemChoice, session: Session, title: string): ItemChoice {
  return { ...choice, session, description: [choice.description, title].filter(Boolean).join(' · ') };
}
