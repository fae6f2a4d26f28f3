import * as vscode from 'vscode';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Session } from '../../account/session';
import { systemClock } from '../adapters';
import { toError } from '../../base/thrown';
import { sync } from '../commands/sync';
import type { ItemAction, ItemCommand } from '../itemActions';
import type { OpenKeys } from '../openKeys';
import { onDidChangePresenting } from '../presentation';
import { workspaceHosts } from '../workspace/workspaceHosts';
import { CodeTitle, type CodeTitles } from './codeTitle';
import type { ItemButton, ItemChoice } from './choices';
import { type Everywhere, resultsEverywhere } from './everywhere';
import { emptyResults, results } from './results';
import type { Beginning } from './rows';
import type { SearchKey } from './searchKeys';

export interface ItemPickerOptions {
  readonly placeholder: string;
  /** Says what Enter does with an item. */
  readonly title: string | CodeTitles;
  /** Tells which items the command can be used on. The others are not offered. */
  matches?(item: Item): boolean;
  /** Gives the rows buttons; the picker stays open when one is pressed. */
  onButton?(item: Item, action: ItemAction, session: Session): void;
  /** What the list begins with while nothing is typed. */
  next?(vault: OpenVault): Beginning['next'];
  /** Has the keys of a search do something with the active row. */
  readonly keys?: OpenKeys<SearchKey>;
  /** Offers to search all accounts whose vaults are open. */
  readonly everywhere?: Everywhere | undefined;
}

export interface PickedItem {
  /** Of the account whose item it is. */
  readonly session: Session;
  readonly item: Item;
  /** The key that it was picked by; undefined for Enter. */
  readonly key: SearchKey | undefined;
  /** What the row says that Enter does; undefined where it says nothing. */
  readonly onEnter: ItemCommand | undefined;
}

/** Lets the user search for an item. Shows the hundred best matches, so that it is quick in a large vault, too. */
export function pickItem(
  session: Session,
  vault: OpenVault,
  options: ItemPickerOptions,
): Promise<PickedItem | undefined> {
  // The matches come in the right order already. VS Code honours the property, which is missing in its typings.
  const pick: vscode.QuickPick<ItemChoice> & { sortByLabel?: boolean } = vscode.window.createQuickPick<ItemChoice>();
  pick.sortByLabel = false;
  const { title, everywhere } = options;
  const codeTitle = typeof title === 'string' ? undefined : new CodeTitle(pick, title, systemClock);
  if (typeof title === 'string') pick.title = title;
  pick.placeholder = options.placeholder;
  const matches = (item: Item) => options.matches?.(item) ?? true;
  const withButtons = options.onButton !== undefined;
  const allButton: vscode.QuickInputButton = {
    iconPath: new vscode.ThemeIcon('organization'),
    tooltip: vscode.l10n.t('Search All Accounts'),
  };
  if (everywhere !== undefined) pick.buttons = [allButton];
  let isEverywhere = false;
  let hosts: readonly string[] = [];
  const hostsKnown = soon(workspaceHosts()).then((known) => (hosts = known ?? hosts));

  let asked = 0;
  /** The rows are not those of what is typed. */
  let isBehind = true;
  /**
   * Enter, or another key, was pressed while the rows were behind. It is meant for the best match of what was typed by
   * then.
   */
  let pending: { readonly key: SearchKey | undefined } | undefined;

  async function* lists(query: string): AsyncGenerator<readonly ItemChoice[], void> {
    const accounts = isEverywhere ? everywhere?.accounts() : undefined;
    if (accounts !== undefined) {
      yield await resultsEverywhere(query, accounts, { hosts, matches, withButtons });
      return;
    }
    // A sync may have opened the vault anew.
    const searched = session.state.kind === 'unlocked' ? session.state.vault : vault;
    if (query.trim() !== '') {
      const moment = { hosts, recent: session.itemUse.likeliest() };
      yield* results(query, { vault: searched, moment, matches, withButtons });
      return;
    }
    void searched.prepareSearch();
    await hostsKnown;
    const moment = { hosts, recent: session.itemUse.recent() };
    yield await emptyResults({ vault: searched, moment, matches, withButtons }, options.next?.(searched));
  }

  /** Until VS Code has drawn the new rows it still names one of the former rows as active. */
  const activeRow = () => pick.activeItems.find((each) => pick.items.includes(each));

  /** @param goesOn the list begins as the one that is there. */
  const show = (choices: readonly ItemChoice[], goesOn: boolean) => {
    const active = goesOn ? activeRow() : undefined;
    const kept = active && choices.find((each) => each === active || isSameWayOn(each, active));
    pick.keepScrollPosition = goesOn;
    pick.items = choices;
    if (kept !== undefined) pick.activeItems = [kept];
  };

  /** Takes the code off the screen first: VS Code keeps the title of what is closed, out of sight. */
  const close = () => {
    codeTitle?.dispose();
    pick.hide();
  };

  return new Promise((resolve, reject) => {
    const take = (choice: ItemChoice | undefined, key: SearchKey | undefined) => {
      const row = choice?.row;
      if (row === undefined) return;
      const { item, onEnter } = row;
      resolve({ session: row.session ?? session, item, key, onEnter: key === undefined ? onEnter : undefined });
      close();
    };
    const firstRow = () => pick.items.find(({ row }) => row !== undefined);
    const fail = (error: unknown) => {
      reject(toError(error));
      close();
    };
    const takePending = () => {
      const pressed = pending;
      pending = undefined;
      if (pressed !== undefined) take(firstRow(), pressed.key);
    };
    const search = async (query: string) => {
      const number = ++asked;
      pending = undefined;
      isBehind = true;
      pick.busy = true;
      for await (const choices of lists(query)) {
        if (number !== asked) return;
        show(choices, !isBehind);
        isBehind = false;
        takePending();
      }
      if (number === asked) pick.busy = false;
    };
    const searchOrFail = (query: string) => void search(query).catch(fail);
    const press = (key: SearchKey | undefined) => {
      pending = isBehind ? { key } : undefined;
      if (isBehind) return;
      const active = activeRow();
      if (active?.leadsTo === undefined) take(active ?? firstRow(), key);
      else if (key === undefined) goOn(active.leadsTo);
    };
    const goOn = (leadsTo: NonNullable<ItemChoice['leadsTo']>) => {
      switch (leadsTo) {
        case 'sync':
          pick.busy = true;
          // Not by the command: another account may be in use by now.
          void sync(session).then(() => searchOrFail(pick.value), fail);
          return;
        case 'archive':
          pick.value = `is:archived ${pick.value.trim()}`;
          searchOrFail(pick.value);
      }
    };
    const closing = vscode.Disposable.from(
      session.onDidLock(close),
      // It shows what it was given before.
      onDidChangePresenting((isOn) => (isOn ? close() : undefined)),
      // The list may have its items.
      ...(everywhere === undefined ? [] : [everywhere.onDidLock(() => (isEverywhere ? close() : undefined))]),
    );
    const keys = options.keys?.begin(press);
    pick.onDidChangeValue(searchOrFail);
    pick.onDidAccept(() => press(undefined));
    pick.onDidTriggerButton((button) => {
      if (button !== allButton) return;
      isEverywhere = true;
      pick.buttons = [];
      pick.placeholder = vscode.l10n.t('Search all accounts that are unlocked');
      searchOrFail(pick.value);
    });
    pick.onDidTriggerItemButton(({ item, button }) => {
      if (item.row !== undefined) {
        options.onButton?.(item.row.item, (button as ItemButton).action, item.row.session ?? session);
      }
    });
    pick.onDidChangeActive(([active]) => {
      const row = active?.row;
      const hasCode = row?.actions.some(({ value }) => value === 'totp') === true;
      codeTitle?.follow(hasCode ? { item: row.item, session: row.session ?? session } : undefined);
    });
    pick.onDidHide(() => {
      codeTitle?.dispose();
      asked++;
      keys?.dispose();
      resolve(undefined);
      closing.dispose();
      pick.dispose();
    });
    searchOrFail('');
    pick.show();
  });
}

function isSameWayOn(one: ItemChoice, other: ItemChoice): boolean {
  return one.leadsTo !== undefined && one.leadsTo === other.leadsTo;
}

/** Folders may be on a machine that does not answer. A list that a person waits for opens all the same. */
const LONGEST_WAIT_MS = 200;

function soon<T>(coming: Promise<T>): Promise<T | undefined> {
  return Promise.race([coming, new Promise<undefined>((resolve) => setTimeout(resolve, LONGEST_WAIT_MS, undefined))]);
}
