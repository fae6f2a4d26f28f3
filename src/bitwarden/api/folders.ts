import type { EncStringText } from '../crypto/encString';
import { answers } from '../http/answers';
import type { HttpClient, HttpRequest } from '../http/client';
import type { ServerUrls } from '../http/servers';
import { missingElement } from './missingElement';

/**
 * Calls about the folders of the user (server: src/Api/Vault/Controllers/FoldersController.cs; vaultwarden:
 * src/api/core/folders.rs). Each is sent once, and throws what HttpClient.send throws.
 */
export class FoldersApi {
  constructor(
    private readonly http: HttpClient,
    private readonly servers: ServerUrls,
    private readonly token: string,
  ) {}

  /**
   * The folder as the server has it now.
   *
   * @returns JSON in UTF-8.
   * @throws NotFoundError too: it is gone.
   */
  get(id: string): Promise<Buffer> {
    return this.http.send({ ...this.#request('GET', `/${id}`), refused: missingElement });
  }

  /** @returns the folder, JSON in UTF-8. */
  create(name: EncStringText): Promise<Buffer> {
    return this.http.send(this.#request('POST', '', { name }));
  }

  /** @returns the folder, JSON in UTF-8. */
  rename(id: string, name: EncStringText): Promise<Buffer> {
    return this.http.send(this.#request('PUT', `/${id}`, { name }));
  }

  /** The items in it stay, in no folder. */
  delete(id: string): Promise<void> {
    return this.http.nothing(this.#request('DELETE', `/${id}`));
  }

  #request(method: HttpRequest['method'], path: string, json?: HttpRequest['json']): HttpRequest {
    return { method, url: `${this.servers.api}/folders${path}`, token: this.token, json, answer: answers.folder };
  }
}
