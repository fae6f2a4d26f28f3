import * as vscode from 'vscode';
import { logLine } from './errors/logLine';
import type { Clock, Disposable, Logger } from '../base/ports';
import type { Session } from '../account/session';
import { SECTION, syncIntervalMinutes, vaultTimeoutMinutes } from './settings';

/** What goes on by itself: syncing while the vault is unlocked, looking at other windows' doings, the idle time. */
export function runInBackground(session: Session, clock: Clock, log: Logger): vscode.Disposable {
  let timer: Disposable | undefined;
  const schedule = () => {
    timer?.dispose();
    const minutes = syncIntervalMinutes();
    timer = minutes === 0 ? undefined : clock.setTimeout(tick, minutes * 60_000);
  };
  const tick = () => {
    schedule();
    const { state } = session;
    if (state.kind !== 'unlocked' || state.facts.dropped !== undefined || state.facts.rotationUnfinished) return;
    // The failure is a fact of the session and shows in the status bar.
    session.sync().catch((error: unknown) => log.debug(`background sync: ${logLine(error)}`));
  };
  const applySettings = () => {
    session.setTimeoutMinutes(vaultTimeoutMinutes());
    schedule();
  };
  applySettings();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SECTION)) applySettings();
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void session.checkAgain();
    }),
    { dispose: () => timer?.dispose() },
  );
}
