import * as vscode from 'vscode';
import { logLine } from './errors/logLine';
import type { Clock, Disposable, Logger } from '../base/ports';
import type { Session } from '../account/session';
import { SECTION, syncIntervalMinutes, vaultTimeoutMinutes } from './settings';

/**
 * Runs what nobody asks for: syncing in the interval of the setting, locking after the idle time, and a look at what
 * other windows have done whenever this one gets the focus.
 */
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
    // A failure is kept as a fact of the session, and the status bar shows it.
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
