import * as vscode from 'vscode';

/** Every setting has its reader here. All are of application scope: no folder or workspace has a say in them. */
export const SECTION = 'vaultside';

function read(name: string): unknown {
  // `inspect`, not `get`: what a workspace might hold is not looked at, whatever the scope says.
  const values = vscode.workspace.getConfiguration(SECTION).inspect<unknown>(name);
  return values?.globalValue ?? values?.defaultValue;
}

function amount(value: unknown, fallback: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : fallback;
}

/** Minutes without use after which the vault locks; undefined: time does not lock it. */
export function vaultTimeoutMinutes(): number | undefined {
  const value = read('vaultTimeout');
  if (value === 'never' || value === 'onWindowClose') return undefined;
  const minutes = Number(value);
  return Number.isFinite(minutes) && minutes >= 1 ? minutes : 15;
}

/** 0: only on lock. */
export function clearClipboardAfterSeconds(): number {
  return Math.min(amount(read('clipboard.clearAfterSeconds'), 30), 3600);
}

export function useEnvironmentKey(): boolean {
  return read('signIn.useEnvironment') === true;
}

/** 0: only when asked to. */
export function syncIntervalMinutes(): number {
  const minutes = amount(read('sync.intervalMinutes'), 10);
  return minutes === 0 ? 0 : Math.min(Math.max(minutes, 5), 24 * 60);
}
