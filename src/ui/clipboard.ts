import * as vscode from 'vscode';
import type { Clock } from '../vault/ports';
import { copyNotice } from './copyNotice';
import { clearClipboardAfterSeconds } from './settings';
import { TimedClipboard } from './timedClipboard';

/** Every copy goes through here: it is announced in the status bar and, if it is a secret, cleared after a while. */
export class Clipboard implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('vaultside.copied', vscode.StatusBarAlignment.Left, 0);
  readonly #timed: TimedClipboard;
  readonly #focusing: vscode.Disposable;

  constructor(clock: Clock) {
    this.#item.name = vscode.l10n.t('Bitwarden: Copied');
    const { clipboard, uiKind } = vscode.env;
    const port = {
      isReadable: () => uiKind === vscode.UIKind.Desktop || vscode.window.state.focused,
      readText: () => clipboard.readText(),
      writeText: (text: string) => clipboard.writeText(text),
    };
    this.#focusing = vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) this.#timed.clearOverdue().catch(() => undefined);
    });
    this.#timed = new TimedClipboard(port, clock, (notice) => {
      if (notice === undefined) {
        this.#item.hide();
        return;
      }
      const { text, accessibilityLabel } = copyNotice(notice, vscode.l10n);
      this.#item.text = text;
      this.#item.accessibilityInformation = { label: accessibilityLabel };
      this.#item.show();
    });
  }

  async copySecret(value: string, what: string, validUntil?: number): Promise<void> {
    await this.#timed.copy(value, what, { clearAfter: clearClipboardAfterSeconds(), validUntil });
  }

  async copyPublic(value: string, what: string): Promise<void> {
    await this.#timed.copy(value, what, { clearAfter: undefined });
  }

  /** On lock and at the end. */
  async clear(): Promise<void> {
    await this.#timed.clear();
  }

  dispose(): void {
    this.#focusing.dispose();
    this.#timed.dispose();
    this.#item.dispose();
  }
}
