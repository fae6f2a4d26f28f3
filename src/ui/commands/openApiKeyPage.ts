import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { API_KEY_HELP, apiKeyPage, openAddress } from '../links';

/** Signed out, the server is not known yet: the help page says where the key is. */
export async function openApiKeyPage(session: Session): Promise<void> {
  const { state } = session;
  await openAddress(isSignedIn(state) ? apiKeyPage(state.account.servers) : API_KEY_HELP);
}
