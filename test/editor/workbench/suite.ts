import { describeFailure } from './failure';
import { closeIdleWindow } from './sharedWindow';
import { Vaultside, type Setup } from './vaultside';

// Once for the whole run, since suites hand on their VS Code.
after(closeIdleWindow);

/**
 * A suite whose tests share one VS Code and one server, which `vaultside()` returns once the suite runs. Earlier suites
 * may have used the same VS Code: it is as after its start, and nobody is signed in.
 */
export function suite(
  name: string,
  setup: Setup | (() => Setup | Promise<Setup>),
  tests: (vaultside: () => Vaultside) => void,
): void {
  describe(name, function () {
    this.timeout(180_000);
    let opening: Promise<Vaultside> | undefined;
    let opened: Vaultside | undefined;

    before(async () => {
      opening = Vaultside.share(typeof setup === 'function' ? await setup() : setup);
      opened = await opening;
    });

    beforeEach(() => {
      opened?.server.requests.clear();
    });

    afterEach(async function () {
      opened?.server.faults.clear();
      // If a hook before the test fails, the test has no state.
      if (this.currentTest === undefined || this.currentTest.state === 'passed' || opened === undefined) return;
      await describeFailure(this.currentTest.fullTitle(), opened.workbench);
      // What a failed test has left open must not disturb the next ones.
      await opened.workbench.dismiss();
    });

    after(async function () {
      if (opened === undefined) {
        // It took longer than a hook may, and goes on: while what it opens stays open the run does not end.
        const late = await opening?.catch(() => undefined);
        await late?.close();
        return;
      }
      const tests = this.test?.parent?.tests ?? [];
      const hookFailed = tests.length > 0 && tests.every(({ state }) => state === undefined);
      if (hookFailed) await describeFailure(`${name}, before its tests`, opened.workbench);
      await opened.leave();
    });

    tests(() => {
      if (opened === undefined) throw new Error('the suite has not begun');
      return opened;
    });
  });
}
