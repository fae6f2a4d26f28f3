import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Expansion } from '../../../../src/ui/tree/expansion';
import { LastSelected } from '../../../../src/ui/tree/lastSelected';
import type { VaultNode } from '../../../../src/ui/tree/nodes';
import { VaultTree } from '../../../../src/ui/tree/vaultTree';
import { Screen } from '../../../support/screen';
import { type EditorWindow, scenes } from '../../../support/window';

/** What VS Code keeps of a workspace, as JSON. */
class Memento {
  readonly stored = new Map<string, string>();

  get<T>(key: string, fallback?: T): T | undefined {
    const text = this.stored.get(key);
    return text === undefined ? fallback : (JSON.parse(text) as T);
  }

  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.stored.delete(key);
    else this.stored.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
}

/** Draws rows as VS Code does: what is open, while it can be seen. */
class View {
  visible = true;
  selection: readonly VaultNode[] = [];
  readonly revealed: (readonly [row: string, above: string, options: object])[] = [];
  readonly #rows = new Map<VaultNode, vscode.TreeItem>();
  readonly #selected = new vscode.EventEmitter<{ selection: readonly VaultNode[] }>();
  readonly #expanded = new vscode.EventEmitter<{ element: VaultNode }>();
  readonly #collapsed = new vscode.EventEmitter<{ element: VaultNode }>();
  readonly #seen = new vscode.EventEmitter<{ visible: boolean }>();
  readonly onDidChangeSelection = this.#selected.event;
  readonly onDidExpandElement = this.#expanded.event;
  readonly onDidCollapseElement = this.#collapsed.event;
  readonly onDidChangeVisibility = this.#seen.event;
  readonly #toReveal: (() => Promise<void>)[] = [];
  #isOpen = true;
  #drawn: Promise<void> = Promise.resolve();

  constructor(private readonly provider: VaultTree) {
    provider.onDidChangeTreeData(() => this.#draw());
  }

  /** Once all is drawn that has to be, and what was to be revealed then. */
  async settled(): Promise<void> {
    for (let last; last !== this.#drawn;) {
      last = this.#drawn;
      await last;
      for (const reveal of this.#toReveal.splice(0)) await reveal();
    }
  }

  reveal(row: VaultNode, options: object): Promise<void> {
    assert.ok(this.visible, 'it would be opened for that');
    return new Promise((resolve) => {
      this.#toReveal.push(async () => {
        const [label, above] = await this.#place(row);
        this.revealed.push([label, above, options]);
        this.#select([row]);
        resolve();
      });
    });
  }

  /** The user clicks on the first row of this label below one of that label. */
  async click(label: string, above: string): Promise<void> {
    this.#select([await this.#find(label, above)]);
  }

  /** The user opens a row, or closes it. */
  async toggle(label: string, expanded: boolean): Promise<void> {
    (expanded ? this.#expanded : this.#collapsed).fire({ element: await this.#find(label, '') });
    this.#draw();
    await this.settled();
  }

  /** The side bar is opened, or closed. An extension may hear of it after its rows were drawn. */
  async show(visible: boolean): Promise<void> {
    this.#isOpen = visible;
    this.#draw();
    await this.settled();
    this.visible = visible;
    this.#seen.fire({ visible });
    await this.settled();
  }

  dispose(): void {
    this.#selected.dispose();
  }

  #select(selection: readonly VaultNode[]): void {
    this.selection = selection;
    this.#selected.fire({ selection });
  }

  async #find(label: string, above: string): Promise<VaultNode> {
    await this.settled();
    for (const row of this.#rows.keys()) if ((await this.#place(row)).join() === [label, above].join()) return row;
    return assert.fail(`no row ${label}`);
  }

  /** Its label, and that of the row above. */
  async #place(row: VaultNode): Promise<[string, string]> {
    const above = this.provider.getParent(row);
    const of = async (each: VaultNode) => (await this.provider.getTreeItem(each)).label as string;
    return [await of(row), above === undefined ? '' : await of(above)];
  }

  #draw(): void {
    this.#drawn = this.#drawn.then(async () => {
      if (!this.#isOpen) return;
      this.#rows.clear();
      await this.#drawBelow(undefined);
      const ids = [...this.#rows.values()].map(({ id }) => id);
      const isThere = await Promise.all(
        this.selection.map(async (row) => ids.includes((await this.provider.getTreeItem(row)).id)),
      );
      if (isThere.includes(false)) this.#select([]);
    });
  }

  async #drawBelow(above: VaultNode | undefined): Promise<void> {
    for (const row of await this.provider.getChildren(above)) {
      const item = await this.provider.getTreeItem(row);
      this.#rows.set(row, item);
      if (item.collapsibleState === vscode.TreeItemCollapsibleState.Expanded) await this.#drawBelow(row);
    }
  }
}

describe('The row that was selected in the tree', () => {
  const scene = scenes();
  const items = ['GitHub', 'AWS', 'Mail'].map((name) => ({ name, username: `robin of ${name}` }));
  const quietly = { select: true, focus: false, expand: false };
  const github = ['GitHub', 'All Items', quietly];
  let screen: Screen;
  const trees: VaultTree[] = [];

  beforeEach(() => (screen = new Screen()));
  afterEach(() => {
    for (const tree of trees.splice(0)) tree.dispose();
    screen.putAway();
  });

  function openTree({ sessions }: EditorWindow, memento = new Memento()) {
    let view: View | undefined;
    const createTreeView = (_: string, { treeDataProvider }: { treeDataProvider: VaultTree }) =>
      (view = new View(treeDataProvider));
    Object.assign(vscode.window, { createTreeView });
    const tree = new VaultTree(sessions, new Expansion(memento), new LastSelected(memento), {} as never);
    trees.push(tree);
    return { tree, memento, view: view ?? assert.fail() };
  }

  /** A tree in which GitHub is selected among all items. */
  async function selected() {
    const at = await scene('official', { items });
    const window = await at.unlocked();
    const opened = openTree(window);
    await opened.view.toggle('All Items', true);
    await opened.view.click('GitHub', 'All Items');
    return { at, window, ...opened };
  }

  async function lockAndUnlock(window: EditorWindow, view: View): Promise<void> {
    await window.session.lock();
    await view.settled();
    assert.deepEqual(view.selection, []);
    await window.unlock();
    await view.settled();
  }

  it('is selected again after a lock, and after a reload of the window', async () => {
    const { window, view, memento } = await selected();
    assert.deepEqual(view.revealed, []);
    await lockAndUnlock(window, view);
    assert.deepEqual(view.revealed, [github]);
    const reloaded = openTree(window, memento);
    await reloaded.view.show(true);
    assert.deepEqual(reloaded.view.revealed, [github]);
  });

  it('is selected again after a filter, whatever was selected of what that has found', async () => {
    const { tree, view } = await selected();
    await tree.setFilter('aws');
    await view.click('AWS', '');
    await tree.setFilter('mail');
    await view.settled();
    assert.deepEqual(view.revealed, []);
    await tree.setFilter('');
    await view.settled();
    assert.deepEqual(view.revealed, [github]);
  });

  it('is not used by that, and opens nothing', async () => {
    const { tree, view, window } = await selected();
    await tree.setFilter('aws');
    await view.settled();
    let uses = 0;
    const watch = window.session.onDidChangeTime(() => uses++);
    await tree.setFilter('');
    await view.settled();
    watch.dispose();
    assert.deepEqual(view.revealed, [github]);
    assert.equal(uses, 0);
    assert.deepEqual(screen.commands, []);
  });

  it('does not open the side bar: it waits until that is opened', async () => {
    const { window, view } = await selected();
    await view.show(false);
    await window.session.lock();
    await window.unlock();
    await view.settled();
    assert.deepEqual(view.revealed, []);
    await view.show(true);
    assert.deepEqual(view.revealed, [github]);
    await view.show(false);
    await view.show(true);
    assert.deepEqual(view.revealed, [github], 'once');
  });

  it('stays away where it was moved to the trash', async () => {
    const { at, window, view } = await selected();
    await window.session.lock();
    at.server.clock.advance(1);
    at.account.ciphers[0]!.deletedDate = at.server.clock.iso();
    at.server.touch();
    await window.session.sync({ force: true });
    await window.unlock();
    await view.settled();
    assert.deepEqual(view.revealed, []);
    await view.toggle('Trash', true);
    await view.click('GitHub', 'Trash');
  });

  it('stays away where it is hidden, also when it comes into sight later', async () => {
    const { window, view } = await selected();
    await view.toggle('All Items', false);
    await lockAndUnlock(window, view);
    await view.toggle('All Items', true);
    assert.deepEqual(view.revealed, []);
  });

  it('gives way to another one that the user selects', async () => {
    const { window, view } = await selected();
    await view.toggle('All Items', false);
    await lockAndUnlock(window, view);
    await view.click('Types', '');
    await lockAndUnlock(window, view);
    assert.deepEqual(view.revealed, [['Types', '', quietly]]);
  });

  it('is one of each account, and goes with its account', async () => {
    const { window, view, memento } = await selected();
    const first = window.sessions.current;
    const next = await scene('official', { items });
    await window.session.signIn(next.urls, next.key);
    const second = window.sessions.current;
    await window.caughtUp();
    await second.unlock(next.password());
    await window.caughtUp();
    await view.toggle('All Items', true);
    await view.click('AWS', 'All Items');
    for (const [session, row] of [
      [first, 'GitHub'],
      [second, 'AWS'],
    ] as const) {
      window.sessions.activate(session.accountId!);
      await view.settled();
      assert.deepEqual(view.revealed.at(-1), [row, 'All Items', quietly]);
    }
    await second.signOut();
    await view.settled();
    const stored = memento.stored.get('tree.selected') ?? '';
    assert.deepEqual([stored.includes(first.accountId!), stored.includes(second.accountId!)], [true, false]);
    await first.signOut();
    assert.equal(memento.stored.size, 0);
  });

  it('is stored without a name, and without an id of the server', async () => {
    const { at, memento } = await selected();
    const [pair] = JSON.parse(memento.stored.get('tree.selected') ?? '') as [string, string][];
    assert.equal(pair?.[0], at.accountId);
    assert.match(pair[1], /^[A-Za-z0-9+/]{43}=$/);
    const text = [...memento.stored.values()].join();
    for (const open of ['GitHub', 'robin', at.account.ciphers[0]!.id, at.account.id]) assert.ok(!text.includes(open));
  });

  it('is none where what is stored is no such list', () => {
    const id = `${'A'.repeat(43)}=`;
    for (const stored of ['7', '"x"', '{}', '[7]', '[["a","x"]]', `[["a",["${id}"]]]`, `[[1,"${id}"]]`, `[["a"]]`]) {
      const memento = new Memento();
      memento.stored.set('tree.selected', stored);
      assert.equal(new LastSelected(memento).of('a'), undefined, stored);
    }
  });
});
