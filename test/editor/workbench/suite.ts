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
    let opened: Vaultside | undefined;

    before(async () => {
      opened = await Vaultside.share(typeof setup === 'function' ? await setup() : setup);
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
      if (opened === undefined) return;
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
