import type { HttpClient } from './http';
import { asObject, object, printable, text } from './reader';
import type { ServerUrls } from './servers';

export interface ServerConfig {
  /** As claimed: Vaultwarden names a Bitwarden version here. */
  readonly version: string | undefined;
  /** `Vaultwarden`, or another server's name for itself; undefined on official ones. */
  readonly serverName: string | undefined;
}

/**
 * Asks a server what it is (server: src/Api/Models/Response/ConfigResponseModel.cs); needs no token.
 *
 * @throws what HttpClient.send throws, and MalformedAnswerError when there is no JSON.
 */
export async function getServerConfig(http: HttpClient, urls: ServerUrls, signal?: AbortSignal): Promise<ServerConfig> {
  const answer = asObject(await http.json({ method: 'GET', url: `${urls.api}/config`, signal })) ?? {};
  const server = object(answer, 'server');
  const shown = (value: string | undefined): string | undefined => value && printable(value, 50);
  return { version: shown(text(answer, 'version')), serverName: shown(server && text(server, 'name')) };
}
