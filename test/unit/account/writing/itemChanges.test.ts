import assert from 'node:assert/strict';
import { NoArchiveError } from '../../../../src/bitwarden/errors';
import {
  ChangeUnknownError,
  GoneElsewhereError,
  LockedError,
  NotAllowedError,
  PartlyMadeError,
  RepromptRequiredError,
  TooManyItemsError,
} from '../../../../src/vault/errors';
import type { ItemChange } from '../../../../src/vault/edit/itemChange';
import type { Item } from '../../../../src/vault/items';
import { manyItems } from '../../../server/manyItems';
import { misbehaviours, rateLimited } from '../../../server/misbehaviours';
import type { PlainItem } from '../../../server/items';
import type { StoredCipher } from '../../../server/model';
import { until } from '../../../support/until';
import { dialects, type EditorWindow, type Scene, scenes } from '../../../support/window';

const items: readonly PlainItem[] = [
  { name: 'Plain', folder: 'Work', password: 'p' },
  { name: 'Favorite', favorite: true },
  { name: 'Archived', archived: true },
  { name: 'Trashed', trashed: true },
  { name: 'Restricted', reprompt: true },
];
const inOrganization = { organization: 'Org', collections: ['Col'] };
const shared: readonly PlainItem[] = [
  { name: 'Shared', ...inOrganization },
  { name: 'Read only', edit: false, ...inOrganization },
];
const tokenRoute = '/identity/connect/token';
const organizations = [{ name: 'Org', collections: ['Col'] }];

const changes: readonly [change: ItemChange, name: string, check: (item: Item | undefined) => boolean | undefined][] = [
  [{ kind: 'favorite' }, 'Plain', (item) => item?.favorite],
  [{ kind: 'unfavorite' }, 'Favorite', (item) => item?.favorite === false],
  [{ kind: 'move', folderId: null }, 'Plain', (item) => item?.folderId === undefined],
  [{ kind: 'archive' }, 'Plain', (item) => item?.archived],
  [{ kind: 'unarchive' }, 'Archived', (item) => item?.archived === false],
  [{ kind: 'trash' }, 'Plain', (item) => item?.trashed],
  [{ kind: 'restore' }, 'Trashed', (item) => item?.trashed === false],
  [{ kind: 'delete' }, 'Trashed', (item) => item === undefined],
];

describe('changing items', () => {
  const scene = scenes();

  const stored = (at: Scene, id: string): StoredCipher | undefined =>
    at.account.ciphers.find((cipher) => cipher.id === id);
  const writes = (at: Scene) => at.server.requests.to().filter(({ method }) => method !== 'GET');

  /** Another client changes something, which this window has not seen yet. */
  function elsewhere(at: Scene, change: () => void): void {
    at.server.clock.advance(1);
    change();
    at.server.touch();
  }

  async function begin(dialect: (typeof dialects)[number], more: readonly PlainItem[] = []) {
    const at = await scene(dialect, { organizations, items: [...items, ...more] });
    const window = await at.unlocked();
    at.server.requests.clear();
    return { at, window };
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      for (const [change, name, isMade] of changes) {
        it(`${change.kind}: on the server, here, after a restart and in another window, without a whole sync`, async () => {
          const { at, window } = await begin(dialect);
          const other = await at.open();
          await other.unlock();
          at.server.requests.clear();
          const id = window.itemId(name);
          assert.equal(isMade(window.vault.item(id)), false);
          assert.equal(await window.session.changeItems(change, [id]), 0);
          assert.equal(isMade(window.vault.item(id)), true);
          assert.equal(writes(at).length, 1);
          assert.equal(at.server.requests.count('GET /api/sync'), 0);
          await until('the other window shows it', () => isMade(other.vault.item(id)) === true);
          assert.equal(at.server.requests.count('GET /api/sync'), 0);
          const before = window.vault.items;
          await window.session.sync({ force: true });
          assert.deepEqual(window.vault.items, before, 'the server has it otherwise');
          await at.server.close();
          const reopened = await at.open();
          await reopened.session.unlock(at.password());
          assert.equal(isMade(reopened.vault.item(id)), true);
        });
      }

      it('changes several with one call, and shows what else has changed', async () => {
        const { at, window } = await begin(dialect);
        elsewhere(at, () => (at.account.ciphers[0]!.favorite = true));
        const ids = [window.itemId('Plain'), window.itemId('Favorite')];
        assert.equal(await window.session.changeItems({ kind: 'trash' }, ids), 0);
        assert.deepEqual(
          writes(at).map(({ method, path }) => `${method} ${path}`),
          ['PUT /api/ciphers/delete'],
        );
        assert.ok(ids.every((id) => window.vault.item(id)?.trashed));
        assert.equal(window.vault.item(ids[0]!)?.favorite, true);
        assert.equal(await window.session.changeItems({ kind: 'restore' }, ids), 0);
        assert.ok(ids.every((id) => stored(at, id)?.deletedDate === null));
        assert.equal(await window.session.changeItems({ kind: 'archive' }, ids), 0);
        assert.ok(ids.every((id) => stored(at, id)?.archivedDate));
        assert.equal(await window.session.changeItems({ kind: 'unarchive' }, ids), 0);
        assert.equal(await window.session.changeItems({ kind: 'favorite' }, ids), 0);
        assert.ok(ids.every((id) => stored(at, id)?.favorite));
        await window.session.changeItems({ kind: 'trash' }, ids);
        assert.equal(await window.session.changeItems({ kind: 'delete' }, ids), 0);
        assert.ok(ids.every((id) => stored(at, id) === undefined && window.vault.item(id) === undefined));
      });

      it('leaves the folder alone that was changed elsewhere, when it sets a favorite', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Plain');
        elsewhere(at, () => (stored(at, id)!.folderId = null));
        await window.session.changeItems({ kind: 'favorite' }, [id]);
        assert.deepEqual([stored(at, id)?.folderId, stored(at, id)?.favorite], [null, true]);
        assert.equal(window.vault.item(id)?.folderId, undefined);
      });

      it('leaves an item of an organization in its collections', async () => {
        const { at, window } = await begin(dialect, shared);
        const id = window.itemId('Read only');
        const { collectionIds } = window.vault.item(id)!;
        assert.equal(collectionIds.length, 1);
        for (const kind of ['favorite', 'unfavorite', 'archive'] as const) {
          await window.session.changeItems({ kind }, [id]);
          assert.deepEqual(window.vault.item(id)?.collectionIds, collectionIds, kind);
        }
        assert.equal(at.server.requests.count('GET /api/sync'), 0);
      });

      it('sends nothing that the server does not let the user do', async () => {
        const { at, window } = await begin(dialect, shared);
        const ids = ['Shared', 'Read only'].map((name) => window.itemId(name));
        await assert.rejects(window.session.changeItems({ kind: 'trash' }, ids), NotAllowedError);
        assert.equal(writes(at).length, 0);
        assert.equal(window.vault.rights(ids[0]!)?.mayDelete, true);
      });

      it('says how many were left where the rights have changed meanwhile', async () => {
        const { at, window } = await begin(dialect, shared);
        const ids = ['Plain', 'Shared'].map((name) => window.itemId(name));
        elsewhere(at, () => (stored(at, ids[1]!)!.edit = false));
        // Vaultwarden says no, but has changed those before the one that it refuses.
        assert.equal(await window.session.changeItems({ kind: 'trash' }, ids), 1);
        assert.deepEqual(
          ids.map((id) => window.vault.item(id)?.trashed),
          [true, false],
        );
        assert.equal(window.vault.rights(ids[1]!)?.mayDelete, false);
      });

      it('asks for the master password before it deletes what is protected by it', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Restricted');
        await assert.rejects(window.session.changeItems({ kind: 'trash' }, [id]), RepromptRequiredError);
        assert.equal(writes(at).length, 0);
        await window.session.changeItems({ kind: 'favorite' }, [id]);
        const proof = await window.session.proveMasterPassword(at.password());
        await window.session.changeItems({ kind: 'trash' }, [id], proof);
        assert.ok(stored(at, id)?.deletedDate);
        await assert.rejects(window.session.changeItems({ kind: 'delete' }, [id]), RepromptRequiredError);
      });

      it('says that an item is gone elsewhere, and shows that', async () => {
        for (const kind of ['favorite', 'restore'] as const) {
          const { at, window } = await begin(dialect);
          const id = window.itemId(kind === 'favorite' ? 'Plain' : 'Trashed');
          elsewhere(at, () => at.account.ciphers.splice(at.account.ciphers.indexOf(stored(at, id)!), 1));
          await assert.rejects(window.session.changeItems({ kind }, [id]), GoneElsewhereError);
          assert.equal(window.vault.item(id), undefined);
        }
      });

      it('takes a deletion for made where somebody else was quicker', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Trashed');
        elsewhere(at, () => at.account.ciphers.splice(at.account.ciphers.indexOf(stored(at, id)!), 1));
        assert.equal(await window.session.changeItems({ kind: 'delete' }, [id]), 0);
        assert.equal(window.vault.item(id), undefined);
      });

      it('finds out by a sync whether it was made, where the answer was lost, and sends it once', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Plain');
        at.server.faults.arm(/PUT .*\/delete$/, misbehaviours.dropAnswer, 1);
        assert.equal(await window.session.changeItems({ kind: 'trash' }, [id]), 0);
        assert.equal(window.vault.item(id)?.trashed, true);
        at.server.faults.arm(/PUT .*\/restore$/, misbehaviours.drop, 1);
        // It may be on its way yet.
        await assert.rejects(window.session.changeItems({ kind: 'restore' }, [id]), ChangeUnknownError);
        assert.equal(window.vault.item(id)?.trashed, true);
        assert.equal(writes(at).length, 2);
      });

      it('says that nobody knows, where the server cannot be asked then', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Plain');
        at.server.faults.arm(/PUT .*\/delete$/, misbehaviours.dropAnswer, 1);
        at.server.faults.arm(/^GET/, misbehaviours.proxyForbids);
        await assert.rejects(window.session.changeItems({ kind: 'trash' }, [id]), ChangeUnknownError);
        assert.equal(window.vault.item(id)?.trashed, false);
        at.server.faults.clear();
        await window.session.sync();
        assert.equal(window.vault.item(id)?.trashed, true);
      });

      it('says that it was made where only the vault here could not be brought up to date', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Plain');
        at.server.faults.arm(/^GET/, misbehaviours.serverError);
        assert.equal(await window.session.changeItems({ kind: 'trash' }, [id]), undefined);
        assert.ok(stored(at, id)?.deletedDate);
        at.server.faults.clear();
        await window.session.sync();
        assert.equal(window.vault.item(id)?.trashed, true);
      });

      it('says that nobody knows, where some were made before the server could not be asked any more', async () => {
        const { at, window } = await begin(dialect);
        const ids = ['Plain', 'Restricted'].map((name) => window.itemId(name));
        at.server.faults.arm(`PUT /api/ciphers/${ids[1]}/partial`, rateLimited(3600));
        at.server.faults.arm('/api/sync', misbehaviours.proxyForbids);
        await assert.rejects(window.session.changeItems({ kind: 'favorite' }, ids), ChangeUnknownError);
        assert.equal(stored(at, ids[0]!)?.favorite, true);
      });

      it('does not delete what was restored elsewhere', async () => {
        const { at, window } = await begin(dialect, [{ name: 'Also trashed', trashed: true }]);
        const ids = ['Trashed', 'Also trashed'].map((name) => window.itemId(name));
        elsewhere(at, () => (stored(at, ids[0]!)!.deletedDate = null));
        assert.equal(await window.session.changeItems({ kind: 'delete' }, ids.slice(0, 1)), 1);
        assert.equal(writes(at).length, 0);
        assert.equal(window.vault.item(ids[0]!)?.trashed, false);
        assert.equal(await window.session.changeItems({ kind: 'delete' }, ids), 1);
        assert.deepEqual(
          ids.map((id) => stored(at, id) === undefined),
          [false, true],
        );
      });

      it('does not let those that are gone keep it from the others', async () => {
        const { window } = await begin(dialect);
        const ids = [window.itemId('Plain'), window.itemId('Trashed')];
        await window.session.changeItems({ kind: 'delete' }, ids.slice(1));
        assert.equal(await window.session.changeItems({ kind: 'favorite' }, ids), 1);
        assert.equal(window.vault.item(ids[0]!)?.favorite, true);
      });

      it('does not put its answer over what was stored while it was on its way', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Plain');
        const held = at.server.faults.arm(/PUT .*\/partial$/, misbehaviours.holdAnswer, 1);
        const changing = window.session.changeItems({ kind: 'favorite' }, [id]);
        await held.arrived();
        elsewhere(at, () => (stored(at, id)!.folderId = null));
        await window.session.sync();
        held.release();
        assert.equal(await changing, 0);
        const { folderId, favorite } = window.vault.item(id)!;
        assert.deepEqual({ folderId, favorite }, { folderId: undefined, favorite: true });
      });

      it('sends nothing after a lock, where it was waiting for a token', async () => {
        const { at, window } = await begin(dialect);
        const id = window.itemId('Plain');
        at.server.expireTokens();
        const held = at.server.faults.arm(tokenRoute, misbehaviours.hold, 1);
        const ended = assert.rejects(window.session.changeItems({ kind: 'trash' }, [id]), LockedError);
        await held.arrived();
        at.server.requests.clear();
        await window.session.lock();
        await ended;
        held.release();
        await at.quiet();
        await window.unlock();
        await window.session.sync({ force: true });
        assert.equal(stored(at, id)?.deletedDate, null);
        assert.equal(at.server.requests.count('PUT /api/ciphers/delete'), 0);
      });

      it('ends at once at a lock, sends nothing from then on, and shows what was made after the next unlock', async () => {
        const { at, window } = await begin(dialect);
        const ids = ['Plain', 'Restricted'].map((name) => window.itemId(name));
        const held = at.server.faults.arm(/PUT .*\/partial$/, misbehaviours.holdAnswer, 1);
        const changing = window.session.changeItems({ kind: 'favorite' }, ids);
        const ended = assert.rejects(changing, LockedError);
        await held.arrived();
        await window.session.lock();
        await ended;
        held.release();
        await window.unlock();
        await until('the first one shows', () => window.vault.item(ids[0]!)?.favorite === true);
        assert.deepEqual(
          ids.map((id) => stored(at, id)?.favorite),
          [true, false],
        );
      });

      it('says of a server without an archive what it is', async () => {
        const { at, window } = await begin(dialect);
        at.server.faults.arm('/api/ciphers/archive', { kind: 'answer', reply: { status: 404 } });
        await assert.rejects(window.session.changeItems({ kind: 'archive' }, [window.itemId('Plain')]), NoArchiveError);
      });

      it('takes nothing else for the item that it has asked for', async () => {
        const { at, window } = await begin(dialect);
        const [id, other] = [window.itemId('Plain'), window.itemId('Favorite')];
        at.server.faults.arm(/\/details$/, { kind: 'json', change: (answer) => ({ ...answer, id: other }) });
        await window.session.changeItems({ kind: 'trash' }, [id]);
        assert.deepEqual(
          [id, other].map((each) => window.vault.item(each)?.trashed),
          [true, false],
        );
      });
    });
  }

  it('sends at most 500 at a time, which the official server asks for', async () => {
    const at = await scene('official', { items: manyItems(510) });
    const window = await at.unlocked();
    at.server.requests.clear();
    const ids = window.vault.items.map(({ id }) => id);
    await assert.rejects(window.session.changeItems({ kind: 'favorite' }, ids), TooManyItemsError);
    assert.equal(at.server.requests.count(), 0);
    const { signal } = new AbortController();
    const onProgress = () => void at.server.faults.arm('PUT /api/ciphers/delete', misbehaviours.drop, 1);
    await assert.rejects(
      window.session.changeItems({ kind: 'trash' }, ids, undefined, { signal, onProgress }),
      (error) => error instanceof PartlyMadeError && error.made === 500 && error.of === 510,
    );
    assert.equal(window.vault.items.filter(({ trashed }) => trashed).length, 500);
    assert.equal(await window.session.changeItems({ kind: 'trash' }, ids), 0);
    assert.equal(at.server.requests.count('PUT /api/ciphers/delete'), 4);
    assert.ok(window.vault.items.every(({ trashed }) => trashed));
  });

  describe('to favorites, where they are many', () => {
    async function beginMany() {
      const at = await scene('official', { items: manyItems(30) });
      const window = await at.unlocked();
      at.server.requests.clear();
      const ids = window.vault.items.filter(({ favorite }) => !favorite).map(({ id }) => id);
      const cancelling = new AbortController();
      const favorites = () => ids.filter((id) => stored(at, id)?.favorite).length;
      const begin = (onProgress: (made: number) => void) =>
        window.session.changeItems({ kind: 'favorite' }, ids, undefined, { signal: cancelling.signal, onProgress });
      return { at, window, ids, cancelling, favorites, begin };
    }

    it('waits where the server wants that, and ends where it is cancelled', async () => {
      const { at, window, ids, cancelling, favorites, begin } = await beginMany();
      at.server.faults.arm(`PUT /api/ciphers/${ids[3]}/partial`, rateLimited(30), 1);
      const made: number[] = [];
      const changing = begin((count) => {
        made.push(count);
        if (count === 5) cancelling.abort();
      });
      await until('it waits', () => writes(at).length === 4);
      await at.quiet();
      assert.deepEqual([favorites(), made], [3, [1, 2, 3]]);
      at.clock.advance(30_000);
      assert.equal(await changing, ids.length - 5);
      assert.deepEqual([favorites(), made], [5, [1, 2, 3, 4, 5]]);
      assert.equal(ids.filter((id) => window.vault.item(id)?.favorite).length, 5);
      assert.equal(at.server.requests.count('GET /api/sync'), 0);
    });

    it('does not wait any longer where it is cancelled meanwhile, and shows what was made', async () => {
      const { at, window, ids, cancelling, favorites, begin } = await beginMany();
      at.server.faults.arm(`GET /api/ciphers/${ids[3]}/details`, rateLimited(3000), 1);
      const changing = begin(() => undefined);
      await until('it waits', () => favorites() === 3);
      await at.quiet();
      cancelling.abort();
      assert.equal(await changing, ids.length - 3);
      assert.equal(ids.filter((id) => window.vault.item(id)?.favorite).length, 3);
    });
  });

  it('comes to an end where another window syncs at the same time, and both show the same', async () => {
    const at = await scene('official', { items });
    const [window, other]: EditorWindow[] = [await at.unlocked(), await at.open()];
    await other!.unlock();
    const id = window!.itemId('Plain');
    const held = at.server.faults.arm('/api/sync', misbehaviours.holdAnswer, 1);
    const syncing = other!.session.sync({ force: true });
    await held.arrived();
    await window!.session.changeItems({ kind: 'trash' }, [id]);
    held.release();
    await syncing;
    assert.equal(other!.vault.item(id)?.trashed, true);
    assert.equal(window!.vault.item(id)?.trashed, true);
  });
}).timeout(20_000);
