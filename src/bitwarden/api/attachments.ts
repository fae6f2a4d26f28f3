import { MalformedAnswerError, NotFoundError } from '../errors';
import type { EncStringText } from '../crypto/encString';
import { answers } from '../http/answers';
import type { HttpClient, HttpRequest, PiecewiseBody, ReadBody } from '../http/client';
import type { Refusal } from '../http/failures';
import { apiHost, parseServerUrl, type ServerUrls } from '../http/servers';
import { asObject, identifier, integer, nonEmptyText, required, type WireObject } from '../wire/wireObject';
import { missingElement } from './missingElement';
import type { OutgoingFile } from './outgoingFile';
import { type AzureSizes, sendToAzure } from './azureUpload';

/** What a server is told of a file before it is sent. */
export interface NewAttachment {
  /** The key of the file under that of the item. */
  readonly key: EncStringText;
  readonly fileName: EncStringText;
  /** In bytes, encrypted. */
  readonly fileSize: number;
  /** Of the item, as received: a server that has another version refuses. */
  readonly lastKnownRevisionDate: string | undefined;
}

/** What a server has answered to that. */
export interface AnnouncedAttachment {
  readonly id: string;
  /** Where it wants the file: at the API, or at an address in Azure that holds its own permission. */
  readonly place: { readonly kind: 'api' } | { readonly kind: 'azure'; readonly url: string };
}

export interface TransferOptions {
  readonly signal?: AbortSignal | undefined;
  /** Gets the number of bytes that have gone through by then. It can begin anew where an attempt has failed. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Calls about the files of items (server: src/Api/Vault/Controllers/CiphersController.cs; vaultwarden:
 * src/api/core/ciphers.rs; clients: libs/common/src/platform/services/file-upload). All of them throw what HttpClient.send
 * throws. The files themselves are where the server says, which can be another host: an address of plain http counts only
 * where the server itself has one, and the access token goes to none of them.
 */
export class AttachmentsApi {
  constructor(
    private readonly http: HttpClient,
    private readonly servers: ServerUrls,
    private readonly token: string,
  ) {}

  /**
   * Where a file can be fetched for the next minutes: the addresses of a sync can be too old.
   *
   * @throws NotFoundError too: it is gone. MalformedAnswerError for an address that must not be used.
   */
  async address(itemId: string, id: string): Promise<string> {
    const answer = await this.#json('GET', `/${itemId}/attachment/${id}`, answers.attachment);
    return this.#checkAddress(nonEmptyText(answer, 'url'));
  }

  /**
   * Fetches a file.
   *
   * @param url from `address`.
   * @param read gets it as it comes, once for each attempt: see HttpClient.read.
   * @throws NotFoundError too, for a file that is not there, or a permission that has run out; what `read` throws.
   */
  fetch<T>(url: string, read: ReadBody<T>, { signal, onProgress }: TransferOptions): Promise<T> {
    const request = { method: 'GET', url, elsewhere: {}, answer: answers.file, signal, refused: notThere } as const;
    return this.http.read(request, (body) => read(counted(body, onProgress)));
  }

  /** Makes an attachment whose file is still missing. */
  async announce(itemId: string, attachment: NewAttachment): Promise<AnnouncedAttachment> {
    const json = { ...attachment, adminRequest: false };
    const answer = await this.#json('POST', `/${itemId}/attachment/v2`, answers.item, json);
    const id = required(identifier(answer, 'attachmentId'), this.#host, 'attachmentId');
    if (integer(answer, 'fileUploadType') !== AZURE) return { id, place: { kind: 'api' } };
    return { id, place: { kind: 'azure', url: this.#checkAddress(nonEmptyText(answer, 'url')) } };
  }

  /**
   * Sends the file of an attachment that was announced.
   *
   * @param fileName as it was announced.
   */
  async send(
    itemId: string,
    { id, place }: AnnouncedAttachment,
    { fileName, file }: { readonly fileName: EncStringText; readonly file: OutgoingFile },
    { signal, onProgress, azureSizes }: TransferOptions & { readonly azureSizes?: AzureSizes } = {},
  ): Promise<void> {
    const outgoing = {
      ...file,
      pieces: (...part: [number, number]) => counted(file.pieces(...part), onProgress, part[0]),
    };
    if (place.kind === 'azure') {
      const renew = async () => {
        const answer = await this.#json('GET', `/${itemId}/attachment/${id}/renew`, answers.item);
        return this.#checkAddress(nonEmptyText(answer, 'url'));
      };
      await sendToAzure(this.http, place.url, outgoing, { renew, signal, sizes: azureSizes });
      return;
    }
    const pieces = asForm(outgoing, fileName);
    const request = this.#request('POST', `/${itemId}/attachment/${id}`, answers.fileReceived);
    await this.http.nothing({ ...request, pieces, signal });
  }

  /** @throws NotFoundError too: it is gone. */
  async delete(itemId: string, id: string): Promise<void> {
    const request = this.#request('DELETE', `/${itemId}/attachment/${id}`, answers.ignoredItems);
    await this.http.ignoring({ ...request, refused: missingElement });
  }

  get #host(): string {
    return apiHost(this.servers);
  }

  /** @returns the address as it is to be used. */
  #checkAddress(named: string | undefined): string {
    const { api } = this.servers;
    try {
      const url = new URL(named ?? '');
      const isSafe = url.protocol === 'https:' || url.protocol === new URL(api).protocol;
      if (!isSafe) throw new TypeError('not https');
      url.hash = '';
      parseServerUrl(url.origin + url.pathname);
      if (url.username !== '' || url.password !== '') throw new TypeError('credentials');
      return url.href;
    } catch {
      throw new MalformedAnswerError(this.#host, 'url');
    }
  }

  async #json(
    method: HttpRequest['method'],
    path: string,
    answer: HttpRequest['answer'],
    json?: HttpRequest['json'],
  ): Promise<WireObject> {
    const request = { ...this.#request(method, path, answer), json, refused: missingElement };
    return required(asObject(await this.http.json(request)), this.#host, 'an object');
  }

  #request(method: HttpRequest['method'], path: string, answer: HttpRequest['answer']): HttpRequest {
    return { method, url: `${this.servers.api}/ciphers${path}`, token: this.token, answer };
  }
}

/** server: src/Core/Enums/FileUploadType.cs */
const AZURE = 1;

/** Stores say 403 or 404 for what is not there, and of a permission that has run out. */
function notThere({ status, host }: Refusal): Error | undefined {
  return status === 403 || status === 404 || status === 410 ? new NotFoundError(host) : undefined;
}

/** One part called `data`, as official clients send it (clients: bitwarden-file-upload.service.ts). */
function asForm({ size, pieces }: OutgoingFile, fileName: EncStringText): PiecewiseBody {
  const boundary = `----${crypto.randomUUID()}`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="data"; filename="${fileName}"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length: head.length + size + tail.length,
    pieces: async function* () {
      yield head;
      yield* pieces(0, size);
      yield tail;
    },
  };
}

async function* counted<T extends Uint8Array>(
  pieces: AsyncIterable<T>,
  onProgress: TransferOptions['onProgress'],
  start = 0,
): AsyncGenerator<T, void> {
  let bytes = start;
  for await (const piece of pieces) {
    yield piece;
    bytes += piece.length;
    onProgress?.(bytes);
  }
}
