import assert from 'node:assert/strict';
import fs, { type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FolderFiles } from '../../../src/platform/folderFiles';

/** Each call that changes the disk or waits for it, in order, with the last part of the path. */
async function recorded(work: () => Promise<unknown>, refuseFolders?: string): Promise<string[]> {
  const calls: string[] = [];
  const { open, rename, rm, mkdir } = fs;
  const note = (what: string, path: unknown) => {
    calls.push(`${what} ${basename(String(path)).replace(/\.[\da-f-]{36}\.tmp$/, '.tmp')}`);
  };
  const replacements = {
    open: async (path: string, ...rest: [flags?: string, mode?: number]) => {
      const file = await open(path, ...rest);
      const sync = file.sync.bind(file);
      const isFolder = rest[0] === 'r';
      file.sync = async () => {
        note('sync', path);
        if (isFolder && refuseFolders !== undefined) throw Object.assign(new Error(), { code: refuseFolders });
        await sync();
      };
      return file satisfies FileHandle;
    },
    rename: async (from: string, to: string) => {
      note('rename to', to);
      await rename(from, to);
    },
    rm: async (path: string, options: object) => {
      note('remove', path);
      await rm(path, options);
    },
    mkdir: async (path: string, options: { recursive: true }) => {
      const first = await mkdir(path, options);
      if (first !== undefined) note('make', path);
      return first;
    },
  };
  Object.assign(fs, replacements);
  try {
    await work();
  } finally {
    Object.assign(fs, { open, rename, rm, mkdir });
  }
  return calls;
}

describe('A power cut', () => {
  let parent: string;
  let files: FolderFiles;

  beforeEach(async () => {
    parent = await fs.mkdtemp(join(tmpdir(), 'vaultside-durable-'));
    files = new FolderFiles(join(parent, 'made', 'storage'));
  });
  afterEach(() => fs.rm(parent, { recursive: true }));

  it('takes back no file once it is written: content, then name, then folder are on the disk', async () => {
    await files.write('other', Buffer.from('x'));
    assert.deepEqual(await recorded(() => files.write('rotation', Buffer.from('mark'))), [
      ...['sync rotation.tmp', 'rename to rotation', 'sync storage'],
    ]);
  });

  it('takes back nothing that was added to a file', async () => {
    await files.write('vault', Buffer.from('x'));
    assert.deepEqual(await recorded(() => files.append('vault', Buffer.from('y'))), ['sync vault']);
  });

  it('takes back no folder that was made for the file', async () => {
    const calls = await recorded(() => files.write('rotation', Buffer.from('mark')));
    assert.deepEqual(calls.slice(0, 3), ['make storage', 'sync made', `sync ${basename(parent)}`]);
    assert.deepEqual(calls.at(-1), 'sync storage');
  });

  it('brings back no file that was deleted', async () => {
    await files.write('vault', Buffer.from('x'));
    assert.deepEqual(await recorded(() => files.delete('vault')), ['remove vault', 'sync storage']);
    await new FolderFiles(join(parent, 'nowhere')).delete('vault');
  });

  for (const code of ['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP']) {
    it(`is not our concern where a folder cannot be synced: ${code}`, async () => {
      await recorded(() => files.write('rotation', Buffer.from('mark')), code);
      assert.equal(Buffer.from((await files.read('rotation')) ?? []).toString(), 'mark');
    });
  }

  it('is, where the disk itself fails', async () => {
    await assert.rejects(
      recorded(() => files.write('rotation', Buffer.from('mark')), 'EIO'),
      { code: 'EIO' },
    );
  });
});

describe('A full disk', () => {
  it('leaves a file as it was where something is added to it', async () => {
    const folder = await fs.mkdtemp(join(tmpdir(), 'vaultside-full-'));
    const { open } = fs;
    try {
      const files = new FolderFiles(folder);
      await files.write('vault', Buffer.from('before'));
      fs.open = async (...call) => {
        const file = await open(...call);
        let room = 3;
        const write = file.write.bind(file) as (
          bytes: Uint8Array,
          ...rest: number[]
        ) => ReturnType<FileHandle['write']>;
        Object.assign(file, {
          write: (bytes: Uint8Array, offset: number, length: number, position: number) => {
            const fits = Math.min(room, length);
            room -= fits;
            if (fits === 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
            return write(bytes, offset, fits, position);
          },
        });
        return file;
      };
      await assert.rejects(files.append('vault', Buffer.from('added')), { code: 'ENOSPC' });
      fs.open = open;
      assert.equal(Buffer.from((await files.read('vault')) ?? []).toString(), 'before');
    } finally {
      fs.open = open;
      await fs.rm(folder, { recursive: true });
    }
  });
});
