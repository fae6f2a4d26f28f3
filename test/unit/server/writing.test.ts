import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { createAccount } from '../../server/accounts';
import type { Account, StoredCipher } from '../../server/model';
import { dialects, withServer, type Caller } from './caller';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { generateKey } from '../../support/keys';

type Json = Record<string, unknown>;

const key = generateKey();
const sealed = (text: string) => sealText(text, key);

/** The request that a careful client makes of an answer: everything, save what is not a request's. */
function requestFrom(answer: Json, change: Json = {}): Json {
  const names = ['type', 'organizationId', 'folderId', 'favorite', 'reprompt', 'key', 'name', 'notes'];
  const more = ['login', 'fields', 'passwordHistory', 'archivedDate'];
  const kept = Object.fromEntries([...names, ...more].map((name) => [name, answer[name]]));
  return { ...kept, lastKnownRevisionDate: answer.revisionDate, ...change };
}

describe('embedded server: writing', () => {
  let account: Account;
  beforeEach(async () => {
    account = await createAccount({
      organizations: [{ name: 'Org', collections: ['C'] }],
      items: [
        { name: 'mine', username: 'u', password: 'p', favorite: true, reprompt: true, folder: 'F', ownKey: true },
        { name: 'read-only', edit: false, organization: 'Org', collections: ['C'] },
      ],
    });
  });

  const mine = (): StoredCipher => account.ciphers[0]!;
  const readOnly = (): StoredCipher => account.ciphers[1]!;

  async function answerFor(caller: Caller, cipher: StoredCipher): Promise<Json> {
    await caller.signIn();
    return (await caller.api('GET', `ciphers/${cipher.id}`)).json;
  }

  for (const dialect of dialects) {
    const serve = (test: (caller: Caller) => Promise<void>) => withServer({ dialect, accounts: [account] }, test);

    it(`${dialect}: a careful edit changes one thing`, () =>
      serve(async (caller) => {
        const answer = await answerFor(caller, mine());
        const before = structuredClone(mine());
        const name = sealed('renamed');
        const put = await caller.api('PUT', `ciphers/${mine().id}`, requestFrom(answer, { name }));
        equal(put.status, 200);
        equal(put.json.name, name);
        deepEqual(mine(), { ...before, name, revisionDate: mine().revisionDate });
      }));

    it(`${dialect}: an edit that leaves the key out loses it`, () =>
      serve(async (caller) => {
        const answer = await answerFor(caller, mine());
        await caller.api('PUT', `ciphers/${mine().id}`, { type: 1, name: answer.name, login: answer.login });
        deepEqual([mine().key, mine().folderId, mine().reprompt], [null, null, 0]);
        equal(mine().favorite, dialect === 'vaultwarden');
      }));

    it(`${dialect}: does not let an old copy overwrite a newer one`, () =>
      serve(async (caller) => {
        const answer = await answerFor(caller, mine());
        caller.server.clock.advance(10);
        equal((await caller.api('PUT', `ciphers/${mine().id}`, requestFrom(answer))).status, 200);
        const late = await caller.api('PUT', `ciphers/${mine().id}`, requestFrom(answer));
        equal(late.status, 400);
        match(String(late.json.message), /out of date/);
        const future = { lastKnownRevisionDate: new Date(caller.server.clock.now() + 60_000).toISOString() };
        const ahead = await caller.api('PUT', `ciphers/${mine().id}`, requestFrom(answer, future));
        equal(ahead.status, dialect === 'official' ? 400 : 200);
      }));

    it(`${dialect}: trash, restore, and gone for good`, () =>
      serve(async (caller) => {
        await caller.signIn();
        const { id } = mine();
        equal((await caller.api('PUT', `ciphers/${id}/delete`)).status, 200);
        ok(mine().deletedDate);
        equal((await caller.api('PUT', `ciphers/${id}/restore`)).json.deletedDate, null);
        equal((await caller.api('POST', `ciphers/${id}/delete`)).status, 200);
        equal(
          account.ciphers.some((cipher) => cipher.id === id),
          false,
        );
        const gone = await caller.api('GET', `ciphers/${id}`);
        equal(gone.status, dialect === 'official' ? 404 : 400);
        equal(gone.json.message, dialect === 'official' ? 'Resource not found.' : "Cipher doesn't exist");
      }));

    it(`${dialect}: folder and favourite may change where the rest may not`, () =>
      serve(async (caller) => {
        const answer = await answerFor(caller, readOnly());
        const { id } = readOnly();
        equal((await caller.api('PUT', `ciphers/${id}`, requestFrom(answer))).status, 400);
        equal((await caller.api('DELETE', `ciphers/${id}`)).status, 400);
        const folderId = account.folders[0]?.id;
        equal((await caller.api('PUT', `ciphers/${id}/partial`, { folderId, favorite: true })).status, 200);
        deepEqual([readOnly().folderId, readOnly().favorite], [folderId, true]);
      }));

    it(`${dialect}: creates in an organisation only with a collection`, () =>
      serve(async (caller) => {
        await caller.signIn();
        const organizationId = account.organizations[0]?.id;
        const cipher = { type: 1, name: sealed('shared'), organizationId, login: {} };
        equal((await caller.api('POST', 'ciphers/create', { cipher, collectionIds: [] })).status, 400);
        const collectionIds = [account.collections[0]?.id];
        const made = await caller.api('POST', 'ciphers/create', { cipher, collectionIds });
        equal(made.status, 200);
        deepEqual(account.ciphers.at(-1)?.collectionIds, collectionIds);
      }));

    it(`${dialect}: deleting a folder leaves its items without one`, () =>
      serve(async (caller) => {
        await caller.signIn();
        const made = await caller.api('POST', 'folders', { name: sealed('new') });
        equal(made.json.object, 'folder');
        const id = String(made.json.id);
        equal((await caller.api('PUT', `folders/${id}`, { name: sealed('newer') })).status, 200);
        equal((await caller.api('DELETE', `folders/${mine().folderId ?? ''}`)).status, 200);
        equal(mine().folderId, null);
        equal((await caller.api('DELETE', 'folders/nowhere')).status, dialect === 'official' ? 404 : 400);
      }));

    it(`${dialect}: every write moves the revision date`, () =>
      serve(async (caller) => {
        await caller.signIn();
        const before = Number((await caller.api('GET', 'accounts/revision-date')).text);
        caller.server.clock.advance(5);
        await caller.api('PUT', `ciphers/${mine().id}/delete`);
        ok(Number((await caller.api('GET', 'accounts/revision-date')).text) > before);
      }));

    it(`${dialect}: limits the encrypted length of notes`, () =>
      serve(async (caller) => {
        await caller.signIn();
        const body = { type: 2, name: sealed('n'), notes: sealed('x'.repeat(8000)), secureNote: { type: 0 } };
        const { status, text } = await caller.api('POST', 'ciphers', body);
        equal(status, 400);
        match(text, /The field Notes exceeds the maximum encrypted value length of 10000 characters\./);
      }));
  }

  it('tells the collections of an item: the official server only where it is asked for details', async () => {
    for (const dialect of dialects) {
      await withServer({ dialect, accounts: [account] }, async (caller) => {
        const answer = await answerFor(caller, mine());
        const details = (await caller.api('GET', `ciphers/${mine().id}/details`)).json;
        deepEqual([answer.collectionIds, details.collectionIds], [dialect === 'official' ? undefined : [], []]);
      });
    }
  });

  it('official: what stands in data wins over the structured fields', () =>
    withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      const answer = await answerFor(caller, mine());
      const echoed = requestFrom(answer, { name: sealed('lost'), data: answer.data });
      equal((await caller.api('PUT', `ciphers/${mine().id}`, echoed)).status, 200);
      equal(mine().blob, answer.data);
    }));

  it('official: refuses attachments as an array, text that is not encrypted and items for another user', () =>
    withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      const answer = await answerFor(caller, mine());
      const put = (change: Json) => caller.api('PUT', `ciphers/${mine().id}`, requestFrom(answer, change));
      equal((await put({ attachments: [] })).status, 400);
      const clear = await put({ login: { password: 'in the clear' } });
      equal(clear.status, 400);
      ok('Login.Password' in (clear.json.validationErrors as Json));
      equal((await put({ encryptedFor: 'somebody-else' })).status, 400);
      equal((await put({ login: { username: sealed('x'.repeat(2000)) } })).status, 400);
    }));

  it('vaultwarden: writes types 1 to 5 only', () =>
    withServer({ dialect: 'vaultwarden', accounts: [account] }, async (caller) => {
      await caller.signIn();
      equal((await caller.api('POST', 'ciphers', { type: 6, name: sealed('n') })).json.message, 'Invalid type');
    }));
}).timeout(20_000);
