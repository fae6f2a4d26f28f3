import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './shell.mjs';

/** Beside dist/, which the build puts there: what VS Code needs of the extension. */
const unbuilt = ['package.json', 'package.nls.json', 'l10n', 'media'];

/**
 * Makes a folder that VS Code takes for the extension. The build goes to its `dist` (DIST_DIR), so that whoever builds for
 * something else meanwhile does not disturb the windows that run this one.
 */
export async function layOutExtension(folder) {
  await mkdir(folder, { recursive: true });
  for (const name of unbuilt) await cp(join(projectRoot, name), join(folder, name), { recursive: true });
}
