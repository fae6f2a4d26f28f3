import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Draft, Drafts } from '../../../src/account/drafts';
import type { Opened } from '../../../src/account/sessionStore';
import { SignOuts } from '../../../src/account/storage/signOuts';
import type { FileStore } from '../../../src/base/ports';
import { Keyring } from '../../../src/vault/keyring';
import { generateKey } from '../../support/keys';
import { ManualClock } from '../../support/manualClock';
import { MemoryFileStore } from '../../support/memoryFileStore';
import { MemorySecretStore } from '../../support/memorySecretStore';
import { Steps } from '../../support/steps';
import { LockedError, SignedOutError } from '../../../src/vault/errors';
import { spoiledFiles } from '../../support/spoiledFiles';
import { until } from '../../support/until';
import { type EditorWindow, type Scene, scenes } from '../../support/window';

describe('Drafts', () => {
  const scene = scenes();
  const newScene = () => scene('official', { items: [{ name: 'A', password: 'marked-secret' }] });

  const files = (at: Scene) => [...at.files.files.keys()].filter((name) => name.includes('.draft-'));
  const named = (name: string, id: string = randomUUID()): Omit<Draft, 'at'> => ({
    ...{ id, attempts: [] },
    content: { kind: 'new', item: { type: 'login', edit: { name } } },
  });
  function edited(window: EditorWindow, password: string, id: string = randomUUID()): Omit<Draft, 'at'> {
    const itemId = window.itemId('A');
    const base = Buffer.from(window.vault.element(itemId)!).toString();
    return { id, attempts: [], content: { kind: 'edit', itemId, edit: { content: { password } }, base } };
  }
  const names = async ({ session }: EditorWindow) =>
    (await session.drafts.all()).map(({ content }) =>
      content.kind === 'new' ? content.item.edit.name : content.edit.content?.password,
    );

  it('are there after a lock, a reload and a crash, the latest first, and can be saved from', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const draft = edited(window, 'typed');
    await window.session.drafts.keep(draft);
    at.clock.advance(1_000);
    await window.session.drafts.keep({ ...named('New'), attempts: ['2.a|b|c'] });
    await window.session.lock();
    await window.unlock();
    assert.deepEqual(await names(window), ['New', 'typed']);
    window.crash();
    const next = await at.open();
    await next.unlock();
    const [latest, before] = await next.session.drafts.all();
    assert.deepEqual(latest?.attempts, ['2.a|b|c']);
    assert.deepEqual([before?.id, before?.content, before?.at], [draft.id, draft.content, at.clock.now() - 1_000]);
    assert.ok(before?.content.kind === 'edit');
    const { itemId, edit, base } = before.content;
    await next.session.saveItem(itemId, edit, Buffer.from(base));
    await next.session.drafts.discard(draft.id);
    assert.equal(next.read('A', 'password'), 'typed');
    assert.deepEqual(await names(next), ['New']);
  });

  it('are kept by a call right before a lock', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const keeping = window.session.drafts.keep(named('last words'));
    await Promise.all([keeping, window.session.lock()]);
    await window.unlock();
    assert.deepEqual(await names(window), ['last words']);
  });

  it('show nothing of themselves on the disk', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await window.session.drafts.keep(edited(window, 'typed-secret'));
    const [name] = files(at);
    const content = Buffer.from(at.files.files.get(name!)!.content);
    for (const text of ['typed', 'secret', 'password', 'itemId', window.itemId('A')]) {
      assert.ok(!content.includes(text), text);
    }
    assert.ok(window.logged.every((line) => !line.includes('secret')));
  });

  it('are as they were in the latest call, whichever write takes how long, and stay discarded', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const { drafts } = window.session;
    const id = randomUUID();
    await Promise.all(['a', 'b', 'c'].map((name) => drafts.keep(named(name, id))));
    assert.deepEqual(await names(window), ['c']);
    await Promise.all([drafts.keep(named('d', id)), drafts.discard(id)]);
    assert.deepEqual(await names(window), []);
    await drafts.discard(id);
  });

  it('are given as they were kept last, also while that is being written, and what came between is not written', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const { drafts } = window.session;
    const id = randomUUID();
    let writes = 0;
    at.files.beforeWrite = (name) => {
      if (name.includes('.draft-')) writes++;
    };
    const keeping = Promise.all(['a', 'ab', 'abc', 'abcd'].map((name) => drafts.keep(named(name, id))));
    assert.deepEqual(await names(window), ['abcd']);
    await keeping;
    assert.ok(writes <= 2, `${writes} writes`);
  });

  it('go to one form alone, whose copy is its own', async () => {
    const at = await newScene();
    const [window, other] = [await at.unlocked(), await at.open()];
    await other.unlock();
    const draft = named('one');
    await window.session.drafts.keep(draft);
    const [mine, theirs] = await Promise.all([
      window.session.drafts.take(draft.id),
      other.session.drafts.take(draft.id),
    ]);
    const taken = mine ?? theirs;
    assert.ok(taken !== undefined && (mine === undefined || theirs === undefined));
    assert.deepEqual(taken.content, draft.content);
    await window.session.drafts.discard(draft.id);
    assert.deepEqual(await names(other), ['one']);
    at.files.beforeWrite = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    assert.equal((await window.session.drafts.take(taken.id))?.id, taken.id);
  });

  it('of an item are found without those of others being decrypted each time, and around one that cannot be read', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const { drafts } = window.session;
    const draft = edited(window, 'typed');
    const others = [named('a'), named('b')];
    for (const each of [draft, ...others]) await drafts.keep(each);
    const itemId = window.itemId('A');
    const ofItem = async () => (await drafts.ofItem(itemId)).map(({ id }) => id);
    assert.deepEqual(await ofItem(), [draft.id]);
    const read = new Set<string>();
    at.files.beforeRead = (name) => Promise.resolve(void read.add(name));
    assert.deepEqual(await ofItem(), [draft.id]);
    assert.equal(read.size, 1);
    at.files.beforeRead = (name) =>
      name.includes(others[0]!.id) ? Promise.reject(new Error('not yours')) : Promise.resolve();
    assert.deepEqual(new Set(await names(window)), new Set(['typed', 'b']));
  });

  it('are as they were in the latest call, also where the disk is slow with the one before', async () => {
    const [clock, steps] = [new ManualClock(), new Steps()];
    const view = new MemoryFileStore(clock).view(steps);
    const { promise: slow, resolve: release } = Promise.withResolvers<undefined>();
    const waits = [slow];
    const files: FileStore = {
      ...view,
      write: async (name, content) => {
        await waits.shift();
        await view.write(name, content);
      },
    };
    const signOuts = new SignOuts(new MemorySecretStore().view(steps), files, clock);
    const nothing = () => undefined;
    const log = { debug: nothing, warn: nothing, error: nothing };
    const opened = { keyring: new Keyring(generateKey()) } as unknown as Opened;
    const drafts = new Drafts({ store: { accountId: randomUUID(), opened }, files, signOuts, clock, log });
    const id = randomUUID();
    const keeping = [drafts.keep(named('first', id)), drafts.keep(named('second', id))];
    setImmediate(() => release(undefined));
    await Promise.all(keeping);
    assert.deepEqual(
      (await drafts.all()).map(({ content }) => content.kind === 'new' && content.item.edit.name),
      ['second'],
    );
  });

  it('of two windows do not touch each other', async () => {
    const at = await newScene();
    const [window, other] = [await at.unlocked(), await at.open()];
    await other.unlock();
    const [one, two] = [named('one'), named('two')];
    await Promise.all([
      window.session.drafts.keep(one),
      other.session.drafts.keep(two),
      window.session.drafts.keep(one),
      other.session.drafts.keep({ ...two, content: named('two more').content }),
    ]);
    assert.deepEqual(new Set(await names(window)), new Set(['one', 'two more']));
    await other.session.drafts.discard(one.id);
    assert.deepEqual(await names(window), ['two more']);
  });

  it('are as they were before where the disk is full, and are kept again once it is not', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const { drafts } = window.session;
    const id = randomUUID();
    await drafts.keep(named('before', id));
    at.files.beforeWrite = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    await assert.rejects(drafts.keep(named('after', id)), { code: 'ENOSPC' });
    assert.deepEqual(await names(window), ['before']);
    at.files.beforeWrite = () => undefined;
    await drafts.keep(named('after', id));
    assert.deepEqual(await names(window), ['after']);
  });

  it('are neither kept nor given while the vault is locked, and may be discarded', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const draft = named('a');
    await window.session.drafts.keep(draft);
    await window.session.lock();
    await assert.rejects(window.session.drafts.keep(draft), LockedError);
    await assert.rejects(window.session.drafts.all(), LockedError);
    await window.session.drafts.discard(draft.id);
    assert.deepEqual(files(at), []);
  });

  it('go with the account, also those that are written meanwhile', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await window.session.drafts.keep(named('a'));
    const keeping = window.session.drafts.keep(named('b'));
    const ended = assert.rejects(keeping, SignedOutError);
    at.files.beforeWrite = (name) => {
      if (name.includes('.draft-'))
        at.files.files.set(`${at.accountId}.signedOut`, { content: new Uint8Array(), modifiedAt: 0 });
    };
    await ended;
    assert.deepEqual(files(at), []);
    at.files.beforeWrite = () => undefined;
    await window.session.signOut();
    await until('nothing is left', () => at.isEmpty);
    assert.deepEqual(files(at), []);
  });

  it('of a former user key are passed over, and removed when they are old', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await window.session.drafts.keep(named('old key'));
    const [name] = files(at);
    const file = at.files.files.get(name!)!;
    file.content = Uint8Array.from(file.content, (byte, place) => (place === 3 ? byte ^ 1 : byte));
    await window.session.drafts.keep(named('new key'));
    assert.deepEqual(await names(window), ['new key']);
    assert.equal(files(at).length, 2);
    at.clock.advance(91 * 24 * 60 * 60 * 1000);
    await window.unlock();
    await window.session.drafts.all();
    assert.equal(files(at).length, 1);
  });

  for (const [what, spoil] of spoiledFiles) {
    it(`pass over one whose file ${what}`, async () => {
      const at = await newScene();
      const window = await at.unlocked();
      await window.session.drafts.keep(named('a'));
      const file = at.files.files.get(files(at)[0]!)!;
      await window.session.drafts.keep(named('b'));
      file.content = spoil(file.content);
      assert.deepEqual(await names(window), ['b']);
    });
  }
});
