import * as vscode from 'vscode';
import type { Clock, Disposable } from '../../base/ports';
import type { ActiveSession } from '../../account/activeSession';
import { contentRef, refKey } from '../../vault/fields';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import { codeToShow } from '../../vault/read';
import { ChosenFile } from '../attachments/fileArgument';
import type { Clipboard } from '../clipboard/clipboard';
import type { CommandId } from '../commands/commandId';
import type { ErrorReporter } from '../errors/errorReporter';
import { isPresenting, onDidChangePresenting, presentationNote } from '../presentation';
import { copiedWords } from '../labels';
import { SHOWN_FOR_MS } from '../prompts/showValue';
import { announces } from '../settings';
import type { ChosenField, ItemValues } from '../values/itemValues';
import { clipped, describeItem, fileKey } from './describeItem';
import { isFromForm } from './formMessages';
import type { ItemForm, MakeForm } from './itemForm';
import { offerToContinue } from './offerDrafts';
import {
  type FileAction,
  fileActions,
  type FromPage,
  isFromPage,
  type ItemTool,
  type RowAction,
  type ToPage,
} from './messages';

export interface PageParts {
  readonly session: Pick<
    ActiveSession,
    'state' | 'untilLock' | 'now' | 'touch' | 'itemUse' | 'drafts' | 'onDidChange' | 'onDidLock'
  >;
  readonly values: ItemValues;
  readonly clipboard: Pick<Clipboard, 'cover'>;
  readonly clock: Clock;
  readonly reporter: ErrorReporter;
  /** Where the bundle of the page is. */
  readonly folder: vscode.Uri;
}

/** What a page asks of whoever it is in. */
export interface PageOwner {
  /** The user wants to go back to where they came from. */
  back(): void;
  /** The user wants to do something with the item as a whole. */
  use(does: ItemTool['does'], itemId: string): void;
  /** The form was saved, or left. @param itemId what is shown then; undefined: nothing. */
  closedForm(itemId: string | undefined): void;
  /** The focus came into the page, or left it; or a form has come or gone under it. */
  focusMoved(): void;
}

/** The focus comes back to a page within this time where a box or a view of VS Code had it for a moment. */
const RETURNS_MS = 500;

/**
 * One item in one webview. What is masked reaches the page only while it is revealed: for 30 seconds at most, and not
 * after a lock, nor when the window loses the focus. The page keeps nothing when it is hidden.
 */
export class ItemPage implements vscode.Disposable {
  /** The page is loaded: what is sent before would be lost. */
  #isLive = false;
  #itemId: string | undefined;
  /** The ids of those of the item, the latest first. */
  #draftIds: readonly string[] = [];
  /** In place of the item. */
  #form: ItemForm | undefined;
  #shownVault: OpenVault | undefined;
  /** What the page shows, to tell whether that has changed. */
  #described: string | undefined;
  #cardNumber = 0;
  /** The key of the value that the user wants to see, until the page shows the item. */
  #goTo: string | undefined;
  #hasFocus = false;
  /** By the key of the value: what hides it again. */
  readonly #revealed = new Map<string, NodeJS.Timeout>();
  #nextCode: NodeJS.Timeout | undefined;
  #leaving: Disposable | undefined;
  readonly #subscriptions: vscode.Disposable;

  constructor(
    private readonly webview: vscode.Webview,
    private readonly parts: PageParts,
    private readonly owner: PageOwner,
  ) {
    const { session, folder } = parts;
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    this.#subscriptions = vscode.Disposable.from(
      webview.onDidReceiveMessage((message: unknown) => {
        if (isFromPage(message)) this.#receive(message);
      }),
      session.onDidChange(() => {
        if (this.#vault === this.#shownVault) return;
        // What is typed stays where it is.
        if (this.#form === undefined || this.#vault === undefined) this.#render();
        else this.#follow(this.#form);
      }),
      // Also where another account is active now, whose vault may have an item of the same id.
      session.onDidLock(() => {
        this.#itemId = undefined;
        this.#draftIds = [];
        this.#endForm();
        this.#render();
      }),
      onDidChangePresenting(() => this.#render()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) this.#hideAll();
      }),
    );
    webview.html = html(webview, folder);
  }

  /** @param goTo the key of the value that the user wants to see. */
  show(itemId: string, goTo?: string): void {
    // Its form is what is there to be seen of it.
    if (this.#form?.target.itemId === itemId) return;
    this.#leaveForm();
    // Two items may look the same.
    if (itemId !== this.#itemId) {
      this.#described = undefined;
      this.#draftIds = [];
    }
    this.#itemId = itemId;
    this.#goTo = goTo;
    this.#render();
  }

  /** The form that is open here, if there is one. */
  get form(): ItemForm | undefined {
    return this.#form;
  }

  get hasFocus(): boolean {
    return this.#hasFocus;
  }

  /** Discards what was changed in a form of this item and not saved: of several drafts the latest, with which a form would go on. */
  async discardDraft(): Promise<void> {
    const [latest, ...others] = this.#draftIds;
    if (latest !== undefined) await this.parts.session.drafts.discard(latest);
    this.#draftIds = others;
    if (this.#form === undefined) this.#render();
  }

  /** Shows a form in place of an item. What was changed in the one before is kept as a draft. */
  open(make: MakeForm): void {
    this.#leaveForm();
    this.#described = undefined;
    this.#goTo = undefined;
    this.#form = make({
      send: (message) => this.#send(message),
      close: (itemId) => this.#closeForm(itemId),
    });
    this.#itemId = this.#form.target.itemId;
    this.owner.focusMoved();
    this.#render();
  }

  /** The page is not seen any more, and has lost what it held. When it is seen again, it is loaded again. */
  forget(): void {
    this.#takeBack();
    this.#focus(false);
    this.#isLive = false;
    this.#described = undefined;
  }

  dispose(): void {
    this.forget();
    this.#subscriptions.dispose();
  }

  /** Something else takes its place. */
  #leaveForm(): void {
    // An item says of itself that there is a draft of it.
    if (this.#form?.target.isKept === true) void offerToContinue(vscode.l10n.t('The new item is kept as a draft.'));
    this.#endForm();
  }

  #endForm(): void {
    this.#form?.end();
    this.#form = undefined;
  }

  #closeForm(saved: string | undefined): void {
    const itemId = saved ?? this.#itemId;
    this.#form = undefined;
    this.#itemId = itemId;
    this.#described = undefined;
    this.#draftIds = [];
    this.owner.closedForm(itemId);
    this.owner.focusMoved();
    this.#render();
  }

  #follow(form: ItemForm): void {
    this.#shownVault = this.#vault;
    form.follow();
  }

  get #vault(): OpenVault | undefined {
    const { state } = this.parts.session;
    return state.kind === 'unlocked' ? state.vault : undefined;
  }

  #render(): void {
    this.#takeBack();
    const vault = this.#vault;
    this.#shownVault = vault;
    if (vault === undefined) {
      this.#itemId = undefined;
      this.#endForm();
      this.#goTo = undefined;
      this.#showNothing(vscode.l10n.t('The vault is locked.'));
      return;
    }
    if (!this.#isLive) return;
    if (this.#form !== undefined) {
      if (isPresenting()) this.#showNothing(presentationNote());
      else this.#form.show();
      return;
    }
    if (this.#itemId === undefined) {
      this.#showNothing(vscode.l10n.t('Choose an item to read it here.'));
      return;
    }
    const item = vault.item(this.#itemId);
    if (item === undefined) {
      this.#showNothing(vscode.l10n.t('This item is not in your vault any more.'));
      return;
    }
    this.#showItem(vault, item);
    if (this.#goTo !== undefined) this.#send({ kind: 'goTo', key: this.#goTo });
    this.#goTo = undefined;
    this.#try(() => this.#lookForDrafts(vault, item));
    if (!isPresenting()) this.#try(() => this.#sendCode(vault, item));
  }

  /** A card like the one that is there is not sent, so that the focus and the scrolling stay as they are. */
  #showItem(vault: OpenVault, item: Item): void {
    const card = describeItem(vault, item, this.#draftIds.length > 0);
    const described = JSON.stringify(card);
    if (described === this.#described) return;
    this.#described = described;
    this.#cardNumber++;
    this.#send({ kind: 'item', card: { ...card, number: this.#cardNumber } });
  }

  async #lookForDrafts(vault: OpenVault, item: Item): Promise<void> {
    const drafts = await this.parts.session.drafts.ofItem(item.id);
    if (this.#shownVault !== vault || this.#itemId !== item.id || this.#form !== undefined) return;
    const had = this.#draftIds.length > 0;
    this.#draftIds = drafts.map(({ id }) => id);
    if (had !== this.#draftIds.length > 0) this.#render();
  }

  #showNothing(text: string): void {
    this.#described = undefined;
    this.#cardNumber++;
    this.#send({ kind: 'nothing', text });
  }

  #receive(message: FromPage): void {
    if (isFromForm(message)) {
      this.#form?.receive(message);
      return;
    }
    switch (message.kind) {
      case 'ready':
        this.forget();
        this.#isLive = true;
        this.#render();
        return;
      case 'back':
        this.owner.back();
        return;
      case 'tool':
        if (message.card === this.#cardNumber && this.#itemId !== undefined) this.owner.use(message.does, this.#itemId);
        return;
      case 'entered':
        this.#stay();
        this.#focus(true);
        return;
      case 'left':
        this.#focus(false);
        // With the focus in a page, VS Code in a browser does not notice that the user leaves the window.
        if (vscode.env.uiKind === vscode.UIKind.Web) this.#leaveSoon();
        return;
      case 'hide':
        this.#hide(message.key);
        return;
      case 'addFile':
        if (message.card === this.#cardNumber) this.#run('vaultside.addAttachment', { item: { id: this.#itemId } });
        return;
      case 'act': {
        if (message.card === this.#cardNumber && isFileAction(message.does)) this.#actOnFile(message.does, message.key);
        if (isFileAction(message.does)) return;
        const chosen = message.card === this.#cardNumber ? this.#chosen(message.key) : undefined;
        if (chosen === undefined) return;
        const { does, part } = message;
        this.#try(() => (does === 'reveal' ? this.#reveal(chosen) : this.#act(does, chosen, part)));
      }
    }
  }

  #actOnFile(does: FileAction, key: string): void {
    const itemId = this.#itemId;
    const files = itemId === undefined ? undefined : this.#vault?.details(itemId)?.attachments;
    const file = files?.find(({ id }) => fileKey(id) === key);
    if (itemId === undefined || file === undefined) return;
    this.#run(fileCommands[does], new ChosenFile(this.parts.session.now.accountId, itemId, file.id));
  }

  #run(command: CommandId, argument: unknown): void {
    void vscode.commands.executeCommand(command, argument);
  }

  /** Undefined where the page is behind: the vault has been locked, or the item has changed. */
  #chosen(key: string): ChosenField | undefined {
    const vault = this.#vault;
    const item = this.#itemId === undefined ? undefined : vault?.item(this.#itemId);
    if (vault === undefined || item === undefined) return undefined;
    const former = vault.details(item.id)?.formerPasswords ?? [];
    const fields = [...vault.fields(item.id), ...former.map(({ field }) => field)];
    const field = fields.find(({ ref }) => refKey(ref) === key);
    return field && { session: this.parts.session.now, vault, item, field };
  }

  async #reveal(chosen: ChosenField): Promise<void> {
    if (isPresenting()) return;
    const { untilLock } = this.parts.session;
    const card = this.#cardNumber;
    const value = await this.parts.values.read(chosen, 'show');
    const isStillShown = this.#isLive && this.#cardNumber === card && !untilLock.aborted && !isPresenting();
    if (value === undefined || !isStillShown || !vscode.window.state.focused) return;
    // The focus is on its way back from the box for the master password, or the user is elsewhere.
    if (this.#leaving !== undefined) this.#leaveSoon();
    const key = refKey(chosen.field.ref);
    const now = this.parts.clock.now();
    const until = Math.min(now + SHOWN_FOR_MS, value.validUntil ?? Infinity);
    clearTimeout(this.#revealed.get(key));
    this.#revealed.set(
      key,
      setTimeout(() => this.#hide(key), until - now),
    );
    this.#send({ kind: 'revealed', key, text: clipped(value.text), seconds: (until - now) / 1000 });
  }

  async #act(does: 'copy' | 'open', chosen: ChosenField, part: string | undefined): Promise<void> {
    const copied = await this.parts.values.act(does, chosen, { part });
    // Where all is announced, a screen reader has heard it by now.
    if (copied !== undefined && !announces()) this.#send({ kind: 'said', text: copiedWords(copied) });
  }

  #hide(key: string): void {
    clearTimeout(this.#revealed.get(key));
    this.#revealed.delete(key);
    this.#send({ kind: 'hidden', key });
  }

  #focus(hasFocus: boolean): void {
    if (this.#hasFocus === hasFocus) return;
    this.#hasFocus = hasFocus;
    this.parts.clipboard.cover(hasFocus);
    this.owner.focusMoved();
  }

  #leaveSoon(): void {
    this.#stay();
    this.#leaving = this.parts.clock.setTimeout(() => this.#hideAll(), RETURNS_MS);
  }

  #stay(): void {
    this.#leaving?.dispose();
    this.#leaving = undefined;
  }

  #hideAll(): void {
    this.#stay();
    for (const key of [...this.#revealed.keys()]) this.#hide(key);
    this.#form?.hideAll();
  }

  /** Sends the code of this moment, if the item has one, and the next one when that has expired. */
  async #sendCode(vault: OpenVault, item: Item): Promise<void> {
    const ref = contentRef('totp');
    const { clock } = this.parts;
    const card = this.#cardNumber;
    // A key that makes no code stays masked. Who copies the code is told why.
    const code = await codeToShow(vault, item, { ref, state: 'there' }, () => clock.now());
    const isShown = () => this.#isLive && this.#cardNumber === card && this.#shownVault === vault && !isPresenting();
    if (code === undefined || !isShown()) return;
    const left = Math.max(0, code.validUntil - clock.now());
    const seconds = Math.ceil(left / 1000);
    const { text, next, period } = code;
    this.#send({ kind: 'code', key: refKey(ref), text, next, seconds, period });
    clearTimeout(this.#nextCode);
    this.#nextCode = setTimeout(() => this.#try(() => this.#sendCode(vault, item)), left + 50);
  }

  /** Hides what is revealed, and sends no further code. */
  #takeBack(): void {
    this.#hideAll();
    clearTimeout(this.#nextCode);
  }

  #send(message: ToPage): void {
    if (!this.#isLive) return;
    void this.webview.postMessage(message);
  }

  #try(work: () => Promise<void>): void {
    const { reporter, session } = this.parts;
    const { now, untilLock } = session;
    work().catch((error: unknown) => {
      // After a lock nothing of the vault is spoken of.
      if (!untilLock.aborted) reporter.failure('item', error, now);
    });
  }
}

const fileCommands: Readonly<Record<FileAction, CommandId>> = {
  openFile: 'vaultside.openAttachment',
  saveFile: 'vaultside.saveAttachment',
  deleteFile: 'vaultside.deleteAttachment',
};

function isFileAction(does: RowAction): does is FileAction {
  return fileActions.some((each) => each === does);
}

/** Nothing is loaded from elsewhere, and no script runs but the one of the page. */
function html(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = crypto.randomUUID();
  const file = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const policy = [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${file('item.css')}">
<script nonce="${nonce}" src="${file('item.js')}" defer></script>
<title>Vaultside</title>
</head>
<body></body>
</html>`;
}
