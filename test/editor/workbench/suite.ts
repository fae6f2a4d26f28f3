import { join } from 'node:path';
import { Vaultside, type Setup } from './vaultside';

/**
 * A suite whose tests share one VS Code and one server. `vaultside()` gives them, once the suite runs. A picture of
 * each failure goes to the folder that FAILURE_PICTURES names, if any.
 *
 * A browser on a busy machine loses a key or a click now and then, so a test that fails is tried once more; the report
 * says of which tests that is true.
 */
export function suite(name: string, setup: Setup, tests: (vaultside: () => Vaultside) => void): void {
  describe(name, function () {
    this.timeout(90_000);
    this.retries(1);
    let opened: Vaultside | undefined;
    let latest: string | undefined;

    before(async () => {
      opened = await Vaultside.open(setup);
    });

    beforeEach(async function () {
      const title = this.currentTest?.fullTitle();
      if (title === latest) await opened?.workbench.dismiss();
      latest = title;
      opened?.server.requests.clear();
    });

    afterEach(async function () {
      opened?.server.faults.clear();
      const folder = process.env.FAILURE_PICTURES;
      if (folder === undefined || this.currentTest?.state !== 'failed') return;
      await opened?.workbench.runCommand('Notifications: Show Notifications').catch(() => undefined);
      const title = this.currentTest.fullTitle().replace(/\W+/g, '-');
      await opened?.vscode.page.screenshot({ path: join(folder, `${title}.png`) });
    });

    after(async () => {
      await opened?.close();
    });

    tests(() => {
      if (opened === undefined) throw new Error('the suite has not begun');
      return opened;
    });
  });
}
