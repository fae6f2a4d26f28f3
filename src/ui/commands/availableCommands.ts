import { isSignedIn, mustSignInAgain, type SessionState } from '../../vault/state';
import type { CommandId } from './ids';

/** Those of the commands that somebody in this state can do something with; an error may have come in any. */
export function availableCommands(commands: readonly CommandId[], state: SessionState): CommandId[] {
  return commands.filter((id) => {
    if (id === 'vaultside.signIn') return state.kind === 'signedOut';
    if (id === 'vaultside.tryAgain') return state.kind === 'unreadable';
    if (always.includes(id)) return true;
    if (!isSignedIn(state)) return false;
    const { dropped } = state.facts;
    if (id === 'vaultside.unlock') return !mustSignInAgain(dropped);
    return dropped === undefined || !asking.includes(id);
  });
}

/** Commands that need a session at the server. */
const asking: readonly CommandId[] = ['vaultside.sync', 'vaultside.rotateApiKey', 'vaultside.viewApiKey'];

const always: readonly CommandId[] = ['vaultside.openApiKeyPage', 'vaultside.openSettings', 'vaultside.openLogs'];
