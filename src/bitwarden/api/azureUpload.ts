import { answers } from '../http/answers';
import type { HttpClient, PiecewiseBody } from '../http/client';
import type { OutgoingFile } from './outgoingFile';

const MIB = 1024 * 1024;

/** In bytes. */
export interface AzureSizes {
  /** What goes in one piece. */
  readonly whole: number;
  /** What goes in one block of a larger file. */
  readonly block: number;
}

/** Blocks may be of 100 MiB, and 50,000 in number (learn.microsoft.com/rest/api/storageservices/put-block). */
const SIZES: AzureSizes = { whole: 256 * MIB, block: 32 * MIB };

/**
 * Sends a file to Azure, as official clients do (clients:
 * libs/common/src/platform/services/file-upload/azure-file-upload.service.ts).
 *
 * @param address with the permission in it.
 * @param renew gets another address for the same file. A permission holds for a minute, so each block gets its own.
 * @throws what HttpClient.send throws.
 */
export async function sendToAzure(
  http: HttpClient,
  address: string,
  { size, pieces }: OutgoingFile,
  {
    renew,
    signal,
    sizes: { whole, block } = SIZES,
  }: {
    readonly renew: () => Promise<string>;
    readonly signal?: AbortSignal | undefined;
    readonly sizes?: AzureSizes | undefined;
  },
): Promise<void> {
  const put = async (url: URL, body: PiecewiseBody, headers: Record<string, string> = {}) => {
    const version = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': url.searchParams.get('sv') ?? '' };
    const request = { method: 'PUT', url: url.href, answer: answers.fileReceived, pieces: body, signal } as const;
    await http.nothing({ ...request, elsewhere: { headers: { ...version, ...headers } } });
  };
  const type = 'application/octet-stream';
  let url = new URL(address);
  if (size <= whole) {
    await put(url, { type, length: size, pieces: () => pieces(0, size) }, { 'x-ms-blob-type': 'BlockBlob' });
    return;
  }
  const part = async (parameters: Record<string, string>, body: PiecewiseBody) => {
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    await put(url, body);
  };
  const ids: string[] = [];
  for (let start = 0; start < size; start += block) {
    const end = Math.min(start + block, size);
    const id = Buffer.from(String(ids.length).padStart(6, '0')).toString('base64');
    const body = { type, length: end - start, pieces: () => pieces(start, end) };
    await part({ comp: 'block', blockid: id }, body);
    ids.push(id);
    url = new URL(await renew());
  }
  const list = ids.map((id) => `<Latest>${id}</Latest>`).join('');
  const xml = Buffer.from(`<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`);
  const body = { type: 'application/xml', length: xml.length, pieces: () => once(xml) };
  await part({ comp: 'blocklist' }, body);
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is sent piece by piece is read so
async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
