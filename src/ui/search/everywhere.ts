import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Event } from '../../base/event';
import { TimeSlices } from '../../base/timeSlices';
import type { OpenVault } from '../../vault/openVault';
import { withoutIcons } from '../untrustedText';
import { choicesOf, type ItemChoice } from './choices';
import { emptySections, type ResultOptions } from './results';
import { foundRows, groupsOf, type ItemRow, MOST_ROWS, type RowGroup, type Sections } from './rows';

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

/**
 * The list of a search over several accounts, with the name of the account in each row: what each has found, one after the
 * other, or while nothing is typed the sections of all.
 */
export async function resultsEverywhere(
  query: string,
  accounts: readonly SearchedAccount[],
  { withButtons, ...options }: Options,
): Promise<readonly ItemChoice[]> {
  const groups = query.trim() === '' ? await beginning(accounts, options) : await found(query, accounts, options);
  const choices = choicesOf(groups, withButtons);
  return choices.length > 0 ? choices : [{ label: vscode.l10n.t('No item matches'), alwaysShow: true }];
}

type RowsOptions = Omit<Options, 'withButtons'>;

async function found(
  query: string,
  accounts: readonly SearchedAccount[],
  { matches, hosts }: RowsOptions,
): Promise<readonly RowGroup[]> {
  const most = Math.floor(MOST_ROWS / accounts.length);
  const rows: ItemRow[] = [];
  for (const account of accounts) {
    const { session, vault } = account;
    const items = await vault.searchAll(query, { hosts, recent: session.itemUse.likeliest() });
    rows.push(...ofAccount(account, await foundRows(items, most, { vault, matches, slices: new TimeSlices() })));
  }
  return [{ title: undefined, rows }];
}

async function beginning(
  accounts: readonly SearchedAccount[],
  { matches, hosts }: RowsOptions,
): Promise<readonly RowGroup[]> {
  const each: { readonly account: SearchedAccount; readonly sections: Sections }[] = [];
  for (const account of accounts) {
    const { session, vault } = account;
    const moment = { hosts, recent: session.itemUse.recent() };
    const sections = await emptySections({ vault, moment, matches }, undefined, 1 / accounts.length);
    each.push({ account, sections });
  }
  const of = (name: keyof Sections) => each.flatMap(({ account, sections }) => ofAccount(account, sections[name]));
  const lastUse = ({ session, item }: ItemRow) => session?.itemUse.lastUse(item.id) ?? 0;
  return groupsOf({
    next: [],
    workspace: of('workspace'),
    recent: of('recent').sort((one, other) => lastUse(other) - lastUse(one)),
    favorites: of('favorites'),
    all: of('all'),
  });
}

function ofAccount({ session, name }: SearchedAccount, rows: readonly ItemRow[]): ItemRow[] {
  const title = withoutIcons(name);
  return rows.map((row) => ({
    ...row,
    session,
    description: [row.description, title].filter(Boolean).join(' · '),
  }));
}
