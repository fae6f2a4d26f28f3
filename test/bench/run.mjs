/**
 * `npm run bench`: Vaultside side by side with what a user would run instead, on this machine, in one run. Arguments:
 * numbers of items. `npm run bench -- plot` draws docs/growth.svg.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { continuedElsewhere, installModules } from '../support/setup/modules.mjs';
import { prepareEditor } from '../support/setup/prepare.mjs';
import { projectRoot, run, step } from '../support/setup/shell.mjs';
import { outDir } from '../support/setup/job.mjs';

const node = process.execPath;
const verdicts = join(projectRoot, outDir, 'bench-verdicts');

function measure(name, { runtime = node, flags = [], args = [] } = {}) {
  const script = join(projectRoot, outDir, 'test', 'bench', `${name}.js`);
  const env = { ...process.env, BENCH_VERDICTS: verdicts };
  const { status } = spawnSync(runtime, [...flags, script, ...args], { cwd: projectRoot, stdio: 'inherit', env });
  if (status === 0) return;
  console.error(`${name} broke down`);
  process.exitCode = 1;
}

await installModules();
if (!(await continuedElsewhere())) {
  const { servers } = await prepareEditor();
  await step('building', async () => {
    await run(node, ['esbuild.mjs', '--production']);
    await run(node, ['esbuild.mjs', '--tests']);
  });
  writeFileSync(verdicts, '');
  const [first, ...rest] = process.argv.slice(2);
  // Of the runtimes that VS Code has, this one is the slowest for us: it has no Argon2id of its own.
  const runtime = servers['1.105'].node;
  const flags = ['--expose-gc'];
  if (first === 'plot') {
    measure('plot', { runtime, flags, args: rest });
  } else {
    const args = process.argv.slice(2);
    measure('bundle');
    measure('kdf');
    measure('activation');
    measure('hostTasks', { args });
    measure('typing', { runtime, flags: ['--require', './test/support/vscode.cjs'], args });
    measure('vault', { runtime, flags, args });
  }
  const words = readFileSync(verdicts, 'utf8').split('\n');
  const count = (word) => words.filter((each) => each === word).length;
  console.log(`\naims: ${count('met')} met, ${count('MISSED')} missed`);
}
