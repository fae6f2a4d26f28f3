import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderFiles } from '../../../src/platform/folderFiles';
import { until } from '../../support/until';

const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

describe('Files in the storage folder', () => {
  let parent: string;
  let folder: string;
  let files: FolderFiles;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'vaultside-files-'));
    folder = join(parent, 'storage');
    files = new FolderFiles(folder);
  });
  afterEach(() => rm(parent, { recursive: true }));

  it('come back as written, and are absent until then', async () => {
    assert.equal(await files.read('vault'), undefined);
    assert.equal(await files.modifiedAt('vault'), undefined);
    await files.delete('vault');
    await files.touch('vault');
    await files.write('vault', Buffer.from('one'));
    await files.write('vault', Buffer.from('two'));
    assert.equal(Buffer.from((await files.read('vault')) ?? []).toString(), 'two');
    assert.deepEqual(await readdir(folder), ['vault']);
    await files.delete('vault');
    assert.equal(await files.read('vault'), undefined);
  });

  it('are old or new at any time, and never in between', async () => {
    const size = 30_000_000;
    const whole = (fill: number) => Buffer.alloc(size, fill);
    await files.write('vault', whole(1));
    const writing = files.write('vault', whole(2));
    await until('it is written', async () => {
      const content = Buffer.from((await files.read('vault')) ?? []);
      assert.ok(content.equals(whole(content[0] ?? 0)), `${content.length} bytes`);
      return content[0] === 2;
    });
    await writing;
    assert.ok(Buffer.from((await files.read('vault')) ?? []).equals(whole(2)));
  });

  it('take along, when deleted, what a crash in the middle of writing them has left', async () => {
    await files.write('vault', Buffer.from('x'));
    await files.write('other', Buffer.from('x'));
    for (const name of ['vault.1.tmp', 'other.1.tmp']) await writeFile(join(folder, name), 'half');
    await files.delete('vault');
    assert.deepEqual((await readdir(folder)).sort(), ['other', 'other.1.tmp']);
  });

  it('are made piece by piece, and are there only then', async () => {
    await files.write('vault', Buffer.from('before'));
    const [given, taken] = [await files.create('vault'), await files.create('vault')];
    await given.write(Buffer.from('given up'));
    for (const piece of ['one ', 'two ', 'three']) await taken.write(Buffer.from(piece));
    assert.equal(text(await files.read('vault')), 'before');
    await given.abandon();
    await taken.commit();
    assert.equal(text(await files.read('vault')), 'one two three');
    assert.deepEqual(await readdir(folder), ['vault']);
  });

  it('are not made of what a crash has left an hour ago', async () => {
    await files.write('vault', Buffer.from('x'));
    for (const name of ['vault.old.tmp', 'vault.new.tmp']) await writeFile(join(folder, name), 'half');
    const before = new Date(Date.now() - 2 * 60 * 60 * 1000);
    await utimes(join(folder, 'vault.old.tmp'), before, before);
    await files.write('vault', Buffer.from('y'));
    assert.deepEqual((await readdir(folder)).sort(), ['vault', 'vault.new.tmp']);
  });

  it('are added to at their end', async () => {
    await assert.rejects(files.append('vault', Buffer.from('x')), { code: 'ENOENT' });
    assert.equal(await files.readEnd('vault', 3), undefined);
    await files.write('vault', Buffer.from('one '));
    await files.append('vault', Buffer.from('two'));
    assert.equal(text(await files.read('vault')), 'one two');
    const ends = await Promise.all([0, 3, 100].map((length) => files.readEnd('vault', length)));
    assert.deepEqual(
      ends.map((end) => [text(end?.bytes), end?.size]),
      [
        ['', 7],
        ['two', 7],
        ['one two', 7],
      ],
    );
  });

  it('can be read by this user alone', async () => {
    await files.write('vault', Buffer.from('x'));
    // Windows keeps a user's folders to the user by itself, and has no such modes.
    const expected = process.platform === 'win32' ? [0o666, 0o666] : [0o700, 0o600];
    const modes = [await stat(folder), await stat(join(folder, 'vault'))].map(({ mode }) => mode & 0o777);
    assert.deepEqual(modes, expected);
  });

  it('leave nothing behind when they cannot be written', async () => {
    await files.write('other', Buffer.from('x'));
    await assert.rejects(files.write('not/a/name', Buffer.from('x')));
    assert.deepEqual(await readdir(folder), ['other']);
  });

  it('carry the time of the last write or touch', async () => {
    await files.write('vault', Buffer.from('x'));
    await utimes(join(folder, 'vault'), 1, 1);
    assert.equal(await files.modifiedAt('vault'), 1000);
    await files.touch('vault');
    assert.ok(((await files.modifiedAt('vault')) ?? 0) > Date.now() - 60_000);
  });

  it('let one window at a time do a task of one name, whatever becomes of it', async () => {
    const other = new FolderFiles(folder);
    let inside = 0;
    let most = 0;
    const task = async () => {
      most = Math.max(most, ++inside);
      await files.write('vault', Buffer.from('x'));
      inside--;
    };
    const failing = () => Promise.reject(new Error('broken'));
    await Promise.all([
      files.exclusive('rotation', task),
      other.exclusive('rotation', task),
      assert.rejects(other.exclusive('rotation', failing), /broken/),
      files.exclusive('rotation', task),
    ]);
    assert.equal(most, 1);
    assert.deepEqual(await readdir(folder), ['vault']);
  });

  it('tell what a task has come to even when its lock is lost', async () => {
    const done = await files.exclusive('rotation', async () => {
      await rm(folder, { recursive: true });
      await writeFile(folder, 'no folder any more');
      return 'done';
    });
    assert.equal(done, 'done');
  });
});
