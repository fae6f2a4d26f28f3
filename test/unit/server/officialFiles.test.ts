import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { type Json, login, name, sealed, OfficialServer } from './officialServer';

/** Each case names the place in bitwarden/server (ac309aa) that says so. */
describe('embedded server as the official one: files', () => {
  const file = Buffer.from('a file, encrypted by whoever sends it');
  const announcement = { key: name, fileName: name, fileSize: file.length, adminRequest: false };

  it(
    'go to Azure and come from there, by addresses that hold their permission (CiphersController.cs PostAttachment)',
    OfficialServer.test(async (official) => {
      const { mine } = official.items;
      const before = mine.revisionDate;
      official.later();
      const { json } = await official.send(`POST ciphers/${mine.id}/attachment/v2`, announcement);
      deepEqual([json.fileUploadType, (json.cipherResponse as Json).object], [1, 'cipher']);
      notEqual(mine.revisionDate, before);
      const headers = { 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': '2024-11-04' };
      const put = (url: string, given: Record<string, string>) =>
        fetch(url, { method: 'PUT', headers: given, body: file });
      const url = String(json.url);
      equal((await put(url.replace(/sig=./, 'sig='), headers)).status, 403);
      equal((await put(url, {})).status, 400);
      equal((await put(url, headers)).status, 201);

      const path = `ciphers/${mine.id}/attachment/${String(json.attachmentId)}`;
      const asked = (await official.send(`GET ${path}`)).json;
      deepEqual([asked.size, asked.sizeName, asked.object], ['37', '37 Bytes', 'attachment']);
      deepEqual(Buffer.from(await (await fetch(String(asked.url))).arrayBuffer()), file);
      const [listed] = ((await official.send(`GET ciphers/${mine.id}`)).json.attachments ?? []) as Json[];
      equal((await fetch(String(listed?.url))).status, 404, 'a list gives no permission');
      official.caller.server.clock.advance(3600);
      await official.caller.signIn();
      equal((await fetch(String(asked.url))).status, 404, 'the permission runs out');
      equal(((await official.send(`POST ${path}/delete`)).json.cipher as Json).attachments, null);
      equal((await official.send(`GET ${path}`)).status, 404);
    }),
  );

  it(
    'have their conditions (CipherService.cs ValidateCipherEditForAttachmentAsync)',
    OfficialServer.test(async (official) => {
      const { mine, readOnly } = official.items;
      const line = `POST ciphers/${mine.id}/attachment/v2`;
      await official.refused(line, { ...announcement, fileSize: 0 }, 400, 'No data to attach.');
      await official.refused(line, { ...announcement, fileSize: 501 * 1024 * 1024 }, 400, 'Max file size is 500 MB.');
      const lastKnownRevisionDate = new Date(0).toISOString();
      await official.refused(line, { ...announcement, lastKnownRevisionDate }, 400, 'out of date');
      await official.refused(
        `POST ciphers/${readOnly.id}/attachment/v2`,
        announcement,
        400,
        'You do not have permissions',
      );
      official.account.premium = false;
      await official.refused(line, announcement, 400, 'You must have premium status to use attachments.');
    }),
  );

  it(
    'get other names and keys when their item is encrypted anew',
    OfficialServer.test(async (official) => {
      const { mine } = official.items;
      const { json } = await official.send(`POST ciphers/${mine.id}/attachment/v2`, announcement);
      const id = String(json.attachmentId);
      const [fileName, fileKey] = [sealed('another'), sealed('key')];
      await official.send(`PUT ciphers/${mine.id}`, login({ attachments2: { [id]: { fileName, key: fileKey } } }));
      deepEqual([mine.attachments[0]?.fileName, mine.attachments[0]?.key], [fileName, fileKey]);
    }),
  );
}).timeout(20_000);
