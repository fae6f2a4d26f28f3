import { describeFailure } from './failure';
import { closeIdleWindow } from './sharedWindow';
import { Vaultside, type Setup } from './vaultside';

// For the whole run: suites hand their VS Code on to each other.
after(closeIdleWindow);

/**
 * A suite whose tests share one VS Code and one server. `vaultside()` gives them, once the suite runs. The VS Code may be
 * one that suites before it have used: it is as after its start, with nobody signed in.
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
      // A hook before it that fails leaves the test without a state.
      if (this.currentTest === undefined || this.currentTest.state === 'passed' || opened === undefined) return;
      await describeFailure(this.currentTest.fullTitle(), opened.workbench);
      // One test that fails must not take the next ones with it.
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
