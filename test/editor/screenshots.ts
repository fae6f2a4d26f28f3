import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { demoVault } from '../server/demo';
import { projectRoot } from './host/installed';
import { ItemForm } from './host/itemForm';
import { ItemPage } from './host/itemPage';
import { recordTour } from './tour';
import { until } from './host/until';
import { Vaultside } from './workbench/vaultside';

const folder = join(projectRoot, 'media', 'screenshots');

/** Takes the pictures of the README in the newest VS Code: `npm run screenshots`. */
async function main(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const vaultside = await Vaultside.open({
    version: 'newest',
    account: demoVault,
    viewport: { width: 1000, height: 620 },
    files: { 'src/server.py': sample },
    settings: { 'editor.minimap.enabled': false, 'window.title': '${activeEditorShort} - northwind' },
  });
  try {
    await take(vaultside);
    await tour(vaultside);
  } finally {
    await vaultside.close();
  }
}

const sample = `import os
from database import connect

database = connect(
    host="localhost",
    user="app",
    password=os.environ["DB_PASSWORD"],
)
`;

async function take(vaultside: Vaultside): Promise<void> {
  const { workbench, quickInput, tree, server } = vaultside;
  const { page } = workbench;
  await openSample(vaultside);
  await workbench.setTheme('dark');

  await workbench.runCommand('Bitwarden: Sign In with API Key');
  await quickInput.choose('Self-hosted');
  await quickInput.waitForMessage(/Address of your server|Connects to/);
  await quickInput.submit(server.url);
  await quickInput.waitForMessage('client_id of your personal API key');
  await quickInput.type(server.account.clientId);
  await quickInput.waitForMessage('A personal API key');
  await picture(page, 'sign-in', quickInput.widget);
  await quickInput.submit();
  await quickInput.waitForMessage('client_secret that belongs to');
  await quickInput.submit(server.account.clientSecret);

  await quickInput.waitFor('Unlock Vault');
  await quickInput.submit('not this one');
  await quickInput.waitForMessage('Wrong master password.');
  await picture(page, 'unlock', quickInput.widget);
  await vaultside.enterMasterPassword();

  await tree.expand('Favorites');
  await tree.expand('GitHub');
  await tree.expand('Organizations');
  await tree.expand('Northwind Dev');
  await tree.waitForRow('Production');
  await tree.row('PostgreSQL (local)').hover();
  await wholeWindow(page, 'vault');

  await tree.pressInline('PostgreSQL (local)', 'Copy Password');
  await workbench.waitForStatus('vaultside.copied', /copied · \d+ s/);
  await picture(page, 'copied', page.locator('.part.statusbar .left-items'));

  await workbench.runCommand('Bitwarden: Search Vault');
  await quickInput.type('cloud');
  await until('the best match', async () => (await quickInput.rows())[0]?.label === 'Cloudflare');
  await picture(page, 'search', quickInput.widget);
  await quickInput.cancel();

  await workbench.clickStatus('vaultside.status');
  await quickInput.row('Rotate API Key').waitFor();
  await wholeWindow(page, 'actions');
  await quickInput.cancel();

  await workbench.runCommand('Bitwarden: Rotate API Key');
  await workbench.modal();
  await picture(page, 'rotate', page.locator('.monaco-dialog-box'));
  await workbench.pressModal('Cancel');

  await workbench.setTheme('light');
  await tree.row('PostgreSQL (local)').hover();
  await wholeWindow(page, 'vault-light');

  await workbench.setTheme('dark');
  await vaultside.vscode.resize({ width: 1000, height: 1000 });
  await tree.collapse('GitHub');
  await tree.click('GitHub');
  const item = new ItemPage(page);
  await item.waitFor('GitHub');
  await item.focus('Password');
  await item.press(' ');
  await item.row('Password').locator('.revealed').waitFor();
  await picture(page, 'item', page.locator('.part.sidebar'));

  const form = new ItemForm(page);
  await form.button('Edit Item').click();
  await form.waitFor('Edit GitHub');
  await form.button('Generate, Password').click();
  await form.badge.waitFor();
  await picture(page, 'form', page.locator('.part.sidebar'));
  await form.button('Discard').click();
  await workbench.pressModal('Discard');
  await form.button('Edit Item').waitFor();
}

async function tour(vaultside: Vaultside): Promise<void> {
  const { workbench, vscode } = vaultside;
  await vscode.resize({ width: 1000, height: 620 });
  await vaultside.lock();
  await workbench.clearNotifications();
  await recordTour(vaultside, join(folder, 'tour.gif'));
}

async function openSample({ workbench, quickInput }: Vaultside): Promise<void> {
  await workbench.runCommand('Go to File...');
  await quickInput.type('server.py');
  await quickInput.row('server.py').waitFor();
  await quickInput.submit();
  await workbench.page.locator('.editor-group-container.active .view-line').first().waitFor();
  await workbench.openSideBar('Bitwarden');
  await workbench.setSideBarWidth(340);
}

async function wholeWindow(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

/** Takes a picture of one part of the window. */
async function picture(page: Page, name: string, part: Locator): Promise<void> {
  const clip = await part.boundingBox();
  if (clip === null) throw new Error(`nothing to take the picture ${name} of`);
  await page.screenshot({ path: join(folder, `${name}.png`), clip, animations: 'disabled', caret: 'hide' });
}

void main();
