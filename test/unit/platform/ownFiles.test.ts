import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnFiles } from '../../../src/platform/ownFiles';
import { hasCode } from '../../../src/platform/fileErrors';

describe('files outside of the private folder', () => {
  let parent: string;
  let own: string;
  let files: OwnFiles;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'vaultside-own-'));
    own = join(parent, 'own');
    files = new OwnFiles(own);
  });
  afterEach(() => rm(parent, { recursive: true }));

  const all = async (folder: string) =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).flatMap((each) =>
      each.isFile() ? each.name : [],
    );

  it('that are shown are for this user alone, and go with their folder', async () => {
    const file = await files.shown('a file.txt');
    await file.write(Buffer.from('secret'));
    await file.commit();
    assert.equal(await readFile(file.path, 'utf8'), 'secret');
    if (process.platform !== 'win32') {
      assert.equal((await stat(file.path)).mode & 0o777, 0o600);
      for (const folder of [own, join(file.path, '..'), join(file.path, '..', '..')]) {
        assert.equal((await stat(folder)).mode & 0o777, 0o700, folder);
      }
    }
    await files.deleteShown(file.path);
    assert.deepEqual(await all(own), []);
    const [given, scratch] = [await files.shown('b'), await files.scratch()];
    await given.abandon();
    assert.equal((await all(own)).length, 1);
    await scratch.write(Buffer.from('x'), 0);
    await files.deleteAll();
    assert.deepEqual(await readdir(own), []);
  });

  it('that are saved take a name that is free, or one that they may take, and follow no link', async () => {
    const path = join(parent, 'saved');
    const save = async (text: string, replaces: boolean) => {
      const file = await files.saved(path, replaces);
      try {
        await file.write(Buffer.from(text));
        await file.commit();
      } catch (error) {
        await file.abandon();
        throw error;
      }
    };
    await save('one', false);
    await assert.rejects(save('two', false), (error) => hasCode(error, 'EEXIST'));
    assert.equal(await readFile(path, 'utf8'), 'one');
    await save('two', true);
    assert.equal(await readFile(path, 'utf8'), 'two');

    await rm(path);
    const elsewhere = join(parent, 'elsewhere');
    await writeFile(elsewhere, 'of somebody else');
    await symlink(elsewhere, path);
    await assert.rejects(save('three', false), (error) => hasCode(error, 'EEXIST'));
    await save('three', true);
    assert.equal(await readFile(elsewhere, 'utf8'), 'of somebody else');
    assert.ok(!(await lstat(path)).isSymbolicLink());
    assert.deepEqual((await all(parent)).sort(), ['elsewhere', 'saved']);
    await rm(path);
    await symlink(join(parent, 'nothing'), path);
    await assert.rejects(save('four', false), (error) => hasCode(error, 'EEXIST'));
  });

  it('that are read are files', async () => {
    await writeFile(join(parent, 'some'), Buffer.alloc(100_000, 7));
    const source = await files.source(join(parent, 'some'));
    assert.deepEqual([source.name, source.size], ['some', 100_000]);
    const pieces: number[] = [];
    let last: Uint8Array | undefined;
    for await (const piece of source.pieces()) {
      assert.ok(piece.every((byte) => byte === 7));
      pieces.push(piece.length);
      last = piece;
    }
    assert.equal(
      pieces.reduce((sum, length) => sum + length, 0),
      100_000,
    );
    assert.ok(
      last!.every((byte) => byte === 0),
      'wiped',
    );
    await mkdir(join(parent, 'folder'));
    await assert.rejects(files.source(join(parent, 'folder')), (error) => hasCode(error, 'EISDIR'));
    await assert.rejects(files.source(join(parent, 'missing')), (error) => hasCode(error, 'ENOENT'));
  });

  it('that a window has left which is gone are deleted, and those of others are not', async () => {
    const dead = spawnSync(process.execPath, [
      '-e',
      `const { OwnFiles } = require(${JSON.stringify(join(__dirname, '../../../src/platform/ownFiles.js'))});
      new OwnFiles(${JSON.stringify(own)}).shown('left.txt')
        .then(async (file) => { await file.write(Buffer.from('secret')); await file.commit(); process.kill(process.pid, 'SIGKILL'); });`,
    ]);
    assert.equal(dead.signal, 'SIGKILL', dead.stderr.toString());
    assert.deepEqual(await all(own), ['left.txt']);
    const before = await readdir(own);
    await mkdir(join(own, `${before[0]!.split('-')[0]}-1-0123456789abcdef`));
    await mkdir(join(own, 'something else'));
    const shown = await files.shown('mine.txt');
    await shown.commit();
    await new OwnFiles(own).deleteLeft();
    assert.deepEqual(await all(own), ['mine.txt']);
    assert.equal((await readdir(own)).length, 1);
    await new OwnFiles(join(parent, 'never made')).deleteLeft();
  });
});
