import type { LockSettings } from './idleTimer';

/** When a vault locks by itself, as users choose it: after so many minutes without use, with the last window, or never. */
export const VAULT_TIMEOUTS = ['1', '5', '15', '30', '60', '240', 'onWindowClose', 'never'] as const;

export type VaultTimeout = (typeof VAULT_TIMEOUTS)[number];

const USUAL_MINUTES = 15;

export function isVaultTimeout(value: unknown): value is VaultTimeout {
  return VAULT_TIMEOUTS.some((timeout) => timeout === value);
}

/** @param timeout any other number of minutes from 1 on is taken, too. What is none counts as 15 minutes. */
export function lockTimes(timeout: unknown): Pick<LockSettings, 'minutes' | 'endsWithWindow'> {
  const endsWithWindow = timeout === 'onWindowClose';
  if (endsWithWindow || timeout === 'never') return { minutes: undefined, endsWithWindow };
  const minutes = Number(timeout);
  return { minutes: Number.isFinite(minutes) && minutes >= 1 ? minutes : USUAL_MINUTES, endsWithWindow };
}
