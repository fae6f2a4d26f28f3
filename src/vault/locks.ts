/**
 * Locks between windows, see FileStore.exclusive. Who holds one may wait for those below it, never for those above.
 */
export const locks = {
  /** The user changes the security stamp. */
  stamp: (userId: string) => `stamp-${userId}`,
  /** A token is renewed or dropped. */
  token: (userId: string) => `token-${userId}`,
  /** The client_secret changes. */
  rotation: (userId: string) => `rotation-${userId}`,
  /** The cached vault is replaced. */
  cache: (userId: string) => `cache-${userId}`,
  /** A user who was signed out signs in again, or what came late is removed. */
  signedOut: 'signedOut',
};
