import type { ServerUrls } from '../bitwarden/http/servers';
import { NetworkError } from '../bitwarden/errors';
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

/** Until the user has signed in again there is neither a token nor a vault that may be unlocked. */
export function mustSignInAgain(dropped: DropReason | undefined): dropped is 'stampChanged' | 'otherUser' {
  return dropped === 'stampChanged' || dropped === 'otherUser';
}

/** The server is not there; one whose certificate is not trusted is. */
export function isOffline(problem: Error): boolean {
  return problem instanceof NetworkError;
}

/** True beside the state, whatever the state is. */
export interface Facts {
  readonly syncing: boolean;
  /** Why the last attempt to reach the server failed; undefined while it is reached. */
  readonly problem: Error | undefined;
  readonly dropped: DropReason | undefined;
  /** Milliseconds since the epoch. */
  readonly lastSync: number | undefined;
  /** A rotation whose answer was lost; the new client_secret has to be fetched. */
  readonly rotationUnfinished: boolean;
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
