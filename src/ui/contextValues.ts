import { UnauthorizedError } from '../bitwarden/errors';
import { type DropReason, KdfDowngradeError } from '../vault/errors';
import { forbidsPin } from '../account/pinPolicy';
import { isSignedIn, mustSignInAgain, type SessionState } from '../account/state';

/** The context keys that `when` clauses of package.json use, there with `vaultside.` before the name. */
export interface ContextValues {
  readonly state: SessionState['kind'];
  /**
   * Somebody is signed in, or the secret storage cannot be read and nobody knows. False until the extension has
   * started.
   */
  readonly mayBeSignedIn: boolean;
  readonly signedIn: boolean;
  /** There are two accounts or more. */
  readonly severalAccounts: boolean;
  readonly dropped: DropReason | 'no';
  /** Signed in, and the vault is open or may be unlocked. */
  readonly usable: boolean;
  /** Signed in, and the server can be asked. */
  readonly inSession: boolean;
  /** The session would go on with a client_secret that the user enters. */
  readonly newSecretHelps: boolean;
  readonly signInAgainHelps: boolean;
  readonly rotationUnfinished: boolean;
  /** A PIN is set. */
  readonly hasPin: boolean;
  /** The vault is open, and no organization forbids a PIN. */
  readonly mayHavePin: boolean;
  /** There is nothing to unlock yet: the vault could not be fetched since the sign-in. */
  readonly neverFetched: boolean;
  readonly empty: boolean;
  readonly filtered: boolean;
  /** The view "Item" has something to show. */
  readonly itemOpen: boolean;
  /** The focus is in the form of an item. */
  readonly formFocused: boolean;
  /** The list of "Search Vault" is open. */
  readonly searchOpen: boolean;
  /** The generator is open. */
  readonly generatorOpen: boolean;
  /** Presentation mode is on. */
  readonly presenting: boolean;
  /** A secret was copied in this window. */
  readonly hasCopied: boolean;
  /** The API key was rotated in this window. */
  readonly hasRotated: boolean;
}

export const contextDefaults: ContextValues = {
  state: 'starting',
  mayBeSignedIn: false,
  signedIn: false,
  severalAccounts: false,
  dropped: 'no',
  usable: false,
  inSession: false,
  newSecretHelps: false,
  signInAgainHelps: false,
  rotationUnfinished: false,
  hasPin: false,
  mayHavePin: false,
  neverFetched: false,
  empty: false,
  filtered: false,
  itemOpen: false,
  formFocused: false,
  searchOpen: false,
  generatorOpen: false,
  presenting: false,
  hasCopied: false,
  hasRotated: false,
};

/** What the state of the session does not tell. */
type OfWindow = Pick<
  ContextValues,
  | 'severalAccounts'
  | 'filtered'
  | 'itemOpen'
  | 'formFocused'
  | 'searchOpen'
  | 'generatorOpen'
  | 'presenting'
  | 'hasCopied'
  | 'hasRotated'
>;

export function contextValues(
  state: SessionState,
  {
    severalAccounts = false,
    filtered = false,
    itemOpen = false,
    formFocused = false,
    searchOpen = false,
    generatorOpen = false,
    presenting = false,
    hasCopied = false,
    hasRotated = false,
  }: Partial<OfWindow> = {},
): ContextValues {
  const ofAnyState = { severalAccounts, generatorOpen, presenting, hasCopied, hasRotated };
  if (!isSignedIn(state)) {
    return { ...contextDefaults, state: state.kind, mayBeSignedIn: state.kind === 'unreadable', ...ofAnyState };
  }
  const { dropped, problem, rotationUnfinished, hasPin, lastSync } = state.facts;
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
    hasPin,
    mayHavePin: state.kind === 'unlocked' && !forbidsPin(state.vault.policies),
    neverFetched: lastSync === undefined && problem !== undefined,
    empty: state.kind === 'unlocked' && state.vault.items.length === 0,
    filtered: state.kind === 'unlocked' && filtered,
    itemOpen: state.kind === 'unlocked' && itemOpen,
    formFocused: state.kind === 'unlocked' && formFocused,
    searchOpen: state.kind === 'unlocked' && searchOpen,
    ...ofAnyState,
  };
}

/** Holds if all the named keys have these values; an empty condition always holds. */
export type Condition = Partial<ContextValues>;

export function holds(condition: Condition, values: ContextValues): boolean {
  return (Object.keys(condition) as (keyof ContextValues)[]).every((key) => condition[key] === values[key]);
}
