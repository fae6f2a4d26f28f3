import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser } from './browser.mjs';
import { cacheRoot } from './cache.mjs';
import { continuedElsewhere, installModules } from './modules.mjs';
import { builds, installServer } from './vscodeServer.mjs';

/** Where the editor tests find what the set-up put there (test/editor/host/installed.ts reads it). */
const record = join(cacheRoot, 'installed.json');

/** Makes sure of the VS Code servers and, unless told otherwise, of a browser. Resolves with what it found. */
export async function prepareEditor({ versions = builds.map(({ version }) => version), needsBrowser = true } = {}) {
  const servers = {};
  for (const build of builds) {
    if (versions.includes(build.version)) servers[build.version] = await installServer(build);
  }
  const browser = needsBrowser ? await findBrowser() : undefined;
  const installed = { servers, browser };
  await mkdir(cacheRoot, { recursive: true });
  if (needsBrowser && versions.length === builds.length) await writeFile(record, JSON.stringify(installed, null, 2));
  return installed;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await installModules();
  if (!(await continuedElsewhere())) console.log(await prepareEditor());
}
