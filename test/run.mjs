/**
 * `npm test`: sets up what is missing, runs every stage (or those named), and ends with one line of counts. With --matrix
 * all driven tests run on both versions of VS Code, with --nightly also what takes too long for every day.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers';
import { layOutExtension } from './support/setup/extensionFolder.mjs';
import { outDir } from './support/setup/job.mjs';
import { builds, editorStages, extensionDir, jobsOf, stages } from './support/setup/jobs.mjs';
import { Leftovers } from './support/setup/leftovers.mjs';
import { continuedElsewhere, installModules } from './support/setup/modules.mjs';
import { prepareEditor } from './support/setup/prepare.mjs';
import { runAll, runNow } from './support/setup/queue.mjs';
import { projectRoot, running } from './support/setup/shell.mjs';
import { summary } from './support/setup/summary.mjs';
import { tooManyUnsteady } from './support/setup/unsteady.mjs';

const total = { passed: 0, failed: 0 };
let everythingRan = false;
let leftovers;
/** Of this process or, where the set-up continued under another Node, of the one before. */
const startedAt = Number((process.env.VAULTSIDE_TEST_STARTED ??= String(Date.now())));
const secondsSoFar = () => (Date.now() - startedAt) / 1000;

function add({ passed, failed }) {
  total.passed += passed;
  total.failed += failed;
}

async function main(args) {
  const chosen = args.filter((arg) => !arg.startsWith('--'));
  const [matrix, nightly] = ['--matrix', '--nightly'].map((flag) => args.includes(flag));
  const unknown = chosen.filter((name) => !stages.includes(name));
  if (unknown.length > 0) throw new Error(`No such stage: ${unknown.join(', ')}. There are: ${stages.join(', ')}`);
  const wanted = chosen.length > 0 ? chosen : stages.filter((name) => nightly || name !== 'nightly');
  await rm(join(projectRoot, outDir), { recursive: true, force: true });
  for (const build of builds) add(await runNow(build));
  if (wanted.some((name) => editorStages.includes(name))) {
    await layOutExtension(extensionDir);
    await editorIsThere();
  }
  const setUpSeconds = secondsSoFar();
  const stopped = () => Boolean(process.exitCode);
  if (stopped()) return;
  // Elsewhere than in CI somebody is there who can look into a failure at once.
  const jobs = jobsOf(wanted, { matrix, twice: Boolean(process.env.CI) });
  const outcomes = await runAll(jobs, { stopped, onEnd: add });
  if (stopped()) return;
  add(await runNow({ name: 'leftovers', run: nothingIsLeft }));
  console.log(summary(outcomes, { setUpSeconds, totalSeconds: secondsSoFar() }));
  if (outcomes.flatMap(({ unsteady }) => unsteady).length >= tooManyUnsteady) total.failed += 1;
  everythingRan = true;
}

async function nothingIsLeft(output) {
  for (const blindSpot of leftovers.blindSpots()) output.write(`not checked here: ${blindSpot}\n`);
  const found = await leftovers.find();
  for (const each of found) output.write(`left behind: ${each}\n`);
  return found.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
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
