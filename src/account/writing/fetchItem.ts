import type { ServerApi } from '../../bitwarden/api/serverApi';
import { apiHost } from '../../bitwarden/http/servers';
import { readElement } from '../../bitwarden/wire/changedElement';
import type { WireObject } from '../../bitwarden/wire/wireObject';
import { keyOfCipher, type RawChange } from '../../vault/encryptedVault';
import type { SessionStore } from '../sessionStore';
import type { Ask } from './vaultWrites';

/** @param item as the server has sent it. */
export function changeOfItem(id: string, item: WireObject): RawChange {
  return { key: keyOfCipher(id), json: Buffer.from(JSON.stringify(item)) };
}

/** An item as the server has it now. @param host for error messages. @throws as CiphersApi.details and readElement. */
export async function fetchItem({ ciphers }: ServerApi, host: string, id: string): Promise<RawChange> {
  return changeOfItem(id, readElement(await ciphers.details(id), { id, host }));
}

/** What is different in the vault once this item was changed. Undefined where it cannot be read now. */
export async function changesOf(
  read: Ask,
  store: Pick<SessionStore, 'signedIn'>,
  id: string,
): Promise<readonly RawChange[] | undefined> {
  try {
    const { servers } = store.signedIn().account;
    return [await read((api) => fetchItem(api, apiHost(servers), id))];
  } catch {
    return undefined;
  }
}
