import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { projectRoot, step } from './shell.mjs';

/** Big things fetched once. The folder is the one that VS Code's own test tools use, and git ignores it. */
export const cacheRoot = join(projectRoot, '.vscode-test');

/**
 * The folder `name` of the cache, filled by `fill(folder)` if it is not there yet. It appears under its name only once
 * it is complete, so an interrupted set-up is simply done again.
 */
export async function cached(name, message, fill) {
  const folder = join(cacheRoot, name);
  if (await exists(folder)) return folder;
  await mkdir(cacheRoot, { recursive: true });
  const unfinished = await mkdtemp(join(cacheRoot, `.${basename(name)}-`));
  try {
    await step(message, () => fill(unfinished));
    await rename(unfinished, folder).catch(async (error) => {
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true, maxRetries: 5 });
  }
  return folder;
}

export async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
