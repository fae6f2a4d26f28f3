import assert from 'node:assert/strict';
import { HttpError } from '../../../../src/bitwarden/errors';
import { openText } from '../../../../src/bitwarden/crypto/open';
import { ChangeUnknownError, GoneElsewhereError, TooLongError } from '../../../../src/vault/errors';
import { misbehaviours } from '../../../server/misbehaviours';
import { anyKeyFromBase64 } from '../../../support/keys';
import { until } from '../../../support/until';
import { dialects, type EditorWindow, type Scene, scenes } from '../../../support/window';

describe('folders', () => {
  const scene = scenes();

  const names = ({ vault }: EditorWindow) => vault.folders.map(({ name }) => name);
  const folderId = ({ vault }: EditorWindow, wanted: string) =>
    vault.folders.find(({ name }) => name === wanted)?.id ?? '';

  async function begin(dialect: (typeof dialects)[number]) {
    const at = await scene(dialect, { items: [{ name: 'Item', folder: 'Work' }] });
    const window = await at.unlocked();
    at.server.requests.clear();
    return { at, window };
  }

  function removeElsewhere(at: Scene): void {
    at.server.clock.advance(1);
    at.account.folders.splice(0);
    at.server.touch();
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      it('are created and renamed here, on the server and in another window, without a whole sync', async () => {
        const { at, window } = await begin(dialect);
        const other = await at.open();
        await other.unlock();
        at.server.requests.clear();
        await window.session.createFolder('Work/Sürvers 🔑');
        assert.deepEqual(names(window), ['Work', 'Work/Sürvers 🔑']);
        await until('the other window shows it', () => names(other).length === 2);
        const key = anyKeyFromBase64(at.account.plainUserKey);
        assert.equal(openText(at.account.folders.at(-1)!.name, key), 'Work/Sürvers 🔑');
        await window.session.renameFolders([folderId(window, 'Work')], 'Job');
        assert.deepEqual(names(window), ['Job', 'Work/Sürvers 🔑']);
        assert.equal(at.server.requests.count('GET /api/sync'), 0);
        await window.session.sync({ force: true });
        assert.deepEqual(names(window), ['Job', 'Work/Sürvers 🔑']);
      });

      it('leave their items when they are deleted', async () => {
        const { at, window } = await begin(dialect);
        await window.session.deleteFolders([folderId(window, 'Work')]);
        assert.deepEqual(names(window), []);
        assert.equal(window.vault.item(window.itemId('Item'))?.folderId, undefined);
        assert.equal(at.account.folders.length, 0);
      });

      it('are never created twice: where the answer was lost, a sync tells', async () => {
        const { at, window } = await begin(dialect);
        for (const fault of [misbehaviours.dropAnswer, misbehaviours.cutOff, misbehaviours.loginPage] as const) {
          at.server.faults.arm('POST /api/folders', fault, 1);
          const name = `Made ${fault.kind}`;
          // The page comes in the place of the server.
          if (fault.kind === 'answer') await assert.rejects(window.session.createFolder(name));
          else await window.session.createFolder(name);
        }
        at.server.faults.arm('POST /api/folders', misbehaviours.drop, 1);
        await assert.rejects(window.session.createFolder('Not made'), ChangeUnknownError);
        assert.deepEqual(names(window), ['Made cut', 'Made drop', 'Work']);
        assert.equal(at.server.requests.count('POST /api/folders'), 4);
      });

      it('with a name that is too long for the server are not sent', async () => {
        const { at, window } = await begin(dialect);
        await assert.rejects(window.session.createFolder('x'.repeat(1000)), TooLongError);
        assert.equal(at.server.requests.count('POST /api/folders'), 0);
        await window.session.createFolder('x'.repeat(600));
        assert.equal(at.account.folders.length, 2);
      });

      it('that are gone elsewhere are told so, and shown so', async () => {
        const { at, window } = await begin(dialect);
        const id = folderId(window, 'Work');
        removeElsewhere(at);
        await assert.rejects(window.session.renameFolders([id], 'Job'), GoneElsewhereError);
        assert.deepEqual(names(window), []);
        await window.session.deleteFolders([id]);
      });

      it('of the same name are renamed and deleted together, with one sync, and without those that are gone', async () => {
        const { at, window } = await begin(dialect);
        await window.session.createFolder('Twin');
        at.account.folders.push({ ...at.account.folders.at(-1)!, id: globalThis.crypto.randomUUID() });
        at.server.touch();
        await window.session.sync({ force: true });
        const ids = window.vault.folders.filter(({ name }) => name === 'Twin').map(({ id }) => id);
        at.server.requests.clear();
        await window.session.renameFolders(ids, 'Pair');
        assert.deepEqual(names(window), ['Pair', 'Pair', 'Work']);
        const sent = () => at.server.requests.to().map(({ method }) => method);
        assert.deepEqual(sent(), ['PUT', 'PUT']);
        const gone = globalThis.crypto.randomUUID();
        await window.session.renameFolders([gone, ...ids], 'Two');
        assert.deepEqual(names(window), ['Two', 'Two', 'Work']);
        at.server.requests.clear();
        await window.session.deleteFolders([gone, ...ids]);
        assert.deepEqual(names(window), ['Work']);
        assert.equal(sent().filter((method) => method === 'DELETE').length, 3);
        assert.equal(at.server.requests.count('GET /api/sync'), 1);
        assert.equal(at.account.folders.length, 1);
      });

      it('that are gone elsewhere take no items', async () => {
        const { at, window } = await begin(dialect);
        const folderId_ = folderId(window, 'Work');
        await window.session.changeItems({ kind: 'move', folderId: null }, [window.itemId('Item')]);
        removeElsewhere(at);
        const moving = window.session.changeItems({ kind: 'move', folderId: folderId_ }, [window.itemId('Item')]);
        await assert.rejects(moving, (error) => error instanceof GoneElsewhereError && error.what === 'folder');
        assert.deepEqual(names(window), []);
      });
    });
  }

  it('of an account with V2 encryption are encrypted as its clients do', async () => {
    const at = await scene('official', {
      v2: { userKey: 'xAes256Gcm', signature: 'mlDsa44' },
      items: [{ name: 'Item' }],
    });
    const window = await at.unlocked();
    await window.session.createFolder('Of V2');
    assert.match(at.account.folders[0]!.name, /^7\./);
    await window.session.sync({ force: true });
    assert.deepEqual(names(window), ['Of V2']);
    const id = window.itemId('Item');
    await window.session.changeItems({ kind: 'move', folderId: folderId(window, 'Of V2') }, [id]);
    assert.equal(window.vault.item(id)?.folderId, at.account.folders[0]!.id);
    await window.session.changeItems({ kind: 'trash' }, [id]);
    assert.equal(window.vault.item(id)?.name, 'Item');
  });

  it('are refused by a server that knows better', async () => {
    const { at, window } = await begin('official');
    at.server.faults.arm('POST /api/folders', { kind: 'answer', reply: { status: 400, json: { message: 'No.' } } });
    await assert.rejects(window.session.createFolder('Any'), HttpError);
    assert.deepEqual(names(window), ['Work']);
  });
}).timeout(20_000);
