import { SecretStorageError } from '../../vault/errors';
import type { Session } from '../../account/session';

/** Reads the stored account again, after the secret storage failed. */
export async function tryAgain(session: Session): Promise<void> {
  await session.checkAgain();
  if (session.state.kind === 'unreadable') throw new SecretStorageError('not readable');
}
