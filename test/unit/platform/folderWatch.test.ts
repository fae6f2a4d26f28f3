import assert from 'node:assert/strict';
import { type watch as watchFolder } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderFiles } from '../../../src/platform/folderFiles';
import { FolderWatch } from '../../../src/platform/folderWatch';
import { until } from '../../support/until';

describe('Changes in the storage folder', () => {
  let parent: string;
  let folder: string;
  const watches: FolderWatch[] = [];

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'vaultside-watch-'));
    folder = join(parent, 'storage');
  });

  afterEach(async () => {
    for (const watch of watches.splice(0)) watch.dispose();
    await rm(parent, { recursive: true });
  });

  /** What is told from now on. */
  function told(...parts: [lookMs: number, watchFolder?: typeof watchFolder]): (string | undefined)[] {
    const names: (string | undefined)[] = [];
    const watch = new FolderWatch(folder, ...parts);
    watches.push(watch);
    watch.onDidChange((name) => names.push(name));
    return names;
  }

  /** A look that never comes while a test runs. */
  const NEVER = 3_600_000;
  const content = Buffer.from('x');

  it('are told by name, as the system tells them', async () => {
    const files = new FolderFiles(folder);
    await files.write('first', content);
    const names = told(NEVER);
    await until('a write is told', async () => {
      await files.write('second', content);
      return names.includes('second');
    });
    names.length = 0;
    await files.rename('second', 'third');
    await until('the new name is told', () => names.includes('third'));
    names.length = 0;
    await files.delete('first');
    await until('the end is told', () => names.includes('first'));
  });

  it('are not those of locks and of what is being written', async () => {
    const files = new FolderFiles(folder);
    await files.write('file', content);
    const names = told(NEVER);
    await until('it listens', async () => {
      await files.write('file', content);
      return names.length > 0;
    });
    await files.exclusive('work', () => files.write('file', content));
    await files.write('last', content);
    await until('all is told', () => names.includes('last'));
    assert.deepEqual(
      names.filter((name) => name === undefined || /lock|tmp/.test(name)),
      [],
    );
  });

  it('are told where the folder comes later, and where another one takes its place', async () => {
    const files = new FolderFiles(folder);
    const names = told(10);
    await files.write('file', content);
    await until('the folder is seen', () => names.length > 0);
    await rename(folder, join(parent, 'aside'));
    await files.write('first', content);
    await until('it is told by name', async () => {
      await files.write('second', content);
      return names.includes('second');
    });
  });

  it('are told where the system watches no more folders', async () => {
    const files = new FolderFiles(folder);
    await files.write('file', content);
    const noMore = (() => {
      throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' });
    }) as unknown as typeof watchFolder;
    const names = told(10, noMore);
    await until('a write is told', async () => {
      await files.write('file', content);
      return names.length > 0;
    });
    assert.deepEqual([...new Set(names)], [undefined]);
  });

  it('are told no more once nobody wants to know', async () => {
    const files = new FolderFiles(folder);
    await files.write('file', content);
    const names = told(10);
    await until('it listens', async () => {
      await files.write('file', content);
      return names.length > 0;
    });
    for (const watch of watches) watch.dispose();
    names.length = 0;
    const others = told(10);
    await until('others are told', async () => {
      await files.write('file', content);
      return others.length > 0;
    });
    assert.deepEqual(names, []);
  });
});
