/**
 * For how long the thread of a real VS Code's extension host is busy at a time while a vault of 10,000 items is in use;
 * beside it the same for the same VS Code in use while the vault is locked. Arguments: numbers of items.
 */
import { ExtensionProbe } from '../editor/probe/probe';
import type { VSCodeVersion } from '../editor/host/installed';
import { until } from '../editor/host/until';
import { Vaultside } from '../editor/workbench/vaultside';
import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { largeVault } from '../server/manyItems';
import { kdfs } from './kdfs';
import { figures, judged, row } from './measure';

const ROUNDS = 3;
const AIM_MS = 50;
const versions: readonly VSCodeVersion[] = ['1.105', 'newest'];

/** In this order; the first is what VS Code costs by itself. */
const steps: readonly (readonly [string, (vaultside: Vaultside) => Promise<void>])[] = [
  ['vault locked, VS Code in use', useVSCode],
  ['unlock', (vaultside) => vaultside.unlock()],
  ['expand', expand],
  ['filter', filter],
  ['search', search],
  ['sync', sync],
];

async function useVSCode({ workbench, quickInput, tree }: Vaultside): Promise<void> {
  await workbench.openSideBar('Explorer');
  await workbench.page.locator('.explorer-folders-view').getByText('hello.txt').dblclick();
  await workbench.runCommand('View: Split Editor');
  await workbench.runCommand('View: Show Search');
  await quickInput.waitUntilGone();
  await workbench.closeEditors();
  await workbench.openSideBar('Bitwarden');
  await tree.waitFor();
}

async function expand({ tree }: Vaultside): Promise<void> {
  await tree.expand('Types');
  await tree.expand('Logins');
  await tree.waitForRow(/ – /);
  await tree.expand(/ – /);
  await tree.waitForRow(/0\d{4}$/);
  await tree.collapse('Types');
  await tree.expand('Organizations');
  await tree.expand('Organisation 1');
  await tree.expand('Servers');
  await tree.collapse('Organizations');
  await tree.expand('Folders');
  await tree.expand('Area 1');
  await tree.collapse('Folders');
}

async function filter({ workbench, quickInput, tree }: Vaultside): Promise<void> {
  for (const [query, found] of [
    ['example', / – /],
    ['user00042', /00042$/],
  ] as const) {
    await workbench.runCommand('Bitwarden: Filter Items');
    await quickInput.submit(query);
    await tree.waitForRow(found);
  }
  await workbench.runCommand('Bitwarden: Clear Filter');
  await tree.waitForRow('Types');
}

async function search({ workbench, quickInput }: Vaultside): Promise<void> {
  await workbench.runCommand('Bitwarden: Search Vault');
  for (const query of ['n', 'ne', 'nee', 'need', 'needl', 'needle']) {
    await quickInput.type(query);
    await quickInput.rows();
  }
  await quickInput
    .row(/^needle /)
    .first()
    .waitFor();
  await quickInput.cancel();
}

async function sync({ workbench }: Vaultside): Promise<void> {
  await workbench.runCommand('Bitwarden: Sync Vault');
  await workbench.page.locator('.statusbar').getByText('The vault is up to date.').waitFor();
}

interface Longest {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly garbageMs: number;
}

/** The longest of what ended in that time: by the clock, by the processor, of garbage. These may be three tasks. */
async function longestWhile(probe: ExtensionProbe<'time'>, work: () => Promise<void>): Promise<Longest> {
  const start = Date.now();
  await work();
  const end = Date.now();
  const { tasks, garbage } = await until('the report', () => (probe.report.until > end ? probe.report : undefined));
  const during = tasks.filter((task) => task.end >= start && task.end <= end);
  return {
    wallMs: Math.max(0, ...during.map(({ wallMs }) => wallMs)),
    cpuMs: Math.max(0, ...during.map(({ cpuMs }) => cpuMs)),
    garbageMs: Math.max(0, ...garbage.filter((pause) => pause.end >= start && pause.end <= end).map(({ ms }) => ms)),
  };
}

async function measure(version: VSCodeVersion, items: number, title: string, kdf: KdfConfig): Promise<void> {
  const probe = new ExtensionProbe('time');
  const vaultside = await Vaultside.open({ version, account: { ...largeVault(items), kdf }, ...probe.setup });
  const results = new Map(steps.map(([step]) => [step, [] as Longest[]]));
  try {
    await vaultside.signIn();
    await vaultside.quickInput.cancel();
    for (let round = 0; round < ROUNDS; round++) {
      for (const [step, work] of steps) results.get(step)?.push(await longestWhile(probe, () => work(vaultside)));
      await vaultside.lock();
    }
  } finally {
    await vaultside.close();
    probe.remove();
  }
  console.log(`\nLongest task on the extension host's thread, ${ROUNDS} rounds`);
  console.log(`VS Code ${version}, ${items} items, ${title}`);
  for (const [step, longest] of results) {
    const [wall, cpu, garbage] = [
      figures(longest.map(({ wallMs }) => wallMs)),
      figures(longest.map(({ cpuMs }) => cpuMs)),
      figures(longest.map(({ garbageMs }) => garbageMs)),
    ];
    row(step, wall);
    row('  processor time alone', cpu);
    row('  garbage collection', garbage);
    if (step === steps[0]?.[0]) continue;
    const verdicts = [wall, cpu].map(({ max }) => judged(max <= AIM_MS));
    console.log(`  (aim: never over ${AIM_MS} ms, ${verdicts.join(' by the clock, ')} by processor time)`);
  }
}

async function main(): Promise<void> {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10_000];
  for (const items of sizes) {
    for (const version of versions) {
      for (const [title, kdf] of kdfs) await measure(version, items, title, kdf);
    }
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
