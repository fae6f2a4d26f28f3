import type { Session } from '../../vault/session';
import { isSignedIn } from '../../vault/state';
import { openAddress } from '../links';

export async function openWebVault({ state }: Session): Promise<void> {
  if (isSignedIn(state)) await openAddress(state.account.servers.webVault);
}
