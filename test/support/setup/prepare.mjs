import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findBrowser } from './browser.mjs';
import { cacheRoot } from './cache.mjs';
import { continuedElsewhere, installModules } from './modules.mjs';
import { builds, installServer } from './vscodeServer.mjs';

/** Where tests and `npm start` find what a set-up put there (test/editor/host/installed.ts reads it). */
const record = join(cacheRoot, 'installed.json');

/** Makes sure of the VS Code servers and, unless told otherwise, of a browser. Resolves with all that is known of. */
export async function prepareEditor({ versions = builds.map(({ version }) => version), needsBrowser = true } = {}) {
  const servers = {};
  for (const build of builds) {
    if (versions.includes(build.version)) servers[build.version] = await installServer(build);
  }
  const browser = needsBrowser ? await findBrowser() : undefined;
  const before = JSON.parse(await readFile(record, 'utf8').catch(() => '{}'));
  const installed = { servers: { ...before.servers, ...servers }, browser: browser ?? before.browser };
  await mkdir(cacheRoot, { recursive: true });
  await writeFile(record, JSON.stringify(installed, null, 2));
  return installed;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await installModules();
  if (!(await continuedElsewhere())) console.log(await prepareEditor());
}
