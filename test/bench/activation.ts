/** What the extension adds to the start of a window, in real VS Codes; an account is signed in, the vault locked. */
import { ActivationProbe } from '../editor/activation/probe';
import type { VSCodeVersion } from '../editor/host/installed';
import { Vaultside } from '../editor/workbench/vaultside';
import { figures, judged, row } from './measure';

const starts = 9;
const aimMs = 50;
const versions: readonly VSCodeVersion[] = ['1.105', 'newest'];

async function measure(version: VSCodeVersion): Promise<void> {
  const probe = new ActivationProbe();
  const vaultside = await Vaultside.open({ version, ...probe.setup });
  try {
    await vaultside.signIn();
    await vaultside.quickInput.cancel();
    const reports = [];
    for (let start = 0; start < starts; start++) {
      await vaultside.vscode.reload();
      await vaultside.waitForState('locked');
      reports.push(probe.report);
    }
    console.log(`\nActivation in VS Code ${version}, ${starts} starts`);
    row('load the bundle', figures(reports.map(({ requireMs }) => requireMs)));
    row('activate', figures(reports.map(({ activateMs }) => activateMs)));
    const both = figures(reports.map(({ requireMs, activateMs }) => requireMs + activateMs));
    row('both', both);
    console.log(`  (aim: ${aimMs} ms, ${judged(both.median < aimMs)})`);
  } finally {
    await vaultside.close();
    probe.remove();
  }
}

async function main(): Promise<void> {
  for (const version of versions) await measure(version);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
