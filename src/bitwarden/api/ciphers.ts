import { ItemTypeRefusedError, NoArchiveError, OtherOwnerError, OutOfDateError, PolicyError } from '../errors';
import { answers } from '../http/answers';
import type { HttpClient, HttpRequest } from '../http/client';
import type { Refusal } from '../http/failures';
import type { ServerUrls } from '../http/servers';
import type { WireObject } from '../wire/wireObject';
import { missingElement } from './missingElement';

/** The most items of one call; the official server refuses more. */
export const MOST_AT_ONCE = 500;

/**
 * Calls about items (server: src/Api/Vault/Controllers/CiphersController.cs; vaultwarden: src/api/core/ciphers.rs). Each is
 * sent once, and throws what HttpClient.send throws; those that send a whole item also what refusedContent gives. Calls for many items take MOST_AT_ONCE. The official server passes over items that are not
 * there or must not be changed; Vaultwarden refuses at the first of them, and those before it are changed by then.
 */
export class CiphersApi {
  constructor(
    private readonly http: HttpClient,
    private readonly servers: ServerUrls,
    private readonly token: string,
  ) {}

  /**
   * The item as the server has it now, with its collections.
   *
   * @returns JSON in UTF-8.
   * @throws NotFoundError too: it is gone, or not for this user.
   */
  details(id: string): Promise<Buffer> {
    return this.http.send(this.#request('GET', `/${id}/details`, { answer: answers.item, refused: missingElement }));
  }

  /**
   * Makes an item.
   *
   * @param cipher see cipherRequest.
   * @param collectionIds of its organisation; undefined for an item of the user.
   * @returns the item, JSON in UTF-8; from the official server without its collections.
   */
  create(cipher: WireObject, collectionIds?: readonly string[]): Promise<Buffer> {
    const rest = { answer: answers.item, refused: refusedContent };
    return this.http.send(
      collectionIds === undefined
        ? this.#request('POST', '', { json: cipher, ...rest })
        : this.#request('POST', '/create', { json: { cipher, collectionIds }, ...rest }),
    );
  }

  /**
   * Replaces an item as a whole.
   *
   * @param cipher see cipherRequest.
   * @returns the item, JSON in UTF-8; from the official server without its collections.
   */
  replace(id: string, cipher: WireObject): Promise<Buffer> {
    return this.http.send(
      this.#request('PUT', `/${id}`, { json: cipher, answer: answers.item, refused: refusedContent }),
    );
  }

  /**
   * Moves an item of the user to an organisation.
   *
   * @param cipher encrypted for the organisation: see shareRequest.
   */
  share(id: string, cipher: WireObject, collectionIds: readonly string[]): Promise<void> {
    const json = { cipher, collectionIds };
    return this.http.ignoring(
      this.#request('PUT', `/${id}/share`, { json, answer: answers.item, refused: refusedContent }),
    );
  }

  /**
   * Sets the collections of an item. Those that the user may not write to stay as they are.
   *
   * @throws NotFoundError too.
   */
  setCollections(id: string, collectionIds: readonly string[]): Promise<void> {
    const json = { collectionIds };
    return this.http.ignoring(
      this.#request('PUT', `/${id}/collections_v2`, { json, answer: answers.item, refused: missingElement }),
    );
  }

  /**
   * Sets what belongs to this user alone, also of items that they may only read.
   *
   * @param folderId null: in none.
   * @returns the item, JSON in UTF-8; from the official server without its collections.
   */
  setPartial(id: string, json: { readonly folderId: string | null; readonly favorite: boolean }): Promise<Buffer> {
    return this.http.send(this.#request('PUT', `/${id}/partial`, { json, answer: answers.item }));
  }

  /** @param folderId null: out of any. */
  move(ids: readonly string[], folderId: string | null): Promise<void> {
    return this.#change('PUT', '/move', { ids, folderId });
  }

  trash(ids: readonly string[]): Promise<void> {
    const [id, ...others] = ids;
    return id !== undefined && others.length === 0
      ? this.#change('PUT', `/${id}/delete`)
      : this.#change('PUT', '/delete', { ids });
  }

  restore(ids: readonly string[]): Promise<void> {
    const [id, ...others] = ids;
    return id !== undefined && others.length === 0
      ? this.#change('PUT', `/${id}/restore`)
      : this.#change('PUT', '/restore', { ids });
  }

  /** Deletes for good. */
  delete(ids: readonly string[]): Promise<void> {
    const [id, ...others] = ids;
    return id !== undefined && others.length === 0
      ? this.#change('DELETE', `/${id}`)
      : this.#change('DELETE', '', { ids });
  }

  /** Also for a single item, as official clients do. @throws NoArchiveError too. */
  archive(ids: readonly string[]): Promise<void> {
    return this.#change('PUT', '/archive', { ids }, archiveRefusal);
  }

  /** As archive. @throws NoArchiveError too. */
  unarchive(ids: readonly string[]): Promise<void> {
    return this.#change('PUT', '/unarchive', { ids }, archiveRefusal);
  }

  #change(
    method: HttpRequest['method'],
    path: string,
    json?: HttpRequest['json'],
    refused?: HttpRequest['refused'],
  ): Promise<void> {
    return this.http.ignoring(this.#request(method, path, { json, refused, answer: answers.ignoredItems }));
  }

  #request(
    method: HttpRequest['method'],
    path: string,
    rest: Pick<HttpRequest, 'json' | 'refused' | 'answer'>,
  ): HttpRequest {
    return { method, url: `${this.servers.api}/ciphers${path}`, token: this.token, ...rest };
  }
}

/** What servers say of an item that they do not take (vaultwarden: src/api/core/ciphers.rs update_cipher_from_data). */
const REFUSALS: readonly (readonly [RegExp, new (host: string) => Error])[] = [
  // Official, Vaultwarden; official: CipherService.cs ValidateCipherLastKnownRevisionDate.
  [/^The (?:item cannot be saved because it|client copy of this cipher) is out of date\b/i, OutOfDateError],
  [/^The cipher you are updating is out of date\b/i, OutOfDateError],
  [/^Due to an Enterprise Policy\b/i, PolicyError],
  [/^Organization mismatch\b/i, OtherOwnerError],
  [/^Cipher was not encrypted (?:for the current user|with the current user key)\b/i, OtherOwnerError],
  [/^Invalid type\b/i, ItemTypeRefusedError],
];

/** @returns NotFoundError, OutOfDateError, PolicyError, OtherOwnerError, ItemTypeRefusedError; undefined for all others. */
function refusedContent(refusal: Refusal): Error | undefined {
  const missing = missingElement(refusal);
  if (missing !== undefined || refusal.status !== 400) return missing;
  for (const said of refusal.messages) {
    const ErrorOf = REFUSALS.find(([words]) => words.test(said))?.[1];
    if (ErrorOf !== undefined) return new ErrorOf(refusal.host);
  }
  return undefined;
}

/** A call for many items never says of one of them that it was not found. */
function archiveRefusal({ status, host }: Refusal): Error | undefined {
  return status === 404 ? new NoArchiveError(host) : undefined;
}
