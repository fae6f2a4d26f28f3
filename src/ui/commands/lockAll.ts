import type { Sessions } from '../../account/sessions';

/** Locks the vaults of all accounts, in all windows. */
export async function lockAll({ all }: Sessions): Promise<void> {
  // One that fails keeps none of the others open.
  const locking = await Promise.allSettled(all.map((session) => session.lock()));
  const failed = locking.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
