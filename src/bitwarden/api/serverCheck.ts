import { MalformedAnswerError, NetworkError } from '../errors';
import { answers } from '../http/answers';
import type { HttpClient } from '../http/client';
import type { ServerUrls } from '../http/servers';
import { asObject, nonEmptyText } from '../wire/wireObject';

/** For all attempts together. Somebody waits who has not begun yet, and can go on without an answer. */
const LIMIT_MS = 8_000;

/**
 * Asks whether a Bitwarden server answers, before anybody enters a key for it (server:
 * src/Api/Controllers/ConfigController.cs; vaultwarden: src/api/core/mod.rs). Nothing of the user is sent.
 *
 * @throws MalformedAnswerError when something else answers, NetworkError after eight seconds, and what HttpClient.send
 * throws.
 */
export async function checkServer(http: HttpClient, { api }: ServerUrls, signal: AbortSignal): Promise<void> {
  const url = `${api}/config`;
  const { host } = new URL(url);
  const limit = AbortSignal.timeout(LIMIT_MS);
  let answer: unknown;
  try {
    answer = await http.json({ method: 'GET', url, signal: AbortSignal.any([signal, limit]), answer: answers.config });
  } catch (error) {
    throw limit.aborted && !signal.aborted ? new NetworkError('timeout', host, { cause: error }) : error;
  }
  const config = asObject(answer);
  if (config === undefined || nonEmptyText(config, 'version') === undefined) {
    throw new MalformedAnswerError(host, 'config.version');
  }
}
