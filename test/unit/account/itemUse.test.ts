import assert from 'node:assert/strict';
import { until } from '../../support/until';
import { type EditorWindow, type Scene, scenes } from '../../support/window';
import { spoiledFiles } from '../../support/spoiledFiles';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('The use of items', () => {
  const scene = scenes();
  const newScene = () => scene('official', { items: [{ name: 'A' }] });

  const file = (at: Scene) => at.files.files.get(`${at.accountId}.used`);
  const recent = ({ session }: EditorWindow) => session.itemUse.recent();
  const saw = (window: EditorWindow, ...ids: string[]) =>
    until(`the window knows of ${ids.join()}`, () => recent(window).join() === ids.join());

  /** Records uses, a second apart, and waits until they are in the file. */
  async function use(at: Scene, { session }: EditorWindow, ...ids: string[]): Promise<void> {
    for (const id of ids) {
      session.itemUse.record(id);
      at.clock.advance(1);
    }
    const before = file(at)?.content;
    at.clock.advance(1_000);
    await until('the use is stored', () => file(at) !== undefined && file(at)?.content !== before);
  }

  it('is known at once, the latest first, in other windows soon, and after the next unlock', async () => {
    const at = await newScene();
    const [window, other] = [await at.unlocked(), await at.open()];
    await other.unlock();
    window.session.itemUse.record('a');
    assert.deepEqual(recent(window), ['a']);
    at.clock.advance(1);
    await use(at, window, 'b', 'c', 'a');
    assert.deepEqual(recent(window), ['a', 'c', 'b']);
    await saw(other, 'a', 'c', 'b');
    await window.session.lock();
    await window.unlock();
    await saw(window, 'a', 'c', 'b');
  });

  it('is written once for all that comes within a second', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    let writes = 0;
    at.files.beforeWrite = (name) => void (writes += Number(name.endsWith('.used')));
    for (const id of ['a', 'b', 'a', 'c']) window.session.itemUse.record(id);
    assert.equal(writes, 0);
    at.clock.advance(1_000);
    await until('it is stored', () => file(at) !== undefined);
    assert.equal(writes, 1);
  });

  it('in several windows adds up', async () => {
    const at = await newScene();
    const windows = [await at.unlocked(), await at.open(), await at.open()];
    for (const window of windows.slice(1)) await window.unlock();
    at.files.isSilent = true;
    for (const [number, { session }] of windows.entries()) {
      session.itemUse.record(`of ${number}`);
      session.itemUse.record('of all');
    }
    at.clock.advance(1_000);
    const next = await at.open();
    await until('all is stored', async () => {
      await next.session.lock();
      await next.unlock();
      await until('it is read', () => recent(next).length > 0);
      return recent(next).length === 4;
    });
  });

  it('says what is likeliest to be used again: by how often, and by how long ago', async () => {
    const at = await newScene();
    const { session } = await at.unlocked();
    const likeliest = () => session.itemUse.likeliest().join('');
    for (const id of 'aaabbc') {
      session.itemUse.record(id);
      at.clock.advance(1);
    }
    assert.equal(likeliest(), 'abc');
    assert.equal(session.itemUse.recent().join(''), 'cba');
    session.setLocking({ minutes: undefined });
    at.clock.advance(21 * DAY_MS);
    for (const id of 'cc') session.itemUse.record(id);
    assert.equal(likeliest(), 'cab');
  });

  it('is remembered of two hundred items, those that were used last', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const ids = Array.from({ length: 300 }, (_, number) => `i${number}`);
    for (const id of ids) {
      window.session.itemUse.record(id);
      at.clock.advance(10);
    }
    assert.deepEqual(recent(window), ids.toReversed().slice(0, 200));
  });

  it('shows neither ids nor anything else in the file, and no two files are alike', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await use(at, window, 'marked-id');
    const before = Buffer.from(file(at)!.content);
    for (const text of ['marked', 'id', 'last', 'weight']) assert.ok(!before.includes(text), text);
    await use(at, window, 'marked-id');
    const after = Buffer.from(file(at)!.content);
    assert.notDeepEqual(after.subarray(0, 32), before.subarray(0, 32));
  });

  it('is gone from memory at a lock, and what is recorded then is nothing', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await use(at, window, 'a');
    window.session.itemUse.record('b');
    await window.session.lock();
    assert.deepEqual([recent(window), window.session.itemUse.likeliest()], [[], []]);
    window.session.itemUse.record('c');
    assert.deepEqual(recent(window), []);
    const { content } = file(at)!;
    at.clock.advance(10_000);
    await window.unlock();
    await saw(window, 'a');
    assert.equal(file(at)!.content, content);
  });

  it('is forgotten with the account, also where it is written late', async () => {
    const at = await newScene();
    const [window, other] = [await at.unlocked(), await at.open()];
    await use(at, window, 'a');
    let signedOut: Promise<void> | undefined;
    at.files.beforeWrite = (name) => {
      if (name.endsWith('.used')) signedOut ??= other.session.signOut();
    };
    window.session.itemUse.record('b');
    at.clock.advance(1_000);
    await until('the other window signs out', () => signedOut !== undefined);
    await signedOut;
    await window.reaches('signedOut');
    await until('nothing is left', () => at.isEmpty);
    assert.deepEqual(recent(window), []);
  });

  for (const [what, spoil] of spoiledFiles) {
    it(`starts anew where the file ${what}`, async () => {
      const at = await newScene();
      const window = await at.unlocked();
      await use(at, window, 'a');
      await window.session.lock();
      file(at)!.content = spoil(file(at)!.content);
      await window.unlock();
      assert.deepEqual(recent(window), []);
      await use(at, window, 'b');
      await window.session.lock();
      await window.unlock();
      await saw(window, 'b');
      assert.deepEqual(window.logged, []);
    });
  }

  it('that cannot be written is told in the log, and is written with the next one', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    at.files.beforeWrite = (name) => {
      if (name.endsWith('.used')) throw new Error('disk full');
    };
    window.session.itemUse.record('a');
    at.clock.advance(1_000);
    await until('it is in the log', () => window.logged.length > 0);
    assert.match(window.logged.join('\n'), /^The use of items could not be kept \(Error\)\.$/);
    at.files.beforeWrite = () => undefined;
    await use(at, window, 'b');
    await window.session.lock();
    await window.unlock();
    await saw(window, 'b', 'a');
  });

  it('in the future counts as now: the clock was put back', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await use(at, window, 'a');
    await window.session.lock();
    at.clock.putBack(400 * DAY_MS);
    await window.unlock();
    await saw(window, 'a');
    at.clock.advance(1);
    await use(at, window, 'b');
    assert.deepEqual(recent(window), ['b', 'a']);
  });
});
