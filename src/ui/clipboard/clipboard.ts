import * as vscode from 'vscode';
import type { Clock, FileWatch } from '../../base/ports';
import { printable } from '../../base/printable';
import { type CopyFile, isCopyFile } from './copyFile';
import { say } from '../announce';
import { commandTitle } from '../commands/commandId';
import { copiedWords } from '../labels';
import { isPresenting, onDidChangePresenting } from '../presentation';
import { clearClipboardAfterSeconds } from '../settings';
import { type CopyNotice, TimedClipboard } from './timedClipboard';
import { withoutIcons } from '../untrustedText';

/** Every copy goes through here: it is announced in the status bar and, if it is a secret, cleared after a while. */
export class Clipboard implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('vaultside.copied', vscode.StatusBarAlignment.Left, 0);
  readonly #timed: TimedClipboard;
  readonly #subscriptions: vscode.Disposable;
  #isCovered = false;
  #notice: CopyNotice | undefined;

  constructor(clock: Clock, memory: CopyFile, changes: FileWatch) {
    this.#item.name = vscode.l10n.t('Bitwarden: Copied');
    const { clipboard, uiKind } = vscode.env;
    const port = {
      isReadable: () => uiKind === vscode.UIKind.Desktop || (vscode.window.state.focused && !this.#isCovered),
      asksToRead: uiKind === vscode.UIKind.Web,
      readText: () => clipboard.readText(),
      writeText: (text: string) => clipboard.writeText(text),
    };
    const cleared = () => say(vscode.l10n.t('Clipboard cleared'));
    this.#timed = new TimedClipboard(port, clock, memory, (notice) => this.#show(notice), cleared);
    const resume = () => {
      this.#timed.resume().catch(() => undefined);
    };
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#timed.clearOverdue().catch(() => undefined);
      }),
      onDidChangePresenting(() => this.#show(this.#notice)),
      changes.onDidChange((name) => {
        if (name === undefined || isCopyFile(name)) resume();
      }),
    );
    resume();
    memory.removeFormer().catch(() => undefined);
  }

  async copySecret(value: string, what: string, validUntil?: number): Promise<void> {
    await this.#timed.copy(value, what, { clearAfter: clearClipboardAfterSeconds(), validUntil });
    say(copiedWords(printable(what)));
  }

  async copyPublic(value: string, what: string): Promise<void> {
    await this.#timed.copy(value, what, { clearAfter: undefined });
    say(copiedWords(printable(what)));
  }

  /** Clears the clipboard because the user says so. Where it holds no secret of ours, a notification says that. */
  async clearNow(): Promise<void> {
    if (this.#timed.holdsSecret) await this.clear();
    else void vscode.window.showInformationMessage(vscode.l10n.t('The clipboard holds nothing that Vaultside clears.'));
  }

  /**
   * Tells whether the focus is in a webview. In a browser VS Code cannot read the clipboard then, and complains of that to
   * the user; what is due is cleared once the focus is elsewhere.
   */
  cover(isCovered: boolean): void {
    this.#isCovered = isCovered;
    if (!isCovered) this.#timed.clearOverdue().catch(() => undefined);
  }

  /** Clears the clipboard if it still holds a secret of ours. Called on lock and at sign-out. */
  async clear(): Promise<void> {
    await this.#timed.clear();
  }

  #show(notice: CopyNotice | undefined): void {
    this.#notice = notice;
    if (notice === undefined) {
      this.#item.hide();
      return;
    }
    const { text, accessibilityLabel } = copyNotice(notice);
    this.#item.text = text;
    const clears = this.#timed.holdsSecret;
    this.#item.command = clears ? 'vaultside.clearClipboard' : undefined;
    this.#item.tooltip = clears ? commandTitle('vaultside.clearClipboard') : undefined;
    this.#item.accessibilityInformation = { label: accessibilityLabel, role: clears ? 'button' : 'status' };
    this.#item.show();
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#timed.dispose();
    this.#item.dispose();
  }
}

/**
 * The status bar entry after a copy. The label for screen readers has no seconds in it: it would be read out again with
 * each of them. Of a one-time code the seconds are said for which it is good, of all else those until it is cleared. What
 * was copied before presentation mode was turned on may be told with a username, so it is not named then.
 */
export function copyNotice({ what, clearsIn, validFor }: CopyNotice): { text: string; accessibilityLabel: string } {
  const seconds = (left: number) => vscode.l10n.t('{0} s', left);
  const time =
    validFor === undefined
      ? clearsIn && seconds(clearsIn)
      : validFor > 0
        ? vscode.l10n.t('valid for {0} s', validFor)
        : vscode.l10n.t('no longer valid');
  const words = isPresenting() ? vscode.l10n.t('Copied') : copiedWords(printable(what));
  return { text: `$(clippy) ${withoutIcons(words)}${time ? ` · ${time}` : ''}`, accessibilityLabel: words };
}
