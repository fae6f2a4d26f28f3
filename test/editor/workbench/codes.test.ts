import assert from 'node:assert/strict';
import { sharedControl } from '../control/controlledExtension';
import { until } from '../host/until';
import { suite } from './suite';
import { totpAt } from './totpAt';

const control = sharedControl();
const totp = 'JBSWY3DPEHPK3PXP';
const label = 'TOTP code';
const account = {
  items: [
    { name: 'GitHub', favorite: true, username: 'robin-demo', password: 'x', totp },
    { name: 'Guarded', favorite: true, totp, reprompt: true },
  ],
};

suite(
  'One-time codes that are seen',
  () => ({ ...control.setup(), account, viewport: { width: 1100, height: 1000 } }),
  (vaultside) => {
    const halves = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`;
    const description = async () => (await vaultside().tree.rows()).find((row) => row.label === label)?.description;
    /** All that have been seen. */
    const seen = new Set<string>();
    const waitForCode = () =>
      until('the code of the moment', async () => {
        const shown = (await description()) ?? '';
        const code = shown.replaceAll('\u00a0', ' ').slice(0, 7);
        // The clocks of the two processes may differ by the time that it takes to look.
        const isRight = [0, -1_000].some((off) => code === halves(totpAt(totp, control.now() + off)));
        if (isRight) seen.add(code);
        return isRight;
      });
    const waitForNoCode = async () => {
      await until('no code in the page', async () => {
        const page = (await vaultside().wholePage()).replaceAll(/\u00a0|&nbsp;/g, ' ');
        return ![...seen].some((code) => page.includes(code));
      });
      assert.ok(seen.size > 0);
    };

    before(async () => {
      await vaultside().signInAndUnlock();
      await vaultside().tree.expand('Favorites');
    });

    it('stand in the row, which has the next one in its time, and is called the same all the while', async () => {
      const { tree } = vaultside();
      await tree.expand('GitHub');
      await waitForCode();
      const before = await description();
      assert.equal(await tree.row(label).getAttribute('aria-label'), `${label}, shown live`);
      await control.pass(1);
      await waitForCode();
      assert.notEqual(await description(), before);
      assert.equal(await tree.row(label).getAttribute('aria-label'), `${label}, shown live`);
      assert.ok(!/\d{3}/.test(await tree.tooltip(label)));
    });

    it('are gone while their item is collapsed, and come back', async () => {
      const { tree } = vaultside();
      for (const above of ['GitHub', 'Favorites']) {
        await tree.collapse(above);
        await waitForNoCode();
        await tree.expand(above);
        await waitForCode();
      }
    });

    it('are gone while the window or the view is left', async () => {
      const { workbench } = vaultside();
      await workbench.leaveAndComeBack(waitForNoCode);
      await waitForCode();
      await workbench.openSideBar('Explorer');
      await waitForNoCode();
      await workbench.openSideBar('Bitwarden');
      await waitForCode();
      await vaultside().tree.collapse('GitHub');
    });

    it('are never shown of an item that asks for the master password', async () => {
      const { tree } = vaultside();
      await tree.expand('Guarded');
      await tree.waitForRow(label);
      await control.pass(0.5);
      assert.equal(await description(), '••••••••');
      await tree.collapse('Guarded');
    });

    /** Waits until the title of the open list ends with the code of the moment, in brackets. */
    const waitForCodeBehind = (title: string) =>
      until(`a code behind "${title}"`, async () => {
        const shown = await vaultside().quickInput.title();
        const code = [0, -1_000]
          .map((off) => halves(totpAt(totp, control.now() + off)))
          .find((each) => shown.includes(each));
        if (code !== undefined) seen.add(code);
        return code !== undefined && shown.includes(`${title} (${code} · `) && shown;
      });

    for (const [list, title] of [
      ['Copy TOTP', 'Copy TOTP'],
      ['Search Vault', 'Code'],
    ] as const) {
      it(`are in the title of ${list} with their seconds, which leave the rows and what the box is called alone`, async () => {
        const { workbench, quickInput } = vaultside();
        await workbench.runCommand(`Bitwarden: ${list}`);
        const before = await waitForCodeBehind(title);
        const row = quickInput.widget.locator('.monaco-list-row.focused');
        const drawn = await row.elementHandle();
        const name = await quickInput.box.getAttribute('aria-label');
        assert.ok(name?.includes(title));
        await until('another second', async () => (await waitForCodeBehind(title)) !== before);
        assert.equal(await quickInput.box.getAttribute('aria-label'), name);
        assert.ok(await row.evaluate((now, then) => now === then, drawn), 'the row was drawn anew');
        assert.match((await row.getAttribute('aria-label')) ?? '', /^GitHub, robin-demo(, Favorites)?$/);
        await workbench.page.keyboard.press('ArrowDown');
        await until('the code to go', async () => !/\d{3} \d{3}/.test(await quickInput.title()));
        await workbench.page.keyboard.press('ArrowUp');
        await waitForCodeBehind(title);
        await workbench.leaveAndComeBack(waitForNoCode);
        await quickInput.cancel();
      });
    }

    it('are gone after a lock, from the row and from an open search', async () => {
      const { workbench, tree, quickInput } = vaultside();
      await tree.expand('GitHub');
      await waitForCode();
      await workbench.runCommand('Bitwarden: Search Vault');
      await waitForCodeBehind('Code');
      await workbench.page.keyboard.press('Control+Alt+L');
      await tree.welcome().getByText('The vault is locked.').waitFor();
      await quickInput.waitUntilGone();
      await waitForNoCode();
    });
  },
);
