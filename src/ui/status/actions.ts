import { mustSignInAgain, type SessionState } from '../../vault/state';
import type { CommandId } from '../commands/ids';
import { availableCommands } from '../commands/availableCommands';

/** What a click on the status bar offers: what is needed most comes first. */
export function actionsFor(state: SessionState): readonly CommandId[] {
  const always = ['vaultside.openSettings', 'vaultside.openLogs'] as const;
  if (state.kind === 'starting') return always;
  if (state.kind === 'unreadable') return ['vaultside.tryAgain', ...always];
  if (state.kind === 'signedOut') return ['vaultside.signIn', ...always];
  const { facts } = state;
  const mend: CommandId[] = [
    ...(facts.rotationUnfinished ? (['vaultside.finishRotation'] as const) : []),
    ...(facts.rotationUnfinished || facts.dropped === 'keyRejected' || facts.dropped === 'storedElsewhere'
      ? (['vaultside.enterNewClientSecret'] as const)
      : []),
    ...(mustSignInAgain(facts.dropped) || facts.dropped === 'accountGone' ? (['vaultside.signInAgain'] as const) : []),
  ];
  const use: CommandId[] = [
    ...(state.kind === 'unlocked'
      ? (['vaultside.searchVault', 'vaultside.lock'] as const)
      : (['vaultside.unlock'] as const)),
    'vaultside.sync',
    'vaultside.rotateApiKey',
    'vaultside.viewApiKey',
  ];
  return [...mend, ...availableCommands(use, state), 'vaultside.openApiKeyPage', 'vaultside.signOut', ...always];
}
