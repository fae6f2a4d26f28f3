import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Sessions } from '../../account/sessions';
import { nameIn } from '../accountNames';
import type { CommandId } from '../commands/commandId';
import { formatTime } from '../labels';
import { onDidChangePresenting } from '../presentation';
import { countsAllActivity, unlocksAllWindows } from '../settings';
import { explainLockingTime } from './lockingTime';
import { render } from './render';

function lockingOf(session: Session): readonly string[] {
  const { state, limits, leftMs } = session;
  if (state.kind !== 'unlocked') return [];
  const facts = {
    limits,
    at: leftMs === undefined ? undefined : Date.now() + leftMs,
    countsAll: countsAllActivity(),
    allWindows: unlocksAllWindows(),
    alone: state.facts.alone,
  };
  return explainLockingTime(facts, formatTime);
}

/** The entry of the status bar that shows the state. A click offers the commands that can be used now. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('vaultside.status', vscode.StatusBarAlignment.Left, 1);
  readonly #subscription: vscode.Disposable;

  /** @param isAvailable whether a command can do something now */
  constructor(sessions: Sessions, isAvailable: (id: CommandId) => boolean) {
    this.#item.name = 'Bitwarden';
    this.#item.command = 'vaultside.showActions';
    const session = sessions.active;
    let shown = '';
    const update = () => {
      const look = render(session.state, isAvailable, formatTime, lockingOf(session), nameIn(sessions, session));
      // A tooltip that is set anew closes, should somebody be reading it.
      if (JSON.stringify(look) === shown) return;
      shown = JSON.stringify(look);
      const { text, tooltip, links, warning, accessibilityLabel } = look;
      this.#item.text = text;
      const markdown = new vscode.MarkdownString(tooltip);
      markdown.isTrusted = { enabledCommands: links };
      this.#item.tooltip = markdown;
      this.#item.backgroundColor = warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
      this.#item.accessibilityInformation = { label: accessibilityLabel, role: 'button' };
    };
    this.#subscription = vscode.Disposable.from(
      this.#item,
      session.onDidChange(update),
      sessions.onDidChange(update),
      session.onDidChangeTime(update),
      onDidChangePresenting(update),
    );
    update();
    this.#item.show();
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
