import { join } from 'node:path';
import { Vaultside, type Setup } from './vaultside';

/**
 * A suite whose tests share one VS Code and one server. `vaultside()` gives them, once the suite runs. Of each failure
 * the words on the screen are printed, and a picture goes to the folder that FAILURE_PICTURES names, if any.
 */
export function suite(name: string, setup: Setup | (() => Setup), tests: (vaultside: () => Vaultside) => void): void {
  describe(name, function () {
    this.timeout(180_000);
    let opened: Vaultside | undefined;

    before(async () => {
      opened = await Vaultside.open(typeof setup === 'function' ? setup() : setup);
    });

    beforeEach(() => {
      opened?.server.requests.clear();
    });

    afterEach(async function () {
      opened?.server.faults.clear();
      if (this.currentTest?.state !== 'failed') return;
      console.log(await opened?.workbench.onScreen());
      const folder = process.env.FAILURE_PICTURES;
      const title = this.currentTest.fullTitle().replace(/\W+/g, '-');
      if (folder !== undefined) await opened?.vscode.page.screenshot({ path: join(folder, `${title}.png`) });
      // One test that fails must not take the next ones with it.
      await opened?.workbench.dismiss();
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
