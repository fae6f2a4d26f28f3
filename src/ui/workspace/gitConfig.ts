import { posix } from 'node:path';

/** What can be asked of the files of a folder, which may be on another machine. Paths have slashes alone. */
export interface FolderFiles {
  kind(path: string): Promise<'file' | 'folder' | undefined>;
  /** Undefined: there is no such file, or it is longer than any file of git's that we want. */
  text(path: string): Promise<string | undefined>;
}

/**
 * The text of the git configuration that holds in a folder: of a repository, a worktree or a submodule.
 *
 * @param folder an absolute path.
 * @returns undefined where the folder is none of these.
 */
export async function gitConfig(folder: string, files: FolderFiles): Promise<string | undefined> {
  const git = posix.join(folder, '.git');
  switch (await files.kind(git)) {
    case 'folder':
      return files.text(posix.join(git, 'config'));
    case 'file': {
      const named = /^gitdir: ([^\r\n]+)/.exec((await files.text(git)) ?? '')?.[1];
      const own = named && resolved(folder, named);
      if (!own) return undefined;
      const common = /^[^\r\n]+/.exec((await files.text(posix.join(own, 'commondir'))) ?? '')?.[0];
      const shared = common === undefined ? own : resolved(own, common);
      return shared && files.text(posix.join(shared, 'config'));
    }
    case undefined:
      return undefined;
  }
}

/** Undefined for a path on another machine: on Windows looking there would tell it who the user is. */
function resolved(from: string, path: string): string | undefined {
  const forward = path.trim().replaceAll('\\', '/');
  if (forward === '' || forward.startsWith('//') || forward.includes('\0')) return undefined;
  if (/^[a-z]:\//i.test(forward)) return posix.normalize(`/${forward}`);
  return forward.startsWith('/') ? posix.normalize(forward) : posix.join(from, forward);
}
