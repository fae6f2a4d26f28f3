import * as vscode from 'vscode';
import { Emitter } from '../../base/event';
import { ItemPage, type PageParts } from './itemPage';

const VIEW = 'vaultside.item';

/** Shows items: in a view under the tree, or wide in tabs of the editor. */
export class ItemView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #opened = new Emitter<undefined>();
  /** The view has something to show, or nothing any more. */
  readonly onDidOpen = this.#opened.event;
  readonly #subscriptions: vscode.Disposable;
  readonly #tabs = new Map<string, vscode.WebviewPanel>();
  #view: vscode.WebviewView | undefined;
  #page: ItemPage | undefined;
  #itemId: string | undefined;
  /** See ItemPage.show, while the view is not there yet. */
  #goTo: string | undefined;

  constructor(private readonly parts: PageParts) {
    void closeLeftovers();
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(VIEW, this),
      parts.session.onDidLock(() => this.#close()),
      parts.session.onDidChange(({ kind }) => {
        if (kind !== 'unlocked') this.#close();
      }),
    );
  }

  /** Whether an item has been opened since the vault was unlocked: before that there is no view. */
  get isOpen(): boolean {
    return this.#itemId !== undefined;
  }

  /**
   * Shows the item in the view.
   *
   * @param keepsFocus leaves the focus where it is, unless the item is shown already.
   * @param goTo the key of the value that the user wants to see.
   */
  async open(itemId: string, keepsFocus: boolean, goTo?: string): Promise<void> {
    this.#use(itemId);
    const isShown = this.#itemId === itemId && this.#view?.visible === true;
    this.#itemId = itemId;
    this.#opened.fire(undefined);
    if (this.#page === undefined) this.#goTo = goTo;
    this.#page?.show(itemId, goTo);
    const preserveFocus = keepsFocus && !isShown;
    await vscode.commands.executeCommand(`${VIEW}.focus`, { preserveFocus });
    // The first time there was no page yet that could have taken the focus.
    if (!preserveFocus) this.#view?.show(false);
  }

  /** Opens the item in a tab of its own. Its title says nothing of the item, since VS Code stores titles. */
  openTab(itemId: string): void {
    this.#use(itemId);
    const open = this.#tabs.get(itemId);
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(VIEW, vscode.l10n.t('Vault Item'), vscode.ViewColumn.Active);
    const page = new ItemPage(panel.webview, this.parts, () => undefined);
    this.#tabs.set(itemId, panel);
    panel.onDidChangeViewState(() => {
      if (!panel.visible) page.forget();
    });
    panel.onDidDispose(() => {
      page.dispose();
      this.#tabs.delete(itemId);
    });
    page.show(itemId);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const back = () => void vscode.commands.executeCommand('vaultside.vault.focus');
    const page = new ItemPage(view.webview, this.parts, back);
    this.#page?.dispose();
    this.#page = page;
    this.#view = view;
    view.onDidChangeVisibility(() => {
      if (!view.visible) page.forget();
    });
    view.onDidDispose(() => {
      page.dispose();
      if (this.#page !== page) return;
      this.#page = undefined;
      this.#view = undefined;
    });
    if (this.#itemId !== undefined) page.show(this.#itemId, this.#goTo);
    this.#goTo = undefined;
  }

  dispose(): void {
    this.#close();
    this.#page?.dispose();
    this.#subscriptions.dispose();
  }

  /** What one only reads is used, too. */
  #use(itemId: string): void {
    const { session } = this.parts;
    session.touch();
    session.itemUse.record(itemId);
  }

  #close(): void {
    for (const panel of [...this.#tabs.values()]) panel.dispose();
    if (this.#itemId === undefined) return;
    this.#itemId = undefined;
    this.#goTo = undefined;
    this.#opened.fire(undefined);
  }
}

/** Tabs outlive an extension host that has crashed or was restarted, with all that is in them. */
async function closeLeftovers(): Promise<void> {
  const isOurs = ({ input }: vscode.Tab) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(VIEW);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.filter(isOurs));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}
