import * as vscode from 'vscode';
import { logLine } from './errors/logLine';
import type { Clock, Disposable, Logger } from '../base/ports';
import type { Session } from '../account/session';
import {
  countsAllActivity,
  locksOnSleep,
  locksWithWindow,
  SECTION,
  syncIntervalMinutes,
  unlocksAllWindows,
  vaultTimeoutMinutes,
} from './settings';

/** VS Code says that a window is active until ten seconds after the last activity. */
const ACTIVE_MS = 10_000;

/**
 * Runs what nobody asks for: syncing in the interval of the setting, locking after the time without activity, and a look at what
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
    session.setLocking({
      minutes: vaultTimeoutMinutes(),
      lockOnSleep: locksOnSleep(),
      endsWithWindow: locksWithWindow(),
    });
    session.setSharing(unlocksAllWindows());
    schedule();
  };
  let watch: Disposable | undefined;
  const noteActivity = () => {
    watch?.dispose();
    watch = undefined;
    if (!vscode.window.state.active || session.state.kind !== 'unlocked') return;
    if (countsAllActivity()) session.touch();
    watch = clock.setTimeout(noteActivity, ACTIVE_MS);
  };
  applySettings();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SECTION)) applySettings();
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void session.checkAgain();
      noteActivity();
    }),
    session.onDidChange(({ kind }) => {
      if (kind === 'unlocked' && watch === undefined) noteActivity();
    }),
    {
      dispose: () => {
        timer?.dispose();
        watch?.dispose();
      },
    },
  );
}
