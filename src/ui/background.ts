import * as vscode from 'vscode';
import { logLine } from './errors/logLine';
import type { Clock, Disposable, Logger } from '../base/ports';
import type { Sessions } from '../account/sessions';
import { lockTimes } from '../account/vaultTimeout';
import {
  countsAllActivity,
  locksOnSleep,
  SECTION,
  syncIntervalMinutes,
  unlocksAllWindows,
  vaultTimeout,
} from './settings';

/** VS Code says that a window is active until ten seconds after the last activity. */
const ACTIVE_MS = 10_000;

/**
 * Runs what nobody asks for, for all accounts: syncing in the interval of the setting, listening for changes in between, locking after the time without
 * activity, and a look at what other windows have done whenever this one gets the focus.
 */
export function runInBackground(sessions: Sessions, clock: Clock, log: Logger): vscode.Disposable {
  let timer: Disposable | undefined;
  const schedule = () => {
    timer?.dispose();
    const minutes = syncIntervalMinutes();
    timer = minutes === 0 ? undefined : clock.setTimeout(tick, minutes * 60_000);
  };
  const tick = () => {
    schedule();
    for (const session of sessions.all) {
      const { state } = session;
      if (state.kind !== 'unlocked' || state.facts.dropped !== undefined || state.facts.rotationUnfinished) continue;
      // A failure is kept as a fact of the session, and the status bar shows it.
      session.sync().catch((error: unknown) => log.debug(`background sync: ${logLine(error)}`));
    }
  };
  const applySettings = () => {
    sessions.setLocking({ ...lockTimes(vaultTimeout()), lockOnSleep: locksOnSleep() });
    sessions.setSharing(unlocksAllWindows());
    // With 0 the server is asked when the user asks, and at no other time.
    sessions.setLive(syncIntervalMinutes() > 0);
    schedule();
  };
  let watch: Disposable | undefined;
  const isAnyUnlocked = () => sessions.all.some(({ state }) => state.kind === 'unlocked');
  const noteActivity = () => {
    watch?.dispose();
    watch = undefined;
    if (!vscode.window.state.active || !isAnyUnlocked()) return;
    if (countsAllActivity()) for (const session of sessions.all) session.touch();
    watch = clock.setTimeout(noteActivity, ACTIVE_MS);
  };
  applySettings();
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SECTION)) applySettings();
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) void sessions.checkAgain();
      noteActivity();
    }),
    sessions.onDidChange(() => {
      if (watch === undefined && isAnyUnlocked()) noteActivity();
    }),
    {
      dispose: () => {
        timer?.dispose();
        watch?.dispose();
      },
    },
  );
}
