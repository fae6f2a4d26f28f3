import { type DropReason, KdfDowngradeError } from '../vault/errors';
import { isSignedIn, mustSignInAgain, type SessionState } from '../vault/state';

/** The context keys that package.json may use, with all their values. */
export interface ContextValues {
  readonly 'vaultside.state': SessionState['kind'];
  readonly 'vaultside.dropped': DropReason | 'no';
  /** Signed in, and the vault is open or may be unlocked. */
  readonly 'vaultside.usable': boolean;
  /** Signed in, and the server can be asked. */
  readonly 'vaultside.inSession': boolean;
  readonly 'vaultside.kdfWeaker': boolean;
  readonly 'vaultside.rotationUnfinished': boolean;
  /** Nothing to unlock: the vault could not be fetched since the sign-in. */
  readonly 'vaultside.neverFetched': boolean;
  readonly 'vaultside.empty': boolean;
  readonly 'vaultside.filtered': boolean;
}

export const contextDefaults: ContextValues = {
  'vaultside.state': 'starting',
  'vaultside.dropped': 'no',
  'vaultside.usable': false,
  'vaultside.inSession': false,
  'vaultside.kdfWeaker': false,
  'vaultside.rotationUnfinished': false,
  'vaultside.neverFetched': false,
  'vaultside.empty': false,
  'vaultside.filtered': false,
};

export function contextValues(state: SessionState, filtered: boolean): ContextValues {
  if (!isSignedIn(state)) return { ...contextDefaults, 'vaultside.state': state.kind };
  return {
    'vaultside.state': state.kind,
    'vaultside.dropped': state.facts.dropped ?? 'no',
    'vaultside.usable': !mustSignInAgain(state.facts.dropped),
    'vaultside.inSession': state.facts.dropped === undefined,
    'vaultside.kdfWeaker': state.facts.problem instanceof KdfDowngradeError,
    'vaultside.rotationUnfinished': state.facts.rotationUnfinished,
    'vaultside.neverFetched': state.facts.lastSync === undefined && state.facts.problem !== undefined,
    'vaultside.empty': state.kind === 'unlocked' && state.vault.items.length === 0,
    'vaultside.filtered': state.kind === 'unlocked' && filtered,
  };
}
