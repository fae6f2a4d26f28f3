import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { demoVault } from '../server/demo';
import { projectRoot } from './host/installed';
import { ItemForm } from './host/itemForm';
import { ItemPage } from './host/itemPage';
import { until } from './host/until';
import type { Theme } from './host/workbench';
import { Vaultside } from './workbench/vaultside';

const folder = join(projectRoot, 'out', 'pictures');

const bank = {
  name: 'Bank account',
  type: 'bankAccount' as const,
  favorite: true,
  details: { bankName: 'Bank of Nowhere', nameOnAccount: 'Robin Demo', accountNumber: '0123456789', iban: 'XX00 0000' },
};

/** How somebody sees the window. */
interface Look {
  readonly name: string;
  readonly theme: Theme;
  /** At 200 % zoom half as much fits on the screen. */
  readonly size: { readonly width: number; readonly height: number };
  readonly sideBar: number;
  /** The colours are those of the system, as with a contrast theme of Windows. */
  readonly forced?: true;
}

const large = { width: 1100, height: 900 };
const looks: readonly Look[] = [
  { name: 'contrast-dark', theme: 'high contrast', size: large, sideBar: 300 },
  { name: 'contrast-light', theme: 'high contrast light', size: large, sideBar: 300 },
  { name: 'zoomed', theme: 'dark', size: { width: 640, height: 480 }, sideBar: 300 },
  { name: 'narrow', theme: 'light', size: { width: 640, height: 900 }, sideBar: 170 },
  { name: 'forced', theme: 'high contrast', size: large, sideBar: 300, forced: true },
];

/**
 * Takes the pictures by which one judges what high contrast and 200 % zoom make of each place:
 * `npm run screenshots -- --access`.
 */
async function main(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const vaultside = await Vaultside.open({
    version: 'newest',
    account: { ...demoVault, items: [...(demoVault.items ?? []), bank] },
    files: { 'hello.txt': 'Hello.\n' },
  });
  try {
    await vaultside.signInAndUnlock();
    await vaultside.tree.expand('Favorites');
    for (const look of looks) await take(vaultside, look);
  } finally {
    await vaultside.close();
  }
}

async function take(vaultside: Vaultside, { name, theme, size, sideBar, forced }: Look): Promise<void> {
  const { workbench, quickInput, tree } = vaultside;
  const { page } = workbench;
  const item = new ItemPage(page);
  const picture = (of: string) => page.screenshot({ path: join(folder, `${name}-${of}.png`), animations: 'disabled' });
  await page.emulateMedia({ forcedColors: forced ? 'active' : 'none' });
  await vaultside.vscode.resize(size);
  await workbench.setTheme(theme);
  await workbench.setSideBarWidth(sideBar);

  await tree.expand('GitHub');
  await tree.row('Password').hover();
  await picture('tree');
  await tree.collapse('GitHub');

  for (const [of, found] of [
    ['login', 'GitHub'],
    ['card', 'Demo credit card'],
    ['key', 'Laptop SSH key'],
    ['bank', 'Bank account'],
  ] as const) {
    await workbench.runCommand('Bitwarden: View Item');
    await quickInput.type(found);
    await until('the item', async () => (await quickInput.rows())[0]?.label.includes(found) === true);
    await quickInput.submit();
    await item.frame.locator('h1', { hasText: found }).waitFor();
    if (of === 'login') {
      await item.focus('Password');
      await item.press(' ');
      await item.row('Password').locator('.revealed').waitFor();
      await item.press('ArrowDown');
    }
    await picture(`item-${of}`);
  }

  const form = new ItemForm(page);
  await workbench.runCommand('Bitwarden: New Item');
  await quickInput.submit('Login');
  await form.waitFor('New Login');
  await form.fill('Authenticator key', 'no key');
  await form.button('Add Hidden Field').click();
  await form.button('Save').click();
  await form.frame.getByText('Enter a name.').waitFor();
  await picture('form');
  await form.button('Discard').click();

  await workbench.runCommand('Bitwarden: View Item in Editor Tab');
  await quickInput.type('Release checklist');
  await until('the item', async () => (await quickInput.rows())[0]?.label === 'Release checklist');
  await quickInput.submit();
  await item.waitFor('Release checklist');
  await picture('tab');
  await workbench.closeEditors();

  await workbench.runCommand('Bitwarden: Search Vault');
  await quickInput.type('git');
  await until('the best match', async () => (await quickInput.rows())[0]?.label === 'GitHub');
  await picture('search');
  await quickInput.cancel();

  await workbench.clickStatus('vaultside.status');
  await quickInput.row('Rotate API Key').waitFor();
  await picture('menu');
  await quickInput.cancel();

  await workbench.runCommand('Welcome: Open Walkthrough...');
  await quickInput.type('Vaultside');
  await quickInput.row(/Vaultside/).waitFor();
  await quickInput.submit();
  await page.locator('.getting-started-step').first().waitFor();
  await picture('walkthrough');
  await workbench.closeEditors();
}

void main();
