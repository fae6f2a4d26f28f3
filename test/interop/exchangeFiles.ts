import { deepEqual, ok } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestServer } from '../server/server';
import type { BwServe } from '../support/bwServe';
import { until } from '../support/until';
import type { OurClient } from './ourClient';

/** Has each of the two clients add a file to the item, and the other one read it. They are deleted then. */
export async function exchangeFiles(
  { server, serve, ours }: { readonly server: TestServer; readonly serve: BwServe; readonly ours: OurClient },
  itemId: string,
): Promise<void> {
  const content = randomBytes(100_001);
  const stored = () => server.account.ciphers.find(({ id }) => id === itemId)?.attachments ?? [];
  await ours.attach(itemId, 'ours ü.bin', content);
  const attachmentId = stored().at(-1)?.id ?? '';
  await serve.ok('POST', '/sync');
  await until('bw reads ours', async () => {
    const { status, bytes } = await serve.request('GET', `/object/attachment/${attachmentId}?itemid=${itemId}`);
    return status === 200 && bytes.equals(content);
  });
  const form = new FormData();
  form.set('file', new Blob([content]), 'theirs.bin');
  await serve.ok('POST', `/attachment?itemid=${itemId}`, form);
  deepEqual(stored().length, 2);
  ok(content.equals(await ours.fileOf(itemId, 'theirs.bin')));
  ok(content.equals(await ours.fileOf(itemId, 'ours ü.bin')));
  for (const { id } of [...stored()]) await ours.changed((session) => session.deleteAttachment(itemId, id));
  deepEqual(stored(), []);
  // The official server refuses what is changed by who has not heard of it.
  await serve.ok('POST', '/sync');
  await serve.known<{ attachments?: unknown[] }>(`/object/item/${itemId}`, (item) => !item.attachments?.length);
}
