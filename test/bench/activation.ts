/** What the extension adds to the start of a window, in real VS Codes; an account is signed in, the vault locked. */
import { type Cost, ExtensionProbe, type TimeReport } from '../editor/probe/probe';
import type { VSCodeVersion } from '../editor/host/installed';
import { Vaultside } from '../editor/workbench/vaultside';
import { figures, judged, row } from './measure';

const STARTS = 9;
const AIM_MS = 50;
const versions: readonly VSCodeVersion[] = ['1.105', 'newest'];

async function measure(version: VSCodeVersion): Promise<void> {
  const probe = new ExtensionProbe('time');
  const vaultside = await Vaultside.open({ version, ...probe.setup });
  try {
    await vaultside.signIn();
    await vaultside.quickInput.cancel();
    const reports: TimeReport[] = [];
    for (let start = 0; start < STARTS; start++) {
      await vaultside.vscode.reload();
      await vaultside.waitForState('locked');
      reports.push(probe.report);
    }
    console.log(`\nActivation in VS Code ${version}, ${STARTS} starts`);
    const wall = (of: (report: TimeReport) => Cost) => figures(reports.map((report) => of(report).wallMs));
    row(
      'load the bundle',
      wall(({ load }) => load),
    );
    row(
      'activate',
      wall(({ activate }) => activate),
    );
    const both = figures(reports.map(({ load, activate }) => load.wallMs + activate.wallMs));
    row('both', both);
    row('both, processor time alone', figures(reports.map(({ load, activate }) => load.cpuMs + activate.cpuMs)));
    console.log(`  (aim: ${AIM_MS} ms, ${judged(both.median < AIM_MS)})`);
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
