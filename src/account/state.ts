import type { ServerUrls } from '../bitwarden/http/servers';
import { NetworkError } from '../bitwarden/errors';
import type { KeeperTrouble } from '../base/keyKeeper';
import type { DropReason } from '../vault/errors';
import type { OpenVault } from '../vault/openVault';

/** The account as it may be shown. */
export interface Account {
  /** See AccountRecord. */
  readonly id: string;
  readonly userId: string;
  readonly email: string;
  readonly clientId: string;
  readonly servers: ServerUrls;
}

/** Whether the user has to sign in again: until then there is no token, and the cached vault must not be unlocked. */
export function mustSignInAgain(dropped: DropReason | undefined): dropped is 'stampChanged' | 'otherUser' {
  return dropped === 'stampChanged' || dropped === 'otherUser';
}

/** Whether the server was not reached. With a TlsError it was: it answered, and no secure connection came about. */
export function isOffline(problem: Error): boolean {
  return problem instanceof NetworkError;
}

/** What is known of an account, whether its vault is locked or unlocked. */
export interface Facts {
  readonly syncing: boolean;
  /** Why the last attempt to reach the server failed; undefined while it is reached. */
  readonly problem: Error | undefined;
  readonly dropped: DropReason | undefined;
  /** Milliseconds since the epoch. */
  readonly lastSync: number | undefined;
  /** The answer to a rotation was lost: the new client_secret has to be fetched from the server. */
  readonly rotationUnfinished: boolean;
  /** A PIN was set, and none of what ends one has removed it. */
  readonly hasPin: boolean;
  /** Why this window does not share its unlocked vault with others, though it should. */
  readonly alone?: KeeperTrouble | undefined;
}

export type SessionState =
  /** The stored account has not been read yet. */
  | { readonly kind: 'starting' }
  /** The secret storage of the editor fails; the log says how. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'signedOut' }
  | { readonly kind: 'locked'; readonly account: Account; readonly facts: Facts }
  | { readonly kind: 'unlocked'; readonly account: Account; readonly facts: Facts; readonly vault: OpenVault };

/** The states in which there is an account. */
export type SignedIn = Extract<SessionState, { kind: 'locked' | 'unlocked' }>;

export function isSignedIn(state: SessionState): state is SignedIn {
  return state.kind === 'locked' || state.kind === 'unlocked';
}
