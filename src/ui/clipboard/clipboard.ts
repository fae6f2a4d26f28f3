import * as vscode from 'vscode';
import type { Clock, FileWatch } from '../../base/ports';
import { printable } from '../../base/printable';
import { type CopyFile, isCopyFile } from './copyFile';
import { clearClipboardAfterSeconds } from '../settings';
import { type CopyNotice, TimedClipboard } from './timedClipboard';
import { withoutIcons } from '../untrustedText';

/** Every copy goes through here: it is announced in the status bar and, if it is a secret, cleared after a while. */
export class Clipboard implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('vaultside.copied', vscode.StatusBarAlignment.Left, 0);
  readonly #timed: TimedClipboard;
  readonly #subscriptions: vscode.Disposable;
  readonly #copied = new vscode.EventEmitter<undefined>();
  /** A secret is on the clipboard. */
  readonly onDidCopySecret = this.#copied.event;
  #isCovered = false;

  constructor(clock: Clock, memory: CopyFile, changes: FileWatch) {
    this.#item.name = vscode.l10n.t('Bitwarden: Copied');
    const { clipboard, uiKind } = vscode.env;
    const port = {
      isReadable: () => uiKind === vscode.UIKind.Desktop || (vscode.window.state.focused && !this.#isCovered),
      asksToRead: uiKind === vscode.UIKind.Web,
      readText: () => clipboard.readText(),
      writeText: (text: string) => clipboard.writeText(text),
    };
    this.#timed = new TimedClipboard(port, clock, memory, (notice) => {
      if (notice === undefined) {
        this.#item.hide();
        return;
      }
      const { text, accessibilityLabel } = copyNotice(notice);
      this.#item.text = text;
      this.#item.accessibilityInformation = { label: accessibilityLabel };
      this.#item.show();
    });
    const resume = () => {
      this.#timed.resume().catch(() => undefined);
    };
    this.#subscriptions = vscode.Disposable.from(
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) this.#timed.clearOverdue().catch(() => undefined);
      }),
      changes.onDidChange((name) => {
        if (name === undefined || isCopyFile(name)) resume();
      }),
    );
    resume();
    memory.removeFormer().catch(() => undefined);
  }

  async copySecret(value: string, what: string, validUntil?: number): Promise<void> {
    await this.#timed.copy(value, what, { clearAfter: clearClipboardAfterSeconds(), validUntil });
    this.#copied.fire(undefined);
  }

  async copyPublic(value: string, what: string): Promise<void> {
    await this.#timed.copy(value, what, { clearAfter: undefined });
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

  dispose(): void {
    this.#subscriptions.dispose();
    this.#timed.dispose();
    this.#item.dispose();
    this.#copied.dispose();
  }
}

/**
 * The status bar entry after a copy. The label for screen readers has no seconds in it: it would be read out again with
 * each of them.
 */
export function copyNotice({ what, clearsIn, validFor }: CopyNotice): { text: string; accessibilityLabel: string } {
  const name = withoutIcons(printable(what));
  const parts = [vscode.l10n.t('{0} copied', name)];
  if (validFor !== undefined)
    parts.push(validFor > 0 ? vscode.l10n.t('valid for {0} s', validFor) : vscode.l10n.t('no longer valid'));
  if (clearsIn !== undefined) parts.push(vscode.l10n.t('clears in {0} s', clearsIn));
  return { text: `$(clippy) ${parts.join(', ')}`, accessibilityLabel: vscode.l10n.t('{0} copied', printable(what)) };
}
