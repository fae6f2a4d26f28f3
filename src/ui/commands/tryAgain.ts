import { SecretStorageError } from '../../vault/errors';
import type { Sessions } from '../../account/sessions';

/** Reads the stored accounts again, after the secret storage failed. */
export async function tryAgain(sessions: Sessions): Promise<void> {
  await sessions.checkAgain();
  if (sessions.current.state.kind === 'unreadable') throw new SecretStorageError('not readable');
}
