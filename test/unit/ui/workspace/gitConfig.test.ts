import assert from 'node:assert/strict';
import { type FolderFiles, gitConfig } from '../../../../src/ui/workspace/gitConfig';

/** Files by their paths; what is in them is text. */
function filesOf(texts: Readonly<Record<string, string>>): FolderFiles & { readonly read: string[] } {
  const read: string[] = [];
  return {
    read,
    kind: (path) =>
      Promise.resolve(
        path in texts ? 'file' : Object.keys(texts).some((each) => each.startsWith(`${path}/`)) ? 'folder' : undefined,
      ),
    text: (path) => {
      read.push(path);
      return Promise.resolve(texts[path]);
    },
  };
}

describe('The git configuration of a folder', () => {
  it('is that of its repository', async () => {
    assert.equal(await gitConfig('/work/app', filesOf({ '/work/app/.git/config': 'mine' })), 'mine');
    assert.equal(await gitConfig('/work/app', filesOf({ '/work/app/hello.txt': '' })), undefined);
  });

  it('is that of the repository that a worktree belongs to', async () => {
    const worktree = {
      '/work/tree/.git': 'gitdir: /work/app/.git/worktrees/tree\n',
      '/work/app/.git/worktrees/tree/commondir': '../..\n',
      '/work/app/.git/config': 'of the repository',
    };
    assert.equal(await gitConfig('/work/tree', filesOf(worktree)), 'of the repository');
    const onWindows = {
      '/c:/work/tree/.git': 'gitdir: C:/work/app/.git/worktrees/tree\r\n',
      '/C:/work/app/.git/worktrees/tree/commondir': '../..\r\n',
      '/C:/work/app/.git/config': 'of the repository',
    };
    assert.equal(await gitConfig('/c:/work/tree', filesOf(onWindows)), 'of the repository');
  });

  it('is that of a submodule', async () => {
    const submodule = {
      '/work/app/lib/.git': 'gitdir: ../.git/modules/lib\n',
      '/work/app/.git/modules/lib/config': 'of the submodule',
    };
    assert.equal(await gitConfig('/work/app/lib', filesOf(submodule)), 'of the submodule');
  });

  for (const path of ['//host/share', '\\\\host\\share', '/\\host/share', '', 'a\0b', '\n/etc']) {
    it(`is looked for on no other machine: ${JSON.stringify(path)}`, async () => {
      const files = filesOf({ '/work/a/.git': `gitdir: ${path}`, '/work/b/.git': 'gitdir: /x', '/x/commondir': path });
      assert.equal(await gitConfig('/work/a', files), undefined);
      assert.equal(await gitConfig('/work/b', files), undefined);
      assert.deepEqual(
        files.read.filter((each) => !/^\/(?:work\/[ab]\/\.git|x\/commondir|x\/config)$/.test(each)),
        [],
      );
    });
  }
});
