/**
 * Locks between windows, see FileStore.exclusive. Who holds one may wait for those below it, never for those above. All
 * but those of the machine go by the id of an account.
 */
export const locks = {
  /** An account is added to those on this machine. */
  accounts: 'accounts',
  /** A window listens to the hub, for as long as it has the vault unlocked. */
  live: (id: string) => `live-${id}`,
  /** The user changes the security stamp. */
  stamp: (id: string) => `stamp-${id}`,
  /** A token is renewed or dropped. */
  token: (id: string) => `token-${id}`,
  /** The client_secret changes. */
  rotation: (id: string) => `rotation-${id}`,
  /** The cached vault is replaced. */
  cache: (id: string) => `cache-${id}`,
  /** A PIN is tried, set or removed. */
  pin: (id: string) => `pin-${id}`,
  /** What was used is read and written. */
  used: (id: string) => `used-${id}`,
  /** What was generated is read and written. */
  generated: (id: string) => `generated-${id}`,
  /** A draft goes to a form. */
  drafts: (id: string) => `drafts-${id}`,
  /** What windows and the keeper know each other by is made. */
  keeperSecret: 'keeper-secret',
  /** A record is read and written. */
  records: (id: string) => `records-${id}`,
};
