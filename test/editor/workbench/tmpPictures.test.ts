import { mkdirSync } from 'node:fs';
import { demoVault } from '../../server/demo';
import { ItemForm } from '../host/itemForm';
import type { Theme } from '../host/workbench';
import { suite } from './suite';

const folder = '/tmp/form9pics';
mkdirSync(folder, { recursive: true });

suite('pictures', { account: demoVault, viewport: { width: 900, height: 1500 } }, (vaultside) => {
  for (const [theme, width] of [['dark', 340], ['light', 340], ['high contrast', 340], ['high contrast light', 340], ['dark', 170]] as [Theme, number][]) {
    it(`${theme} ${width}`, async () => {
      const { workbench, tree, server } = vaultside();
      const { page } = workbench;
      const form = new ItemForm(page);
      if ((await vaultside().state()).startsWith('unlocked') === false) await vaultside().signInAndUnlock();
      await workbench.setTheme(theme);
      await workbench.setSideBarWidth(width);
      await tree.expand('Favorites');
      await tree.click('GitHub');
      await form.waitFor('GitHub');
      await page.screenshot({ path: `${folder}/item-${theme}-${width}.png` });
      await form.button('Edit Item').click();
      await form.waitFor('Edit GitHub');
      await form.box('Username').focus();
      await form.type('x');
      await form.badge.waitFor();
      await form.fill('Authenticator key', 'otpauth://hotp/x');
      await form.button('Generate, Password').click();
      await form.box('Name').focus();
      console.log('scrolls sideways', await form.scrollsSideways(), JSON.stringify(await form.faults()).slice(0, 1500));
      await page.screenshot({ path: `${folder}/edit-${theme}-${width}.png` });
      await form.frame.locator('.foot').scrollIntoViewIfNeeded();
      await form.box('Notes').focus();
      await page.screenshot({ path: `${folder}/edit2-${theme}-${width}.png` });
      await form.button('Discard').click();
      await form.waitFor('GitHub');
      void server;
    });
  }
});
