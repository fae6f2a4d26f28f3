/**
 * `npm run bench`: Vaultside side by side with what a user would run instead, on this machine, in one run. Arguments:
 * numbers of items.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { continuedElsewhere, installModules } from '../support/setup/modules.mjs';
import { prepareEditor } from '../support/setup/prepare.mjs';
import { projectRoot, run, step } from '../support/setup/shell.mjs';
import { outDir } from '../support/setup/stages.mjs';

const node = process.execPath;

function measure(name, ...args) {
  const script = join(projectRoot, outDir, 'test', 'bench', `${name}.js`);
  const { status } = spawnSync(node, [script, ...args], { cwd: projectRoot, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

await installModules();
if (!(await continuedElsewhere())) {
  await prepareEditor();
  await step('building', async () => {
    await run(node, ['esbuild.mjs', '--production']);
    await run(node, ['esbuild.mjs', '--tests']);
  });
  const { size } = statSync(join(projectRoot, 'dist', 'extension.js'));
  console.log(`\nThe bundle, one file: ${Math.round(size / 1000)} kB`);
  measure('kdf');
  measure('activation');
  measure('vault', ...process.argv.slice(2));
}
