import * as vscode from 'vscode';
import { Emitter } from '../../base/event';
import type { Session } from '../../account/session';
import type { FormParts, ItemForm, MakeForm } from './itemForm';
import type { NewItemStart } from './beginForm';
import { ItemPage, type PageOwner, type PageParts } from './itemPage';
import type { ItemTool } from './messages';

const VIEW = 'vaultside.item';

/** Shows items, and their forms: in a view under the tree, or wide in tabs of the editor. */
export class ItemView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #changed = new Emitter<undefined>();
  /** The view has something to show, or nothing any more; or a form has the focus, or none. */
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;
  readonly #tabs = new Map<string, { readonly panel: vscode.WebviewPanel; readonly page: ItemPage }>();
  #view: vscode.WebviewView | undefined;
  #page: ItemPage | undefined;
  #itemId: string | undefined;
  /** See ItemPage.show, while the view is not there yet. */
  #goTo: string | undefined;
  /** A form, while the view is not there yet. */
  #make: MakeForm | undefined;
  #hasNewItem = false;

  constructor(private readonly parts: PageParts & FormParts) {
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
    return this.#itemId !== undefined || this.#hasNewItem;
  }

  /** The form that has the focus. */
  get focusedForm(): ItemForm | undefined {
    const pages = [
      ...(this.#page === undefined ? [] : [this.#page]),
      ...[...this.#tabs.values()].map(({ page }) => page),
    ];
    return pages.find(({ hasFocus }) => hasFocus)?.form;
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
    this.#hasNewItem = false;
    this.#make = undefined;
    this.#changed.fire(undefined);
    if (this.#page === undefined) this.#goTo = goTo;
    this.#page?.show(itemId, goTo);
    await this.#reveal(keepsFocus && !isShown);
  }

  /**
   * Shows the form of an item, or of a new one.
   *
   * @param itemId undefined: it is new.
   */
  async #openForm(make: MakeForm, itemId: string | undefined): Promise<void> {
    if (itemId !== undefined) this.#use(itemId);
    this.#itemId = itemId;
    this.#hasNewItem = itemId === undefined;
    this.#goTo = undefined;
    this.#make = this.#page === undefined ? make : undefined;
    this.#changed.fire(undefined);
    this.#page?.open(make);
    await this.#reveal(false);
  }

  /** Shows the form of a new item. */
  async create(session: Session, start: NewItemStart): Promise<void> {
    const { untilLock } = this.parts.session;
    const { newForm } = await import('./beginForm');
    const make = await newForm(this.parts, session, start);
    if (make !== undefined && !untilLock.aborted) await this.#openForm(make, undefined);
  }

  /**
   * Where the item cannot be changed any more, what was changed in it and not saved is shown as a new item.
   *
   * @param draftId which draft it goes on with; undefined: the latest, if there is one.
   * @param page where the form is to be; undefined: in the view.
   */
  async edit(session: Session, itemId: string, draftId?: string, page?: ItemPage): Promise<void> {
    // Fires also where another account becomes active.
    const { untilLock } = this.parts.session;
    // Loaded at the first use, with what writes to the vault.
    const { editForm, startOfStranded } = await import('./beginForm');
    const start = await startOfStranded(session, itemId, draftId);
    if (start !== undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The item itself cannot be changed any more. What you typed is in a new item.'),
      );
      if (!untilLock.aborted) await this.create(session, start);
      return;
    }
    const make = await editForm(this.parts, session, itemId, draftId);
    if (make === undefined || untilLock.aborted) return;
    if (page === undefined) await this.#openForm(make, itemId);
    else page.open(make);
  }

  async #reveal(preserveFocus: boolean): Promise<void> {
    await vscode.commands.executeCommand(`${VIEW}.focus`, { preserveFocus });
    // The first time there was no page yet that could have taken the focus.
    if (!preserveFocus) this.#view?.show(false);
  }

  /** Opens the item in a tab of its own. Its title says nothing of the item, since VS Code stores titles. */
  openTab(itemId: string): void {
    this.#use(itemId);
    const open = this.#tabs.get(itemId);
    if (open !== undefined) {
      open.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(VIEW, vscode.l10n.t('Vault Item'), vscode.ViewColumn.Active);
    const page: ItemPage = new ItemPage(panel.webview, this.parts, {
      back: () => undefined,
      use: (does, id) => this.#does(does, id, page),
      closedForm: () => undefined,
      focusMoved: () => this.#changed.fire(undefined),
    });
    this.#tabs.set(itemId, { panel, page });
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
    const owner: PageOwner = {
      back,
      use: (does, id) => this.#does(does, id, page),
      closedForm: (itemId) => {
        this.#itemId = itemId;
        this.#hasNewItem = false;
        this.#changed.fire(undefined);
        if (itemId === undefined) back();
      },
      focusMoved: () => this.#changed.fire(undefined),
    };
    const page: ItemPage = new ItemPage(view.webview, this.parts, owner);
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
    if (this.#make !== undefined) page.open(this.#make);
    else if (this.#itemId !== undefined) page.show(this.#itemId, this.#goTo);
    this.#goTo = undefined;
    this.#make = undefined;
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

  #does(does: ItemTool['does'], itemId: string, page: ItemPage): void {
    const { session, reporter } = this.parts;
    const { now } = session;
    switch (does) {
      case 'edit':
        this.edit(now, itemId, undefined, page).catch((error: unknown) => reporter.failure('form', error, now));
        return;
      case 'clone':
        void vscode.commands.executeCommand('vaultside.cloneItem', { item: { id: itemId } });
        return;
      case 'discardDraft':
        page.discardDraft().catch((error: unknown) => reporter.failure('form', error, now));
        return;
    }
  }

  #close(): void {
    for (const { panel } of [...this.#tabs.values()]) panel.dispose();
    if (!this.isOpen) return;
    this.#itemId = undefined;
    this.#hasNewItem = false;
    this.#goTo = undefined;
    this.#make = undefined;
    this.#changed.fire(undefined);
  }
}

/** Tabs outlive an extension host that has crashed or was restarted, with all that is in them. */
async function closeLeftovers(): Promise<void> {
  const isOurs = ({ input }: vscode.Tab) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(VIEW);
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs.filter(isOurs));
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
}
