import assert from 'node:assert/strict';
import { LockedError } from '../../../src/vault/errors';
import { createAccount } from '../../server/accounts';
import { until } from '../../support/until';
import { type EditorWindow, type Scene, scenes } from '../../support/window';
import { spoiledFiles } from '../../support/spoiledFiles';

describe('The generator history', () => {
  const scene = scenes();
  const newScene = () => scene('official', { items: [{ name: 'A' }] });

  const file = (at: Scene) => at.files.files.get(`${at.accountId}.generated`);
  const texts = async ({ session }: EditorWindow) =>
    (await session.generatorHistory.entries()).map(({ text }) => text).join(' ');
  const add = ({ session }: EditorWindow, ...all: string[]) =>
    all.reduce((before, text) => before.then(() => session.generatorHistory.add('password', text)), Promise.resolve());

  it('has what was added, the latest first, with its kind and time, in all windows and after the next unlock', async () => {
    const at = await newScene();
    const [window, other] = [await at.unlocked(), await at.open()];
    await other.unlock();
    const first = at.clock.now();
    await window.session.generatorHistory.add('password', 'p&ss wörd 🙂');
    at.clock.advance(1_000);
    await other.session.generatorHistory.add('username', 'abacus');
    await window.session.lock();
    await window.unlock();
    assert.deepEqual(await window.session.generatorHistory.entries(), [
      { kind: 'username', text: 'abacus', at: first + 1_000 },
      { kind: 'password', text: 'p&ss wörd 🙂', at: first },
    ]);
  });

  it('keeps a hundred, and the latest once', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const all = Array.from({ length: 105 }, (_, number) => `p${number}`);
    await add(window, ...all, 'p104', 'p104');
    assert.equal(await texts(window), all.toReversed().slice(0, 100).join(' '));
    // The same text as another kind is another one, and so is one that was used before.
    await window.session.generatorHistory.add('passphrase', 'p104');
    await add(window, 'p104');
    assert.match(await texts(window), /^p104 p104 p104 p103 /);
  });

  it('has room for a hundred of the longest, and leaves out what is longer', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    const long = Array.from({ length: 100 }, (_, number) => `${number}`.padEnd(2048, 'x'));
    await add(window, ...long, 'x'.repeat(2049));
    assert.equal(await texts(window), long.toReversed().join(' '));
  });

  it('shows nothing of itself in the file, and no two files are alike', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await add(window, 'marked-password');
    const before = Buffer.from(file(at)!.content);
    for (const text of ['marked', 'password']) assert.ok(!before.includes(text), text);
    await add(window, 'marked-password');
    assert.notDeepEqual(Buffer.from(file(at)!.content).subarray(0, 32), before.subarray(0, 32));
  });

  it('keeps nothing while the vault is locked, and gives nothing away', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await add(window, 'a');
    await window.session.lock();
    const { content } = file(at)!;
    await add(window, 'b');
    assert.equal(file(at)!.content, content);
    await assert.rejects(window.session.generatorHistory.entries(), LockedError);
    await assert.rejects(window.session.generatorHistory.clear(), LockedError);
    await window.unlock();
    assert.equal(await texts(window), 'a');
  });

  it('writes and gives nothing that was under way at a lock', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await add(window, 'a');
    at.files.beforeRead = async (name) => {
      if (name.endsWith('.generated')) await window.session.lock();
    };
    await assert.rejects(add(window, 'b'), LockedError);
    await window.unlock();
    await assert.rejects(window.session.generatorHistory.entries(), LockedError);
    at.files.beforeRead = undefined;
    await window.unlock();
    assert.equal(await texts(window), 'a');
  });

  it('loses nothing where two windows add at once', async () => {
    const at = await newScene();
    const [window, other] = [await at.unlocked(), await at.open()];
    await other.unlock();
    await Promise.all([add(window, 'a'), add(other, 'b'), add(window, 'c'), add(other, 'd')]);
    assert.deepEqual((await texts(window)).split(' ').sort(), ['a', 'b', 'c', 'd']);
  });

  it('of the newest user key is not replaced by a window that has not heard of that key yet', async () => {
    const at = await scene('official');
    const window = await at.unlocked();
    await add(window, 'a');
    const rotated = await createAccount();
    const { plainUserKey, masterKeyEncryptedUserKey, wrappedPrivateKey, publicKey } = rotated;
    Object.assign(at.account, { plainUserKey, masterKeyEncryptedUserKey, wrappedPrivateKey, publicKey });
    at.server.touch();
    const newest = await at.open();
    at.files.isSilent = true;
    await newest.session.sync({ force: true });
    await newest.unlock();
    await add(newest, 'b');
    assert.equal(await texts(newest), 'b');
    await add(window, 'c');
    window.is('unlocked');
    assert.equal(await texts(newest), 'b');
  });

  it('is cleared on request, and goes with the account', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await add(window, 'a', 'b');
    await window.session.generatorHistory.clear();
    assert.equal(await texts(window), '');
    await add(window, 'c');
    const id = at.accountId;
    await window.session.signOut();
    assert.equal(at.files.files.has(`${id}.generated`), false);
    await until('nothing is left', () => at.isEmpty);
  });

  for (const [what, spoil] of spoiledFiles) {
    it(`starts anew where the file ${what}`, async () => {
      const at = await newScene();
      const window = await at.unlocked();
      await add(window, 'a');
      file(at)!.content = spoil(file(at)!.content);
      assert.equal(await texts(window), '');
      await add(window, 'b');
      assert.equal(await texts(window), 'b');
    });
  }

  it('fails where it cannot be written, and has what was there before', async () => {
    const at = await newScene();
    const window = await at.unlocked();
    await add(window, 'a');
    at.files.beforeWrite = (name) => {
      if (name.endsWith('.generated')) throw new Error('disk full');
    };
    await assert.rejects(add(window, 'b'), /disk full/);
    assert.equal(await texts(window), 'a');
  });
});
