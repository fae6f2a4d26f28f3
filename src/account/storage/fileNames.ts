/**
 * The files of our private folder. Those of an account are named by its id, a dot and what they are, so that the files
 * of an account that is gone can be found by their names.
 */

const kinds = [
  /** Latest version of the account record, and the name of its key; there from the sign-in on. */
  'account',
  /** Latest version of the session record, and why there is no token, where there is none. */
  'session',
  /** Counts up with every "Lock Vault". */
  'lockSignal',
  /** The keeper holds the user key since some time, under some signal to lock, and where it is. */
  'kept',
  /** The timeout of this account alone, where there is one. */
  'timeout',
  /** A rotation was sent whose outcome is not stored yet. */
  'rotation',
  /** The account was signed out: for good, since its id is never given again. */
  'signedOut',
  /** The encrypted vault. */
  'vault',
  /** What is listed of the vault, sealed: see SealedItemList. */
  'list',
  /** Which items were used, sealed: see ItemUse. */
  'used',
  /** What was generated, sealed: see GeneratorHistory. */
  'generated',
  /** The key settings (KDF) of the last vault that had any. */
  'kdf',
  /** Which PIN holds, where there is one; what it unlocks is in the secret store. */
  'pin',
  /** How many times that PIN was wrong since it was right. */
  'pinTries',
] as const;

/** Latest version of what windows and the keeper know each other by: see KeeperSecret. Of no account. */
export const KEEPER_FILE = 'keeper';

/**
 * In milliseconds, for the marks of sign-outs: no window that was open when one was made is still at work after so
 * long.
 */
export const REMEMBERED_MS = 90 * 24 * 60 * 60 * 1000;

/** What was typed into the form of an item and not saved yet, sealed: see Drafts. There may be many. */
export type DraftFile = `draft-${string}`;

export type AccountFile = (typeof kinds)[number] | DraftFile;

/** @param draftId a UUID. */
export function draftFile(draftId: string): DraftFile {
  return `draft-${draftId}`;
}

/** Undefined for the file of anything else. */
export function draftOfFile(kind: AccountFile): string | undefined {
  return /^draft-(.*)$/.exec(kind)?.[1];
}

export function accountFile(id: string, kind: AccountFile): string {
  return `${id}.${kind}`;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const ACCOUNT_FILE = new RegExp(`^(${UUID})\\.([a-zA-Z]+|draft-${UUID})$`);

/** Undefined for every other name, such as that of a lock. */
export function accountOfFile(name: string): { readonly id: string; readonly kind: AccountFile } | undefined {
  const [, id, rest] = ACCOUNT_FILE.exec(name) ?? [];
  const draft = rest === undefined ? undefined : /^draft-(.*)$/.exec(rest)?.[1];
  const kind = draft === undefined ? kinds.find((each) => each === rest) : draftFile(draft);
  return id === undefined || kind === undefined ? undefined : { id, kind };
}
