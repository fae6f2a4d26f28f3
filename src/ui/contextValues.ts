import { UnauthorizedError } from '../bitwarden/errors';
import { type DropReason, KdfDowngradeError } from '../vault/errors';
import { isSignedIn, mustSignInAgain, type SessionState } from '../account/state';

/** What commands, menus and welcome texts go by: the context keys of package.json, where `vaultside.` stands before each. */
export interface ContextValues {
  readonly state: SessionState['kind'];
  /** Somebody is signed in, or that cannot be told; false, too, before the extension has started. */
  readonly mayBeSignedIn: boolean;
  readonly signedIn: boolean;
  readonly dropped: DropReason | 'no';
  /** Signed in, and the vault is open or may be unlocked. */
  readonly usable: boolean;
  /** Signed in, and the server can be asked. */
  readonly inSession: boolean;
  /** A client_secret that the user has got elsewhere would help. */
  readonly newSecretHelps: boolean;
  readonly signInAgainHelps: boolean;
  readonly rotationUnfinished: boolean;
  /** Nothing to unlock: the vault could not be fetched since the sign-in. */
  readonly neverFetched: boolean;
  readonly empty: boolean;
  readonly filtered: boolean;
}

export const contextDefaults: ContextValues = {
  state: 'starting',
  mayBeSignedIn: false,
  signedIn: false,
  dropped: 'no',
  usable: false,
  inSession: false,
  newSecretHelps: false,
  signInAgainHelps: false,
  rotationUnfinished: false,
  neverFetched: false,
  empty: false,
  filtered: false,
};

export function contextValues(state: SessionState, filtered: boolean): ContextValues {
  if (!isSignedIn(state)) {
    return { ...contextDefaults, state: state.kind, mayBeSignedIn: state.kind === 'unreadable' };
  }
  const { dropped, problem, rotationUnfinished, lastSync } = state.facts;
  return {
    state: state.kind,
    mayBeSignedIn: true,
    signedIn: true,
    dropped: dropped ?? 'no',
    usable: !mustSignInAgain(dropped),
    inSession: dropped === undefined,
    newSecretHelps: dropped === 'keyRejected' || dropped === 'storedElsewhere' || rotationUnfinished,
    signInAgainHelps:
      mustSignInAgain(dropped) ||
      dropped === 'accountGone' ||
      problem instanceof KdfDowngradeError ||
      problem instanceof UnauthorizedError,
    rotationUnfinished,
    neverFetched: lastSync === undefined && problem !== undefined,
    empty: state.kind === 'unlocked' && state.vault.items.length === 0,
    filtered: state.kind === 'unlocked' && filtered,
  };
}

/** All of these values at once; an empty condition always holds. */
export type Condition = Partial<ContextValues>;

export function holds(condition: Condition, values: ContextValues): boolean {
  return (Object.keys(condition) as (keyof ContextValues)[]).every((key) => condition[key] === values[key]);
}
