import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, versionUnderTest } from '../host/installed';
import type { Workbench } from '../host/workbench';

const folder = process.env.FAILURE_PICTURES ?? join(projectRoot, process.env.OUT_DIR ?? 'out', 'failures');

/** Prints what a user would see where a test failed, and the path of a picture of it. */
export async function describeFailure(title: string, workbench: Workbench): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const picture = join(folder, `${title} on ${versionUnderTest()}`.replaceAll(/\W+/g, '-').slice(0, 150));
  console.log(await workbench.onScreen().catch(String));
  const taken = workbench.page.screenshot({ path: `${picture}.png` });
  console.log(
    await taken.then(
      () => `Picture: ${picture}.png`,
      (error: unknown) => `No picture: ${String(error)}`,
    ),
  );
}

/** As describeFailure after each failed test, for suites that open their windows themselves; see suite. */
export function describeFailuresIn(workbench: () => Workbench | undefined): void {
  afterEach(async function () {
    const [test, shown] = [this.currentTest, workbench()];
    if (test === undefined || test.state === 'passed' || shown === undefined) return;
    await describeFailure(test.fullTitle(), shown);
  });
}
