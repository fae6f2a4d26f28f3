import assert from 'node:assert/strict';
import { sealText } from '../../../../src/bitwarden/crypto/seal';
import type { Packable } from '../../../server/hub/messagePack';
import { changeMasterPassword } from '../../../server/masterPassword';
import { misbehaviours } from '../../../server/misbehaviours';
import type { StoredCipher } from '../../../server/model';
import { VaultWriter } from '../../../server/vaultWriter';
import { anyKeyFromBase64 } from '../../../support/keys';
import { until } from '../../../support/until';
import { dialects, type EditorWindow, type Scene, scenes } from '../../../support/window';

describe('listening to the hub', () => {
  const scene = scenes();

  /** A window that listens to the hub of a server with two items. */
  async function listening(dialect: (typeof dialects)[number]): Promise<{ at: Scene; window: EditorWindow }> {
    const at = await scene(dialect, { folders: ['Work'], items: [{ name: 'Bank' }, { name: 'Mail' }] });
    at.isLive = true;
    const window = await at.unlocked();
    await untilHeard(at);
    return { at, window };
  }

  /** Until the window listens, and has asked for what it has missed. */
  async function untilHeard(at: Scene): Promise<void> {
    await until('somebody listens', () => at.server.hub.listeners === 1);
    await quiet(at);
    at.server.requests.clear();
  }

  /** Until nothing is asked for any more. */
  async function quiet(at: Scene): Promise<void> {
    let before = -1;
    let since = 0;
    await until('no more requests', () => {
      const now = at.server.requests.count();
      since = now === before ? since + 1 : 0;
      before = now;
      return since > 25;
    });
  }

  const names = ({ vault }: EditorWindow) => vault.items.map(({ name }) => name);
  const shows = (window: EditorWindow, ...wanted: string[]) =>
    until(`it shows ${wanted.join(', ')}`, () => names(window).join() === wanted.join());
  const syncs = (at: Scene) => at.server.requests.count('GET /api/sync');

  function cipherOf(at: Scene, window: EditorWindow, name: string): StoredCipher {
    const id = window.itemId(name);
    const cipher = at.account.ciphers.find((each) => each.id === id);
    assert.ok(cipher);
    return cipher;
  }

  /** Another client adds an item. Its push is not sent yet. */
  function add(at: Scene, name: string): StoredCipher {
    at.server.clock.advance(1);
    return new VaultWriter(at.account).add({ name });
  }

  /** Another client renames an item. Its push is not sent yet. */
  function rename(at: Scene, cipher: StoredCipher, name: string): void {
    at.server.clock.advance(1);
    cipher.name = sealText(name, anyKeyFromBase64(at.account.plainUserKey));
  }

  for (const dialect of dialects) {
    describe(dialect, () => {
      it('shows each change of an item by asking for that item alone', async () => {
        const { at, window } = await listening(dialect);
        const cipher = add(at, 'Shop');
        at.server.tell({ kind: 'item', what: 'created', cipher });
        await shows(window, 'Bank', 'Mail', 'Shop');
        rename(at, cipher, 'Album');
        at.server.tell({ kind: 'item', what: 'changed', cipher });
        await shows(window, 'Album', 'Bank', 'Mail');
        at.account.ciphers.splice(at.account.ciphers.indexOf(cipher), 1);
        at.server.tell({ kind: 'item', what: 'deleted', cipher });
        await shows(window, 'Bank', 'Mail');
        assert.equal(syncs(at), 0);
        assert.equal(at.server.requests.count(`GET /api/ciphers/${cipher.id}/details`), 3);
        assert.equal(window.locks, 0);
        // What was shown is stored, and the next sync finds nothing else.
        await window.session.sync();
        assert.deepEqual(names(window), ['Bank', 'Mail']);
      });

      it('shows each change of a folder by asking for that folder alone', async () => {
        const { at, window } = await listening(dialect);
        const key = anyKeyFromBase64(at.account.plainUserKey);
        const [folder] = at.account.folders;
        assert.ok(folder);
        const folders = (...wanted: string[]) =>
          until(
            `folders ${wanted.join()}`,
            () => window.vault.folders.map(({ name }) => name).join() === wanted.join(),
          );
        folder.name = sealText('Private', key);
        at.server.tell({ kind: 'folder', what: 'changed', folder });
        await folders('Private');
        const added = { ...folder, id: globalThis.crypto.randomUUID(), name: sealText('Added', key) };
        at.account.folders.push(added);
        at.server.tell({ kind: 'folder', what: 'created', folder: added });
        await folders('Added', 'Private');
        at.account.folders.pop();
        at.server.tell({ kind: 'folder', what: 'deleted', folder: added });
        await folders('Private');
        assert.equal(syncs(at), 0);
      });

      it('fetches the vault where many have changed, whatever its date says', async () => {
        const { at, window } = await listening(dialect);
        const { revisionDate } = at.account;
        add(at, 'Shop');
        at.server.tell({ kind: 'items' });
        at.account.revisionDate = revisionDate;
        await shows(window, 'Bank', 'Mail', 'Shop');
        assert.equal(syncs(at), 1);
      });

      it('minds neither the order of pushes nor those that come twice', async () => {
        const { at, window } = await listening(dialect);
        at.server.hub.faults.holds = true;
        const cipher = add(at, 'Shop');
        at.server.tell({ kind: 'item', what: 'created', cipher });
        rename(at, cipher, 'Album');
        at.server.tell({ kind: 'item', what: 'changed', cipher });
        const gone = cipherOf(at, window, 'Bank');
        at.account.ciphers.splice(at.account.ciphers.indexOf(gone), 1);
        at.server.tell({ kind: 'item', what: 'changed', cipher: gone });
        at.server.tell({ kind: 'item', what: 'deleted', cipher: gone });
        at.server.hub.release();
        await shows(window, 'Album', 'Mail');
        assert.equal(syncs(at), 0);
      });

      it('does not lose a change that comes while a sync is under way', async () => {
        const { at, window } = await listening(dialect);
        const held = at.server.faults.arm('/api/sync', misbehaviours.holdAnswer, 1);
        const syncing = window.session.sync({ force: true });
        await held.arrived();
        add(at, 'Shop');
        at.server.tell({ kind: 'items' });
        held.release();
        await syncing;
        await shows(window, 'Bank', 'Mail', 'Shop');
      });

      it('does not lose a change to an answer that is older than what was stored meanwhile', async () => {
        const { at, window } = await listening(dialect);
        const cipher = cipherOf(at, window, 'Bank');
        const held = at.server.faults.arm(/details$/, misbehaviours.holdAnswer, 1);
        rename(at, cipher, 'Second');
        at.server.tell({ kind: 'item', what: 'changed', cipher });
        await held.arrived();
        rename(at, cipher, 'Third');
        at.server.touch();
        await window.session.sync();
        assert.deepEqual(names(window), ['Mail', 'Third']);
        held.release();
        await quiet(at);
        assert.deepEqual(names(window), ['Mail', 'Third']);
      });

      it('follows a log-out only where the server itself says that the session has ended', async () => {
        const { at, window } = await listening(dialect);
        at.server.tell({ kind: 'logOut' });
        await until('the server is asked', () => syncs(at) === 1);
        await quiet(at);
        window.is('unlocked');
        await changeMasterPassword(at.account, { password: 'another password' });
        at.server.changeSecurityStamp();
        await window.reaches('locked');
        assert.deepEqual(window.drops, ['stampChanged']);
        await until('nobody listens', () => at.server.hub.listeners === 0);
      });

      it('comes back after the connection broke, and asks for what it has missed', async () => {
        const { at, window } = await listening(dialect);
        at.server.hub.close();
        await until('it noticed', () => window.logged.some((line) => line.startsWith('The hub has ended')));
        add(at, 'Shop');
        at.server.touch();
        at.clock.advance(5_000);
        await shows(window, 'Bank', 'Mail', 'Shop');
        assert.equal(at.server.hub.listeners, 1);
      });

      it('fetches the vault later where that failed, though its date says that nothing has changed', async () => {
        const { at, window } = await listening(dialect);
        const { revisionDate } = at.account;
        at.server.faults.arm('/api/sync', misbehaviours.serverError, 1);
        add(at, 'Shop');
        at.server.tell({ kind: 'items' });
        at.account.revisionDate = revisionDate;
        await until('it failed', () => window.logged.some((line) => line.includes('sync after a push failed')));
        at.server.hub.close();
        await until('it noticed', () => window.logged.some((line) => line.startsWith('The hub has ended')));
        at.clock.advance(5_000);
        await shows(window, 'Bank', 'Mail', 'Shop');
      });

      it('leaves a hub that sends garbage, with one line in the log, and comes back', async () => {
        const { at, window } = await listening(dialect);
        for (const garbage of ['ff', '05c1c1c1c1c1', '0a91', `ffff0391${'00'.repeat(10)}`]) {
          window.logged.length = 0;
          at.server.hub.sendRaw(Buffer.from(garbage, 'hex'));
          await until('it left', () => window.logged.length > 0);
          assert.deepEqual(window.logged, ['The hub was left: what it sent is no message.']);
          at.clock.advance(5 * 60_000);
          await until('it listens again', () => window.logged.includes('Listening to the hub.'));
        }
        at.server.hub.sendRaw(Buffer.alloc(65_000));
        await until('it left a frame of nothing', () => window.logged.length > 2);
      });

      it('leaves a hub that has fallen silent, or never said a word', async () => {
        const { at, window } = await listening(dialect);
        at.server.hub.faults.isSilent = true;
        at.clock.advance(40_000);
        await until('it pinged', () => at.server.hub.pings > 1);
        assert.equal(at.server.hub.listeners, 1);
        at.clock.advance(10_000);
        await until('it left', () => at.server.hub.listeners === 0);
        await until('it says so', () => window.logged.some((line) => line.includes('ended (NetworkError)')));
        at.clock.advance(5_000);
        await until('it tries again', () => at.server.hub.attempts.length === 2);
        // The time for the answer begins with the attempt.
        await quiet(at);
        at.clock.advance(16_000);
        await until('it gives up', () => window.logged.some((line) => line.includes('not reached (NetworkError)')));
        window.is('unlocked');
      });

      it('is not there, and is asked for no more than once an hour', async () => {
        for (const status of [404, 400, 200, 403]) {
          const at = await scene(dialect);
          at.isLive = true;
          at.server.hub.faults.status = status;
          const window = await at.unlocked();
          await until('it noticed', () => window.logged.some((line) => line.includes('has no hub')));
          at.clock.advance(25 * 60_000);
          await window.session.lock();
          await window.unlock();
          add(at, 'Shop');
          at.server.touch();
          await window.session.sync();
          assert.deepEqual(names(window), ['Shop']);
          assert.equal(at.server.hub.attempts.length, 1);
          at.server.hub.faults.status = undefined;
          at.clock.advance(40 * 60_000);
          await until('it asks again', () => at.server.hub.listeners === 1);
        }
      });

      it('is tried with another token where the server does not know the one at hand any more', async () => {
        const { at, window } = await listening(dialect);
        at.server.expireTokens();
        at.server.hub.close();
        await until('it noticed', () => window.logged.some((line) => line.startsWith('The hub has ended')));
        at.clock.advance(5_000);
        await until('it listens again', () => at.server.hub.listeners === 1);
        assert.equal(at.signIns, 1);
      });

      it('gets the token in the header alone, and costs no sign-in where it refuses that', async () => {
        const at = await scene(dialect);
        at.isLive = true;
        at.server.hub.faults.refusesHeader = true;
        const window = await at.unlocked();
        await until('it noticed', () => window.logged.some((line) => line.includes('has no hub')));
        assert.deepEqual(at.server.hub.attempts, ['header']);
        assert.equal(at.signIns, 1);
        const token = at.secrets.record('accessToken')?.accessToken as string;
        assert.ok(token.length > 20 && window.logged.every((line) => !line.includes(token)));
      });

      it('gets another token once where memberships have changed', async () => {
        const { at } = await listening(dialect);
        const { id } = at.account;
        const push: Packable = { ContextId: null, Type: 6, Payload: { UserId: id, Date: new Date() } };
        at.server.hub.push(at.account, push);
        await until('another token', () => at.signIns === 1);
        await until('it has left', () => at.server.hub.listeners === 0);
        assert.equal(syncs(at), 1);
        at.clock.advance(5_000);
        await until('it listens again', () => at.server.hub.listeners === 1);
        await quiet(at);
        at.server.hub.push(at.account, push);
        await until('a sync', () => syncs(at) === 2);
        await quiet(at);
        assert.equal(at.signIns, 1);
      });

      it('passes over what is for another user, of a former type, or of no interest', async () => {
        const { at } = await listening(dialect);
        const { hub, account } = at.server;
        const stranger = globalThis.crypto.randomUUID();
        hub.push(account, { ContextId: null, Type: 5, Payload: { UserId: stranger, Date: new Date() } });
        hub.push(account, { ContextId: null, Type: 12, Payload: { UserId: account.id, Id: stranger } });
        hub.push(account, { ContextId: null, Type: 99, Payload: { UserId: account.id } });
        hub.push(account, { ContextId: null, Type: 15, Payload: null });
        const cipher = add(at, 'Shop');
        at.server.tell({ kind: 'item', what: 'created', cipher });
        await quiet(at);
        assert.equal(at.server.requests.count(), 1);
      });

      it('passes over its own change, and follows the next one of the same element', async () => {
        const { at, window } = await listening(dialect);
        const [folder] = at.account.folders;
        at.server.hub.faults.holds = true;
        await window.session.renameFolders([folder!.id], 'Private');
        at.server.requests.clear();
        // Each push comes twice.
        at.server.hub.release();
        await until('the second one is followed', () => at.server.requests.count() > 0);
        await quiet(at);
        assert.equal(at.server.requests.count(`GET /api/folders/${folder!.id}`), 1);
        assert.equal(at.server.requests.count(), 1);
      });

      it('follows a change of another window of this machine, which has the same device', async () => {
        const { at, window } = await listening(dialect);
        const cipher = add(at, 'Shop');
        at.server.tell({ kind: 'item', what: 'created', cipher }, at.secrets.entries.get('device'));
        await shows(window, 'Bank', 'Mail', 'Shop');
      });
    });
  }

  it('happens in one window of all, and the others show what that one stores', async () => {
    const { at, window } = await listening('official');
    const other = await at.open();
    await other.unlock();
    const cipher = add(at, 'Shop');
    at.server.tell({ kind: 'item', what: 'created', cipher });
    await Promise.all([shows(window, 'Bank', 'Mail', 'Shop'), shows(other, 'Bank', 'Mail', 'Shop')]);
    assert.equal(at.server.hub.attempts.length, 1);
    assert.equal(at.server.requests.count(`GET /api/ciphers/${cipher.id}/details`), 1);
  });

  it('goes on in another window when that one locks, is closed, or dies', async () => {
    for (const leave of [
      (window: EditorWindow) => window.session.dispose(),
      (window: EditorWindow) => window.sessions.dispose(),
      (window: EditorWindow) => window.crash(),
    ]) {
      const { at, window } = await listening('vaultwarden');
      const other = await at.open();
      await other.unlock();
      leave(window);
      at.server.hub.close();
      await until('the other listens', () => other.logged.includes('Listening to the hub.'));
      const cipher = add(at, 'Shop');
      at.server.tell({ kind: 'item', what: 'created', cipher });
      await shows(other, 'Bank', 'Mail', 'Shop');
    }
  });

  it('goes on as long as the server pings, though it says nothing else', async () => {
    const { at } = await listening('vaultwarden');
    for (const pongs of [1, 2, 3]) {
      at.clock.advance(40_000);
      at.server.hub.ping();
      await until('the client has heard it', () => at.server.hub.pongs === pongs);
    }
    assert.equal(at.server.hub.attempts.length, 1);
  });

  it('ends where the session was dropped, though the vault stays unlocked', async () => {
    const { at, window } = await listening('official');
    at.server.rotateApiKey();
    at.server.expireTokens();
    await assert.rejects(window.session.sync(), { name: 'SessionDroppedError' });
    window.is('unlocked');
    await until('nobody listens', () => at.server.hub.listeners === 0);
  });

  it('begins later where the lock between windows could not be taken, and says so once', async () => {
    const at = await scene('official', { items: [{ name: 'Bank' }] });
    at.isLive = true;
    let failures = 3;
    at.files.beforeExclusive = (name) => {
      if (name.startsWith('live-') && failures-- > 0) throw new Error('ENOSPC');
    };
    const window = await at.unlocked();
    await until('it was refused', () => failures < 3);
    await quiet(at);
    assert.equal(failures, 2);
    await until('somebody listens', () => {
      at.clock.advance(1_000);
      return at.server.hub.listeners === 1;
    });
    assert.equal(window.logged.filter((line) => line.startsWith('Not listening')).length, 1);
  });

  it('ends with the lock, and begins with the unlock', async () => {
    const { at, window } = await listening('official');
    await window.session.lock();
    await until('nobody listens', () => at.server.hub.listeners === 0);
    assert.equal(at.clock.isIdle, true);
    await window.unlock();
    await until('it listens again', () => at.server.hub.listeners === 1);
  });

  it('ends where the user wants no syncs in the background', async () => {
    const { at, window } = await listening('official');
    window.session.setLive(false);
    await until('nobody listens', () => at.server.hub.listeners === 0);
  });
});
