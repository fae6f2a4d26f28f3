import { isSignedIn, type SessionState } from '../../vault/state';
import type { CommandId } from './ids';

/** Those of the commands that somebody in this state can do something with; an error may have come in any. */
export function possible(commands: readonly CommandId[], state: SessionState): CommandId[] {
  return commands.filter((id) => {
    if (id === 'vaultside.signIn') return state.kind === 'signedOut';
    if (id === 'vaultside.tryAgain') return state.kind === 'unreadable';
    return isSignedIn(state) || always.includes(id);
  });
}

const always: readonly CommandId[] = ['vaultside.openApiKeyPage', 'vaultside.openSettings', 'vaultside.openLogs'];
