import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { API_KEY_HELP, apiKeyPage, openAddress } from '../links';

/**
 * Opens the page of the web vault that has the API key. While nobody is signed in the server is not known, and a help
 * page says where to look.
 */
export async function openApiKeyPage(session: Session): Promise<void> {
  const { state } = session;
  await openAddress(isSignedIn(state) ? apiKeyPage(state.account.servers) : API_KEY_HELP);
}
