import * as vscode from 'vscode';
import type { IdleLimits, KeeperTrouble } from '../../base/keyKeeper';

export interface LockingTime {
  readonly limits: IdleLimits;
  /** Milliseconds since the epoch, by the last use; undefined: not by time. */
  readonly at: number | undefined;
  /** See `countsAllActivity`. */
  readonly countsAll: boolean;
  /** Whether one unlock is for all windows, by the setting. */
  readonly allWindows: boolean;
  /** Why it is for this window alone all the same. */
  readonly alone: KeeperTrouble | undefined;
}

/** When an unlocked vault locks by itself, as far as that can be said without a clock that ticks. */
export function explainLockingTime(time: LockingTime, formatTime: (milliseconds: number) => string): string[] {
  const { lockOnSleep } = time.limits;
  return [
    whenItLocks(time, formatTime),
    ...(lockOnSleep ? [vscode.l10n.t('Locks when the computer sleeps')] : []),
    ...(time.allWindows && time.alone !== undefined ? [explainAlone(time.alone)] : []),
  ];
}

function whenItLocks(
  { limits, at, countsAll, allWindows, alone }: LockingTime,
  formatTime: (milliseconds: number) => string,
): string {
  if (at === undefined) {
    if (!allWindows || alone !== undefined) return vscode.l10n.t('Locks when this window is closed or reloaded');
    return limits.endsWithWindow
      ? vscode.l10n.t('Locks when the last window is closed or reloaded')
      : vscode.l10n.t('Locks a minute after the last window is closed');
  }
  if (!countsAll) return vscode.l10n.t('Locks at {0} unless the vault is used before', formatTime(at));
  const minutes = limits.idleMs / 60_000;
  if (minutes === 1) return vscode.l10n.t('Locks after 1 minute without activity');
  if (minutes === 60) return vscode.l10n.t('Locks after 1 hour without activity');
  if (minutes % 60 === 0) return vscode.l10n.t('Locks after {0} hours without activity', minutes / 60);
  return vscode.l10n.t('Locks after {0} minutes without activity', minutes);
}

function explainAlone(why: KeeperTrouble): string {
  switch (why) {
    case 'folder':
      return vscode.l10n.t('Other windows are unlocked on their own: no private folder was found for the connection.');
    case 'notStarted':
      return vscode.l10n.t('Other windows are unlocked on their own: no process could be started to hold the key.');
    case 'outdated':
      return vscode.l10n.t('Other windows are unlocked on their own until this one is reloaded.');
    case 'noAnswer':
    case 'stranger':
    case 'otherVersion':
    case 'ended':
      return vscode.l10n.t('Other windows are unlocked on their own until the vault is locked and unlocked again.');
  }
}
