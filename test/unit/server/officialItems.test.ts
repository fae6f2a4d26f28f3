import { deepEqual, equal, notEqual } from 'node:assert/strict';
import type { StoredCipher } from '../../server/model';
import { type Json, OfficialServer } from './officialServer';

/** Each case names the place in bitwarden/server (ac309aa) that says so. */
describe('embedded server as the official one: archive, trash and folders', () => {
  describe('the archive', () => {
    it(
      'takes what may not be edited, and nothing twice (CiphersController.cs:850, ArchiveCiphersCommand.cs:39)',
      OfficialServer.test(async (official) => {
        const { readOnly } = official.items;
        const before = readOnly.revisionDate;
        official.later();
        const { json } = await official.send(`PUT ciphers/${readOnly.id}/archive`);
        equal(json.object, 'cipher');
        deepEqual(json.archivedDate, json.revisionDate);
        notEqual(readOnly.revisionDate, before);
        const ensure = 'Ensure the provided ID is correct and you have permission to archive it.';
        await official.refused(
          `PUT ciphers/${readOnly.id}/archive`,
          undefined,
          400,
          `Cipher was not archived. ${ensure}`,
        );
        await official.refused('PUT ciphers/nowhere/archive', undefined, 400, `Cipher was not archived. ${ensure}`);
        equal((await official.send(`PUT ciphers/${readOnly.id}/unarchive`)).json.archivedDate, null);
        await official.refused(
          `PUT ciphers/${readOnly.id}/unarchive`,
          undefined,
          400,
          `Cipher was not unarchived. ${ensure}`,
        );
      }),
    );

    it(
      'takes many, as long as there is one',
      OfficialServer.test(async (official) => {
        const { mine, shared } = official.items;
        const ids = [mine.id, shared.id, 'nowhere'];
        const archived = await official.send('PUT ciphers/archive', { ids });
        deepEqual(
          (archived.json.data as Json[]).map(({ id, object }) => [id, object]),
          [mine, shared].map(({ id }) => [id, 'cipher']),
        );
        await official.refused('PUT ciphers/archive', { ids }, 400, 'No ciphers were archived.');
        await official.refused('PUT ciphers/archive', { ids: [] }, 400, 'No cipher ids provided.');
        equal(((await official.send('PUT ciphers/unarchive', { ids })).json.data as Json[]).length, 2);
        await official.refused('PUT ciphers/unarchive', { ids }, 400, 'Ciphers were not unarchived.');
      }),
    );
  });

  describe('the trash', () => {
    it(
      'has words of its own for each refusal (CipherService.cs:743, 798)',
      OfficialServer.test(async (official) => {
        const { id } = official.items.readOnly;
        await official.refused(
          `PUT ciphers/${id}/delete`,
          undefined,
          400,
          'You do not have permissions to soft delete this.',
        );
        await official.refused(
          `PUT ciphers/${id}/restore`,
          undefined,
          400,
          'You do not have permissions to delete this.',
        );
        await official.refused(`DELETE ciphers/${id}`, undefined, 400, 'You do not have permissions to delete this.');
      }),
    );

    it(
      'changes nothing of what is there, or is not, already',
      OfficialServer.test(async (official) => {
        const { mine } = official.items;
        await official.send(`PUT ciphers/${mine.id}/delete`);
        const { revisionDate, deletedDate } = mine;
        official.later();
        equal((await official.send(`PUT ciphers/${mine.id}/delete`)).text, '');
        deepEqual([mine.revisionDate, mine.deletedDate], [revisionDate, deletedDate]);
        const restored = (await official.send(`PUT ciphers/${mine.id}/restore`)).json;
        official.later();
        deepEqual((await official.send(`PUT ciphers/${mine.id}/restore`)).json, restored);
      }),
    );

    it(
      'is for who edits or manages; for who manages alone where deletion is limited (NormalCipherPermissions.cs:27-31)',
      OfficialServer.test(async (official) => {
        const { items } = official;
        const permissions = async ({ id }: StoredCipher) => (await official.send(`GET ciphers/${id}`)).json.permissions;
        const may = { delete: true, restore: true };
        const mayNot = { delete: false, restore: false };
        deepEqual(await Promise.all(Object.values(items).map(permissions)), [may, may, mayNot, may, mayNot, may]);
        await official.refused(`PUT ciphers/${items.strict.id}/delete`, undefined, 400);
        equal((await official.send(`PUT ciphers/${items.managed.id}/delete`)).status, 200);
      }),
    );

    it(
      'takes and gives back many, and passes over what it must not (CiphersController.cs:1007, 1124)',
      OfficialServer.test(async (official) => {
        const { mine, shared, readOnly } = official.items;
        const ids = [mine.id, shared.id, readOnly.id, 'nowhere'];
        deepEqual((await official.send('PUT ciphers/delete', { ids })).text, '');
        deepEqual(
          [mine, shared, readOnly].map(({ deletedDate }) => deletedDate !== null),
          [true, true, false],
        );
        const { data } = (await official.send('PUT ciphers/restore', { ids })).json as { data: Json[] };
        deepEqual(
          data.map(({ object }) => object),
          ['cipherMini', 'cipherMini'],
        );
        const own = ['folderId', 'favorite', 'edit', 'viewPassword', 'permissions', 'archivedDate', 'collectionIds'];
        for (const each of data) for (const field of own) equal(field in each, false, field);
        equal((await official.send('DELETE ciphers', { ids })).text, '');
        deepEqual(official.account.ciphers.includes(readOnly), true);
        equal(official.account.ciphers.includes(mine), false);
      }),
    );

    it(
      'takes 500 at a time',
      OfficialServer.test(async (official) => {
        const ids = Array.from({ length: 501 }, () => 'nowhere');
        for (const [line, message] of [
          ['PUT ciphers/delete', 'You can only delete up to 500 items at a time.'],
          ['PUT ciphers/restore', 'You can only restore up to 500 items at a time.'],
          ['PUT ciphers/move', 'You can only move up to 500 items at a time.'],
          ['PUT ciphers/archive', 'You can only archive up to 500 items at a time.'],
          ['DELETE ciphers', 'Consider using the "Purge Vault" option instead.'],
        ] as const) {
          await official.refused(line, { ids }, 400, message);
        }
      }),
    );
  });

  it(
    'moves to folders that there are, and leaves the revision dates (CiphersController.cs:1167, CipherService.cs:533)',
    OfficialServer.test(async (official) => {
      const { mine, readOnly } = official.items;
      const ids = [mine.id, readOnly.id];
      await official.refused('PUT ciphers/move', { ids, folderId: mine.id }, 400, 'Invalid folder.');
      const { revisionDate } = mine;
      const before = (await official.send('GET accounts/revision-date')).text;
      official.later();
      const folderId = official.account.folders[0]?.id;
      equal((await official.send('POST ciphers/move', { ids, folderId })).text, '');
      deepEqual([mine.folderId, readOnly.folderId, mine.revisionDate], [folderId, folderId, revisionDate]);
      notEqual((await official.send('GET accounts/revision-date')).text, before);
      equal((await official.send(`PUT ciphers/${mine.id}/partial`, { folderId: null, favorite: true })).status, 200);
      deepEqual([mine.folderId, mine.favorite, mine.revisionDate], [null, true, revisionDate]);
    }),
  );
}).timeout(20_000);
