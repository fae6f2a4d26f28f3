import * as vscode from 'vscode';

/**
 * The prefix of our settings, each of which has a reader in this file. All have application scope: a folder or
 * workspace cannot change them.
 */
export const SECTION = 'vaultside';

function read(name: string, section = SECTION): unknown {
  // `get` would look at the settings of the workspace, too. `inspect` lets us take the user's alone.
  const values = vscode.workspace.getConfiguration(section).inspect<unknown>(name);
  return values?.globalValue ?? values?.defaultValue;
}

function amount(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : fallback;
}

/** When a vault locks by itself, for accounts without a timeout of their own. */
export function vaultTimeout(): unknown {
  return read('vaultTimeout');
}

/** Whether one unlock is for all windows. */
export function unlocksAllWindows(): boolean {
  return read('unlock') !== 'thisWindow';
}

export function locksOnSleep(): boolean {
  return read('lockOnSleep') !== false;
}

/** Whether all that is done in VS Code counts as activity, and not only what is done with the vault. */
export function countsAllActivity(): boolean {
  return read('activity') !== 'vault';
}

/** Seconds after which a copied secret is cleared. 0: only when the vault locks. */
export function clearClipboardAfterSeconds(): number {
  return Math.min(amount(read('clipboard.clearAfterSeconds'), 30), 3600);
}

export function useEnvironmentKey(): boolean {
  return read('signIn.useEnvironment') === true;
}

/** Nothing is shown in clear. Where it is asked for often, see isPresenting. */
export function presenting(): boolean {
  return read('presentationMode') === true;
}

/** Whether what happens is said so that a screen reader reads it out. */
export function announces(): boolean {
  const value = read('announce');
  if (value === 'on' || value === 'off') return value === 'on';
  // VS Code does not tell whether it has found a screen reader by itself.
  return read('accessibilitySupport', 'editor') === 'on';
}

/** Minutes between two syncs. 0: only when the user asks for one. */
export function syncIntervalMinutes(): number {
  const minutes = amount(read('sync.intervalMinutes'), 10);
  return minutes === 0 ? 0 : Math.min(Math.max(minutes, 5), 24 * 60);
}
