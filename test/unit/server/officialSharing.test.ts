import { deepEqual, equal } from 'node:assert/strict';
import { type Json, login, OfficialServer } from './officialServer';

/** Each case names the place in bitwarden/server (ac309aa) that says so. */
describe('embedded server as the official one: sharing', () => {
  const shareable = ({ account }: OfficialServer, change: Json = {}) => ({
    cipher: login({ organizationId: account.organizations[0]?.id, ...change }),
    collectionIds: [account.collections[0]?.id ?? ''],
  });

  it(
    'is for what the user owns, and for organisations of the token (CiphersController.cs:695)',
    OfficialServer.test(async (official) => {
      const { mine, shared } = official.items;
      for (const method of ['PUT', 'POST'])
        await official.refused(`${method} ciphers/${shared.id}/share`, shareable(official), 404);
      await official.refused('PUT ciphers/nowhere/share', shareable(official), 404);
      await official.refused(`PUT ciphers/${mine.id}/share`, shareable(official, { organizationId: mine.id }), 404);
      equal((await official.send(`POST ciphers/${mine.id}/share`, shareable(official))).status, 200);
      deepEqual(mine.collectionIds, [official.collectionId(0)]);
    }),
  );

  it(
    'does not know an organisation that was joined after the token was issued (CiphersController.cs:172, 193)',
    OfficialServer.test(async (official) => {
      const { mine } = official.items;
      const joined = { ...official.account.organizations[0]!, id: mine.id };
      official.account.organizations.push(joined);
      official.account.collections.push({
        ...official.account.collections[0]!,
        organizationId: joined.id,
        id: joined.id,
      });
      const body = { cipher: login({ organizationId: joined.id }), collectionIds: [joined.id] };
      await official.refused('POST ciphers/create', body, 404);
      await official.refused(`PUT ciphers/${mine.id}/share`, body, 404);
      await official.caller.signIn();
      equal((await official.send('POST ciphers/create', body)).status, 200);
    }),
  );

  it(
    'refuses archived items, and none but such as the user owns among many',
    OfficialServer.test(async (official) => {
      const { mine, shared } = official.items;
      const many = (ids: string[]) => ({
        ciphers: ids.map((id) => ({ ...shareable(official).cipher, id })),
        collectionIds: [official.collectionId(1)],
      });
      await official.refused(
        'PUT ciphers/share',
        many([mine.id, shared.id]),
        400,
        'Trying to share ciphers that you do not own.',
      );
      await official.refused('PUT ciphers/share', many([]), 400, 'You must select at least one cipher.');
      await official.send(`PUT ciphers/${mine.id}/archive`);
      await official.refused(
        `PUT ciphers/${mine.id}/share`,
        shareable(official),
        400,
        'Cipher cannot be shared with organization because it is archived.',
      );
      await official.refused(
        'PUT ciphers/share',
        many([mine.id]),
        400,
        'Cannot move archived items to an organization.',
      );
      await official.send(`PUT ciphers/${mine.id}/unarchive`);
      const { json } = await official.send('POST ciphers/share', many([mine.id]));
      deepEqual(
        (json.data as Json[]).map(({ id, object }) => [id, object]),
        [[mine.id, 'cipherMini']],
      );
      deepEqual(
        [mine.collectionIds, mine.organizationId],
        [[official.collectionId(1)], official.account.organizations[0]?.id],
      );
    }),
  );

  it(
    'creates in collections that there are (CipherService.cs:140)',
    OfficialServer.test(async (official) => {
      const { mine } = official.items;
      const { cipher } = shareable(official);
      await official.refused(
        'POST ciphers/create',
        { cipher, collectionIds: [mine.id] },
        400,
        'Specified CollectionId does not exist on the specified Organization.',
      );
      await official.refused(
        'POST ciphers/create',
        { cipher, collectionIds: [] },
        400,
        'You must select at least one collection.',
      );
    }),
  );

  it(
    'keeps collections that the user cannot write, and the revision date (CollectionCipher_UpdateCollections.sql)',
    OfficialServer.test(async (official) => {
      const { shared, readOnly } = official.items;
      const [team, other, read] = [0, 1, 2].map((at) => official.collectionId(at));
      const { revisionDate } = shared;
      official.later();
      for (const method of ['PUT', 'POST']) {
        const line = `${method} ciphers/${shared.id}/collections`;
        const { json } = await official.send(line, { collectionIds: [other] });
        deepEqual([json.object, json.collectionIds], ['cipherDetails', [read, other]]);
        await official.send(line, { collectionIds: [] });
        deepEqual([shared.collectionIds, shared.revisionDate], [[read], revisionDate]);
      }
      await official.refused(
        `PUT ciphers/${readOnly.id}/collections`,
        { collectionIds: [team] },
        400,
        'You do not have permissions to edit this.',
      );
    }),
  );

  it(
    'says that an item is out of sight, and hides those with hidden passwords (CiphersController.cs:727, 755)',
    OfficialServer.test(async (official) => {
      const { mine, hidden, strict } = official.items;
      await official.refused(
        `PUT ciphers/${hidden.id}/collections_v2`,
        { collectionIds: [official.collectionId(0)] },
        404,
      );
      await official.refused(
        `PUT ciphers/${mine.id}/collections_v2`,
        { collectionIds: [official.collectionId(0)] },
        404,
      );
      const { json } = await official.send(`POST ciphers/${strict.id}/collections_v2`, { collectionIds: [] });
      deepEqual(json, { unavailable: true, cipher: null, object: 'optionalCipherDetails' });
      equal((await official.send(`GET ciphers/${strict.id}`)).status, 404);
    }),
  );

  it(
    'refuses personal items by policy when they are made, not when they are edited (CipherService.cs:144-151)',
    OfficialServer.test(async (official) => {
      const { mine, shared } = official.items;
      const organizationId = shared.organizationId ?? '';
      official.account.policies.push({ id: 'p', organizationId, type: 5, enabled: true, data: null });
      await official.refused('POST ciphers', login(), 400, 'Due to an Enterprise Policy');
      equal((await official.send(`PUT ciphers/${mine.id}`, login())).status, 200);
    }),
  );
}).timeout(20_000);
