import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { groupsFor, versions } from './drivenFiles.mjs';
import { check, counted, mocha, outDir, tool } from './job.mjs';
import { slots } from './queue.mjs';
import { projectRoot } from './shell.mjs';

const node = process.execPath;

/** What the driven tests show in VS Code: see layOutExtension. */
export const extensionDir = join(projectRoot, outDir, 'extension');

export const builds = [
  {
    name: 'build',
    run: check([node, 'esbuild.mjs', '--production'], { DIST_DIR: join(outDir, 'extension', 'dist') }),
  },
  { name: 'build of the tests', run: check([node, 'esbuild.mjs', '--tests']) },
];

export const stages = [
  'types',
  'lint',
  'l10n',
  'unit',
  'interop',
  'package',
  'start',
  'editor',
  'workbench',
  'nightly',
];

/** The official CLI takes a second and more for each command. */
const interopSeconds = { 'interop cli': 75, 'interop cliV2': 30 };

/** Stages that show the extension in a VS Code. */
export const editorStages = ['package', 'start', 'editor', 'workbench'];

/**
 * All jobs of these stages. They may run in any order and at the same time. `matrix`: all driven tests on both versions of
 * VS Code. `twice`: a driven test that fails is tried once more.
 */
export function jobsOf(chosen, { matrix, twice }) {
  const all = {
    types: () => [
      { name: 'types', expectedSeconds: 20, run: check(tool('tsc', '--noEmit')) },
      { name: 'types of the pages', expectedSeconds: 3, run: check(tool('tsc', '--noEmit', '-p', 'src/pages')) },
    ],
    lint: () => [
      { name: 'lint', expectedSeconds: 25, run: check(tool('eslint', '.')) },
      { name: 'format', expectedSeconds: 5, run: check(tool('prettier', '--check', '.')) },
    ],
    l10n: () => [{ name: 'l10n', expectedSeconds: 3, run: check([node, 'test/support/l10n.mjs']) }],
    unit: unitJobs,
    interop: () =>
      testsIn('test/interop').map((file) => {
        const name = `interop ${basename(file, '.test.js')}`;
        return { name, expectedSeconds: interopSeconds[name] ?? 10, run: mocha(name, [file], { timeoutMs: 120_000 }) };
      }),
    package: () => [
      {
        name: 'package',
        expectedSeconds: 30,
        run: mocha('package', ['test/editor/packaging.test.js'], { timeoutMs: 300_000 }),
      },
    ],
    start: () => [
      {
        name: 'start',
        expectedSeconds: 45,
        run: mocha('start', ['test/editor/start.test.js'], { timeoutMs: 300_000 }),
      },
    ],
    editor: () => versions.map((version) => hostJob(version, twice)),
    workbench: () => versions.flatMap((version) => drivenJobs(version, { matrix, twice })),
    nightly: nightlyJobs,
  };
  return chosen.flatMap((stage) => all[stage]());
}

/** Unit tests in as many jobs as run at the same time. The files are dealt out to them in turn. */
function unitJobs() {
  const files = testsIn('test/unit');
  const shares = Array.from({ length: Math.min(slots, files.length) }, (_, share) =>
    files.filter((_file, index) => index % slots === share),
  );
  return shares.map((share, index) => {
    const name = shares.length === 1 ? 'unit' : `unit ${index + 1} of ${shares.length}`;
    return { name, expectedSeconds: 60, run: mocha(name, share) };
  });
}

/** Compiled test files below a folder, by their paths below that of what was compiled. */
function testsIn(folder) {
  return readdirSync(join(outDir, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => join(folder, name));
}

/** What has a folder of its own, and all whose cases are generated: twenty times as many of them, or as each says. */
function nightlyJobs() {
  const generates = (file) => /fast-check|support\/(?:fuzz|cases)/.test(readFileSync(join(outDir, file), 'utf8'));
  const generated = testsIn('test').filter(generates);
  return [...new Set([...testsIn('test/nightly'), ...generated])].map((file) => {
    const name = `nightly ${basename(file, '.test.js')}`;
    const env = { MORE_CASES: '20' };
    return { name, expectedSeconds: 300, run: mocha(name, [file], { timeoutMs: 3_600_000, env }) };
  });
}

function hostJob(version, twice) {
  const name = `editor ${version}`;
  const command = [node, `${outDir}/test/editor/host/runSuites.js`];
  const env = { VSCODE_VERSION: version, EXTENSION_DIR: extensionDir };
  return { name, expectedSeconds: 15, run: counted(name, command, { env, again: twice ? () => command : undefined }) };
}

function drivenJobs(version, { matrix, twice }) {
  return groupsFor(version, { everything: matrix }).map(({ name: group, files, seconds }) => {
    const name = `${group}, ${version}`;
    const env = { VSCODE_VERSION: version, EXTENSION_DIR: extensionDir };
    const paths = files.map((file) => `test/editor/workbench/${file}.test.js`);
    return { name, expectedSeconds: seconds, run: mocha(name, paths, { timeoutMs: 120_000, env, twice }) };
  });
}
