import { AccountGoneError, MalformedAnswerError, VaultNotSentError } from '../errors';
import { answers } from '../http/answers';
import type { HttpClient } from '../http/client';
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
   * The whole vault as the server sends it, to be stored as it is and read by parseSync. There is no partial sync;
   * `accounts/revision-date` tells whether one is needed (server: SyncController.cs).
   *
   * @returns UTF-8 that begins like a JSON object, possibly after a byte order mark; not looked into any further.
   * @throws AccountGoneError, VaultNotSentError, MalformedAnswerError and what HttpClient.send throws.
   */
  async fetchSync(signal?: AbortSignal): Promise<Uint8Array> {
    const url = `${this.servers.api}/sync?excludeDomains=true`;
    const { token } = this;
    const body = await this.http.send({
      ...{ method: 'GET', url, token, signal },
      answer: answers.sync,
      refused: syncRefusal,
    });
    const start = body
      .subarray(0, 64)
      .toString()
      .replace(/^\uFEFF/, '')
      .trimStart();
    if (!start.startsWith('{')) throw new MalformedAnswerError(new URL(url).host, 'JSON object');
    return body;
  }
}

function syncRefusal({ status, host, messages }: Refusal): Error | undefined {
  if (status === 500) return new VaultNotSentError(host);
  const gone = status === 400 && messages.some((message) => /^user not found/i.test(message));
  return gone ? new AccountGoneError(host) : undefined;
}
