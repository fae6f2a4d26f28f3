import { AccountGoneError, VaultNotSentError } from '../errors';
import { answers } from '../http/answers';
import type { HttpClient, ReadBody } from '../http/client';
import type { Refusal } from '../http/failures';
import type { ServerUrls } from '../http/servers';

/** Calls about the vault of the signed-in user (server: src/Api/Vault/Controllers). */
export class VaultApi {
  constructor(
    private readonly http: HttpClient,
    private readonly servers: ServerUrls,
    private readonly token: string,
  ) {}

  /**
   * The whole vault as the server sends it, see readSyncAnswer. There is no partial sync; `accounts/revision-date` tells
   * whether one is needed (server: SyncController.cs).
   *
   * @param read see HttpClient.read.
   * @throws AccountGoneError, VaultNotSentError and what HttpClient.read throws.
   */
  fetchSync<T>(read: ReadBody<T>, signal?: AbortSignal): Promise<T> {
    const url = `${this.servers.api}/sync?excludeDomains=true`;
    const { token } = this;
    const answer = answers.sync;
    return this.http.read({ ...{ method: 'GET', url, token, signal }, answer, refused: syncRefusal }, read);
  }
}

function syncRefusal({ status, host, messages }: Refusal): Error | undefined {
  if (status === 500) return new VaultNotSentError(host);
  const gone = status === 400 && messages.some((message) => /^user not found/i.test(message));
  return gone ? new AccountGoneError(host) : undefined;
}
