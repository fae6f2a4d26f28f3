import assert from 'node:assert/strict';
import { CopyFile, isCopyFile } from '../../../../src/ui/clipboard/copyFile';
import { ManualClock } from '../../../support/manualClock';
import { MemoryFileStore } from '../../../support/memoryFileStore';
import { MemorySecretStore } from '../../../support/memorySecretStore';
import { Steps } from '../../../support/steps';

/** A computer, or a browser, which has a secret store of its own; the folder may be that of another one, too. */
function machine(files = new MemoryFileStore(new ManualClock())) {
  const secrets = new MemorySecretStore();
  const open = () => {
    const steps = new Steps();
    return new CopyFile(secrets.view(steps), files.view(steps));
  };
  const signedIn = () => {
    secrets.entries.set('device', crypto.randomUUID());
    return open();
  };
  return { files, secrets, open, signedIn };
}

describe('The memory of a copy', () => {
  it('is shared by all windows, and by those to come', async () => {
    const { signedIn, open } = machine();
    const window = signedIn();
    const other = open();
    await window.save('a record');
    assert.equal(await other.load(), 'a record');
    assert.equal(await open().load(), 'a record');
    assert.equal(await other.key(), await window.key());
    await other.save(undefined);
    assert.equal(await window.load(), undefined);
  });

  it('is that of the windows to come also where the secret store was reset meanwhile', async () => {
    const { files, secrets, open } = machine();
    const steps = new Steps();
    const view = secrets.view(steps);
    const window = new CopyFile(view, files.view(steps));
    for (const identifier of [crypto.randomUUID(), crypto.randomUUID()]) {
      await view.set('device', identifier);
      assert.equal(await window.key(), identifier);
    }
    await window.save('a record');
    assert.equal(await open().load(), 'a record');
    assert.equal(await open().key(), await window.key());
  });

  it('is not that of a browser on another computer, which has another clipboard', async () => {
    const here = machine();
    const there = machine(here.files).signedIn();
    const window = here.signedIn();
    await window.save('a record');
    assert.equal(await there.load(), undefined);
    await there.save(undefined);
    assert.equal(await window.load(), 'a record');
    assert.notEqual(await there.key(), await window.key());
  });

  it('writes no secret, with which a page that is outdated would put back all that it has read', async () => {
    const { secrets, signedIn, open } = machine();
    secrets.inBrowser = true;
    secrets.entries.set('apiKey.1', 'former');
    const page = signedIn();
    await page.key();
    secrets.entries.set('apiKey.1', 'current');
    await page.save('a record');
    await page.save(undefined);
    await open().load();
    assert.equal(secrets.entries.get('apiKey.1'), 'current');
  });

  it('keeps nothing before anybody has signed in', async () => {
    const { files, open } = machine();
    const window = open();
    await window.save('a record');
    assert.equal(await window.key(), undefined);
    assert.equal(files.files.size, 0);
  });

  it('has the last of several writes, in a file whose name does not tell the key', async () => {
    const { files, signedIn } = machine();
    const window = signedIn();
    await Promise.all(['first', 'second', undefined, 'third'].map((text) => window.save(text)));
    assert.equal(await window.load(), 'third');
    const [name = '', ...others] = files.files.keys();
    assert.deepEqual(others, []);
    assert.ok(isCopyFile(name));
    assert.ok(name.length < 20 && !name.includes((await window.key()) ?? assert.fail()));
  });

  it('goes on after a write that has failed', async () => {
    const { files, signedIn } = machine();
    const window = signedIn();
    files.beforeWrite = () => {
      throw new Error('disk full');
    };
    await assert.rejects(window.save('a record'), { message: 'disk full' });
    files.beforeWrite = () => undefined;
    await window.save('the next');
    assert.equal(await window.load(), 'the next');
  });

  it('removes what version 0.1 has left in the secret store', async () => {
    const { secrets, signedIn } = machine();
    secrets.entries.set('copied', '{"key":"AA==","digest":"AA=="}');
    const window = signedIn();
    await window.removeFormer();
    assert.deepEqual([...secrets.entries.keys()], ['device']);
  });
});
