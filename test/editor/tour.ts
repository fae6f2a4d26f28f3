import { writeFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import { encodeGif } from './host/gif';
import { ItemPage } from './host/itemPage';
import { Screencast } from './host/screencast';
import type { Vaultside } from './workbench/vaultside';

/** Records fifteen seconds of somebody who unlocks, finds, copies and reads, as an animated picture. The vault is locked. */
export async function recordTour(vaultside: Vaultside, file: string): Promise<void> {
  const { workbench, quickInput, tree, server } = vaultside;
  const { page } = workbench;
  await showPointer(vaultside);
  const looks = (milliseconds: number) => page.waitForTimeout(milliseconds);
  const clicks = async (what: Locator) => {
    const { x, y, width, height } = (await what.boundingBox())!;
    await page.mouse.move(x + Math.min(width / 2, 60), y + height / 2, { steps: 12 });
    await looks(350);
    await what.click();
  };

  const screencast = await Screencast.start(page);
  await looks(700);
  await clicks(tree.welcome().getByRole('button', { name: 'Unlock Vault' }));
  await quickInput.waitForMessage('Master password of');
  await page.keyboard.type(server.account.password, { delay: 45 });
  await looks(300);
  await page.keyboard.press('Enter');
  await tree.waitForRow('GitHub');
  await looks(900);
  await clicks(tree.row('GitHub').first());
  const item = new ItemPage(page);
  await item.waitFor('GitHub');
  await looks(1_700);
  await clicks(page.locator('.sidebar').getByRole('button', { name: 'Search Vault' }).first());
  await quickInput.row('Cloudflare').waitFor();
  await looks(500);
  await page.keyboard.type('postgres', { delay: 110 });
  await quickInput.row('PostgreSQL (local)').waitFor();
  await looks(900);
  await page.keyboard.press('Enter');
  await workbench.waitForStatus('vaultside.copied', / copied · /);
  await looks(2_800);
  writeFileSync(file, encodeGif(await screencast.stop()));
}

/** Draws an arrow where the mouse is: a recording has none. */
async function showPointer({ vscode }: Vaultside): Promise<void> {
  await vscode.page.evaluate(`
    const pointer = document.createElement('div');
    pointer.style.cssText = 'position:fixed;left:0;top:0;z-index:99999;pointer-events:none;width:0;height:0;' +
      'border-left:11px solid #fff;border-bottom:15px solid transparent;filter:drop-shadow(0 0 1px #000)';
    document.body.append(pointer);
    document.addEventListener('mousemove', ({ clientX, clientY }) => {
      pointer.style.transform = 'translate(' + clientX + 'px,' + clientY + 'px)';
    }, true);
  `);
}
