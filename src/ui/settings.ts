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

/** Minutes without use after which the vault locks. Undefined: it does not lock by time. */
export function vaultTimeoutMinutes(): number | undefined {
  const value = read('vaultTimeout');
  if (value === 'never' || value === 'onWindowClose') return undefined;
  const minutes = Number(value);
  return Number.isFinite(minutes) && minutes >= 1 ? minutes : 15;
}

/** Seconds after which a copied secret is cleared. 0: only when the vault locks. */
export function clearClipboardAfterSeconds(): number {
  return Math.min(amount(read('clipboard.clearAfterSeconds'), 30), 3600);
}

export function useEnvironmentKey(): boolean {
  return read('signIn.useEnvironment') === true;
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
