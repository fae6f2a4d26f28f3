import * as vscode from 'vscode';
import { TimeSlices } from '../../base/timeSlices';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { codeToShow } from '../../vault/read';
import type { Clock } from '../../base/ports';
import type { Sessions } from '../../account/sessions';
import { nameIn } from '../accountNames';
import { commandTitle } from '../commands/commandId';
import { formatTime } from '../labels';
import { onDidChangePresenting } from '../presentation';
import { mayShowCodes } from '../shownCodes';
import { describeNode, type Row } from './describe';
import { ItemDragging } from './dragItems';
import type { Expansion } from './expansion';
import { LiveCodes } from './liveCodes';
import { treeMessage } from './message';
import { FILTERED, childNodes, groupNodes, itemNodes, type VaultNode } from './nodes';

interface Filter {
  readonly query: string;
  readonly found: readonly Item[];
}

/** The vault as a tree: its groups, or what the filter has found. Shows nothing unless the vault is unlocked. */
export class VaultTree implements vscode.TreeDataProvider<VaultNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<VaultNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #filterChanged = new vscode.EventEmitter<undefined>();
  /** A filter was set or taken away. */
  readonly onDidChangeFilter = this.#filterChanged.event;

  readonly #view: vscode.TreeView<VaultNode>;
  readonly #subscription: vscode.Disposable;
  readonly #slices = new TimeSlices();
  readonly #codes: LiveCodes;
  /** Of the view, as the manifest has it. */
  readonly #title: string | undefined;
  #vault: OpenVault | undefined;
  /** Those that are signed in. */
  #accountIds: readonly (string | undefined)[] = [];
  /** Whose vault it is. */
  #accountId: string | undefined;
  /** The last three, the latest one last. */
  #selections: readonly (readonly VaultNode[])[] = [];
  #filter: Filter | undefined;
  /** Counts the queries, so that a search under way notices that a later one has begun. */
  #typed = 0;

  constructor(
    private readonly sessions: Sessions,
    private readonly expansion: Expansion,
    clock: Clock,
  ) {
    this.#view = vscode.window.createTreeView('vaultside.vault', {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: new ItemDragging(() => this.#accountId),
    });
    this.#title = this.#view.title;
    this.#codes = new LiveCodes({
      clock,
      read: async ({ item, field }) => this.#vault && codeToShow(this.#vault, item, field, () => clock.now()),
      redraw: (node) => this.#changed.fire(node),
      mayShow: () => this.#view.visible && mayShowCodes(),
    });
    this.#subscription = vscode.Disposable.from(
      this.#view,
      this.#changed,
      this.#filterChanged,
      sessions.onDidChange(() => this.#update()),
      onDidChangePresenting(() => this.#refresh()),
      this.#view.onDidChangeSelection(({ selection }) => {
        this.#selections = [...this.#selections.slice(-2), selection];
      }),
      this.#view.onDidExpandElement(({ element }) => this.#toggled(element, true)),
      this.#view.onDidCollapseElement(({ element }) => this.#toggled(element, false)),
      this.#view.onDidChangeVisibility(() => this.#codes.update()),
      vscode.window.onDidChangeWindowState(() => this.#codes.update()),
    );
    this.#update();
  }

  get filterQuery(): string | undefined {
    return this.#filter?.query;
  }

  /**
   * The row that has the keyboard focus, which VS Code does not tell. The key bindings have it toggled in the selection
   * twice, which changes nothing that is seen: it is the one by which the last selection but one differs.
   */
  get focused(): VaultNode | undefined {
    const [now = [], toggled = [], before = []] = this.#selections.toReversed();
    const only = (some: readonly VaultNode[], others: readonly VaultNode[]) =>
      some.filter(({ path }) => others.every((other) => other.path !== path));
    const isBack = only(before, now).length === 0 && only(now, before).length === 0;
    const [row, ...others] = [...only(toggled, now), ...only(now, toggled)];
    return isBack && row !== undefined && others.length === 0 ? row : this.#view.selection[0];
  }

  /** The rows that are selected. */
  get selection(): readonly VaultNode[] {
    return this.#view.selection;
  }

  async setFilter(query: string): Promise<void> {
    const vault = this.#vault;
    if (vault === undefined) return;
    const number = ++this.#typed;
    // The tree shows what is archived and trashed, so its filter finds that, too.
    const found = query.trim() === '' ? undefined : await vault.searchAll(query, { putAway: true });
    if (vault !== this.#vault || number !== this.#typed) return;
    this.#filter = found && { query, found };
    this.#filterChanged.fire(undefined);
    this.#refresh();
  }

  async getChildren(node?: VaultNode): Promise<VaultNode[]> {
    const vault = this.#vault;
    if (vault === undefined) return [];
    // VS Code also asks by itself, after each sync. So this does not count as use of the vault, which would put off the
    // lock.
    if (node !== undefined) {
      const below = childNodes(node, vault);
      this.#codes.asked(node, below);
      return [...below];
    }
    if (this.#filter !== undefined) return [...itemNodes(this.#filter.found, FILTERED)];
    const groups = await groupNodes(vault);
    // The vault may have been locked while the groups were made; then none of them is shown.
    return vault === this.#vault ? [...groups] : [];
  }

  /** VS Code asks for all rows of a branch at once, and for each of them values are opened to tell which are there. */
  getTreeItem(node: VaultNode): Promise<vscode.TreeItem> {
    return this.#slices.turn(() => this.#treeItem(node));
  }

  dispose(): void {
    this.#codes.forget();
    this.#subscription.dispose();
  }

  async #treeItem(node: VaultNode): Promise<vscode.TreeItem> {
    const code = await this.#codes.textOf(node);
    const id = this.#rowId(node);
    const row = describeNode(node, this.#vault, code);
    const treeItem = new vscode.TreeItem(row.label, this.#collapsibleState(node, row, id));
    if (id !== undefined) treeItem.id = id;
    treeItem.description = row.description ?? false;
    treeItem.tooltip = row.tooltip;
    treeItem.contextValue = row.contextValue;
    treeItem.accessibilityInformation = { label: row.accessibilityLabel };
    if (node.kind === 'item') {
      treeItem.command = {
        command: 'vaultside.viewItem',
        title: commandTitle('vaultside.viewItem'),
        arguments: [node],
      };
    }
    if (row.icon !== undefined) treeItem.iconPath = new vscode.ThemeIcon(row.icon);
    return treeItem;
  }

  /**
   * The same path gives the same id after each unlock. Paths contain names of folders and VS Code may store ids, so an id
   * is a digest that nobody without the user key can make.
   */
  #rowId({ path }: VaultNode): string | undefined {
    return this.#vault?.digest('rows of the tree', path);
  }

  #collapsibleState(node: VaultNode, { expands }: Row, id: string | undefined): vscode.TreeItemCollapsibleState {
    if (!expands) return vscode.TreeItemCollapsibleState.None;
    const byDefault = node.kind === 'group' && node.group.kind === 'favorites';
    const isExpanded = id === undefined ? byDefault : this.expansion.isExpanded(id, byDefault);
    return isExpanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
  }

  #toggled(node: VaultNode, expanded: boolean): void {
    this.sessions.current.touch();
    const id = this.#rowId(node);
    if (id !== undefined) void this.expansion.choose(id, expanded);
    if (expanded) this.#codes.expanded(node);
    else this.#codes.collapsed(node);
  }

  #update(): void {
    const { state, accountId } = this.sessions.current;
    this.#forgetSignedOut();
    const vault = state.kind === 'unlocked' ? state.vault : undefined;
    const query = this.#filter?.query;
    if (vault !== this.#vault) {
      const wasOpen = this.#vault !== undefined && accountId === this.#accountId;
      // Rows of another account.
      if (accountId !== this.#accountId) this.#selections = [];
      this.#accountId = accountId;
      this.#vault = vault;
      if (vault === undefined) this.#selections = [];
      this.#filter = undefined;
      if (query !== undefined) this.#filterChanged.fire(undefined);
      // A sync replaces the vault; the filter stays, unless the vault is locked meanwhile, or is that of another account.
      if (vault !== undefined && wasOpen && query !== undefined) this.setFilter(query).catch(() => undefined);
      this.#refresh();
    }
    this.#showMessage();
  }

  /** Which account a row was of is not stored: what was opened goes with the first one that is signed out. */
  #forgetSignedOut(): void {
    const { all, current } = this.sessions;
    const before = this.#accountIds;
    this.#accountIds = all.map(({ accountId }) => accountId);
    const isOneGone = before.some((each) => !this.#accountIds.includes(each));
    if (isOneGone || current.state.kind === 'signedOut') void this.expansion.forget();
  }

  #refresh(): void {
    this.#codes.forget();
    this.#changed.fire(undefined);
    this.#showMessage();
  }

  #showMessage(): void {
    const filter = this.#filter && { query: this.#filter.query, count: this.#filter.found.length };
    const { current } = this.sessions;
    const name = nameIn(this.sessions, current);
    const message = treeMessage(current.state, filter, formatTime, name);
    this.#nameInTitle(message === undefined ? name : undefined);
    // VS Code takes a message away for an empty string, not for undefined.
    this.#view.message = message ?? '';
  }

  /** Where there are no rows there is no message. A description would not be seen while this is the only view. */
  #nameInTitle(name: string | undefined): void {
    if (this.#title === undefined) return;
    const title = name === undefined ? this.#title : `${this.#title} (${name})`;
    if (title !== this.#view.title) this.#view.title = title;
  }
}
