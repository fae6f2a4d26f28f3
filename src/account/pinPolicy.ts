import type { Policy } from '../bitwarden/wire/model';

/** RemoveUnlockWithPin (server: src/Core/AdminConsole/Enums/PolicyType.cs). */
const REMOVE_UNLOCK_WITH_PIN = 14;

/**
 * Whether an organization forbids to unlock with a PIN.
 *
 * @param policies that hold for the user.
 */
export function forbidsPin(policies: readonly Policy[]): boolean {
  return policies.some(({ type }) => type === REMOVE_UNLOCK_WITH_PIN);
}
