/** `npm test`: sets up what is missing, runs every stage (or those named), and ends with one line of counts. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers';
import { Leftovers } from './support/setup/leftovers.mjs';
import { continuedElsewhere, installModules } from './support/setup/modules.mjs';
import { prepareEditor } from './support/setup/prepare.mjs';
import { projectRoot, running } from './support/setup/shell.mjs';
import { begin, check, count, counted, mocha, outDir, sideBySide, tool } from './support/setup/stages.mjs';

const node = process.execPath;
const versions = ['1.105', 'newest'];

/**
 * All stages in their order, each by the name that chooses it. Those of one row run at the same time. `package` and
 * `start` build the extension again, which a VS Code beside them could read half written.
 */
const rows = [
  [
    ['types', check('types', ...tool('tsc', '--noEmit'))],
    ['lint', check('lint', ...tool('eslint', '.'))],
    ['lint', check('format', ...tool('prettier', '--check', '.'))],
    ['l10n', check('l10n', node, 'test/support/l10n.mjs')],
  ],
  [
    ['unit', mocha('unit', 'test/unit/**/*.test.js')],
    ['interop', mocha('interop', 'test/interop/**/*.test.js', { timeoutMs: 120_000 })],
  ],
  [['package', mocha('package', 'test/editor/packaging.test.js', { timeoutMs: 300_000 })]],
  versions.map((version) => [
    'editor',
    counted(`editor ${version}`, [node, `${outDir}/test/editor/host/runSuites.js`], { VSCODE_VERSION: version }),
  ]),
  [['editor', mocha('start', 'test/editor/start.test.js', { timeoutMs: 300_000 })]],
  versions.map((version) => [
    'workbench',
    mocha(`workbench ${version}`, 'test/editor/workbench/**/*.test.js', {
      timeoutMs: 120_000,
      env: { VSCODE_VERSION: version },
    }),
  ]),
];
const names = [...new Set(rows.flat().map(([name]) => name))];

const total = { passed: 0, failed: 0 };
let everythingRan = false;
let leftovers;

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

async function main(chosen) {
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`No such stage: ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  const wanted = chosen.length > 0 ? chosen : names;
  await rm(join(projectRoot, outDir), { recursive: true, force: true });
  add(await check('build', node, 'esbuild.mjs', '--production')());
  add(await check('build of the tests', node, 'esbuild.mjs', '--tests')());
  if (wanted.some((name) => ['package', 'editor', 'workbench'].includes(name))) await editorIsThere();
  for (const row of rows) {
    if (process.exitCode) return;
    add(await sideBySide(row.filter(([name]) => wanted.includes(name)).map(([, stage]) => stage)));
  }
  if (process.exitCode) return;
  add(await nothingIsLeft());
  everythingRan = true;
}

async function nothingIsLeft() {
  begin('leftovers');
  for (const blindSpot of leftovers.blindSpots()) console.log(`not checked here: ${blindSpot}`);
  const found = await leftovers.find();
  for (const each of found) console.log(`left behind: ${each}`);
  return count('leftovers', found.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
}

async function editorIsThere() {
  try {
    await prepareEditor();
    add({ passed: 1, failed: 0 });
  } catch (error) {
    console.error(String(error.message));
    add({ passed: 0, failed: 1 });
  }
}

/** Who asks us to end waits this long for what we have started, and not at all when asking again. */
const patienceMs = 10_000;
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    if (process.exitCode) process.exit(code);
    process.exitCode = code;
    for (const child of running) child.kill('SIGTERM');
    if (leftovers) setTimeout(() => process.exit(code), patienceMs).unref();
  });
}

/** Also after an uncaught error or a signal, which leaves something undone: that counts as one failure. */
let countsHere = true;
process.once('exit', (code) => {
  for (const child of running) child.kill('SIGKILL');
  leftovers?.clear();
  if (!countsHere) return;
  if (!everythingRan) total.failed += 1;
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = code || 1;
});

// Left to itself, Node would print an error below that line.
process.once('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});

await installModules();
if (await continuedElsewhere()) {
  countsHere = false;
} else {
  leftovers = new Leftovers();
  await main(process.argv.slice(2));
}
