import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import { suite } from './suite';

const content = Buffer.from('what is in the file');
const account = {
  premium: true,
  items: [{ name: 'GitHub', username: 'robin', attachments: [{ fileName: 'secret plan.txt', content }] }],
};

suite('Files of items', { account }, (vaultside) => {
  const stored = () => vaultside().server.account.ciphers[0]!.attachments;
  /** What is decrypted, or half of it. */
  const own = () => {
    const folder = join(vaultside().storage, 'own');
    const all = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
    return all.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  };
  /** The folder of this VS Code, which goes with it. */
  const place = (name: string) => join(vaultside().vscode.server.userDir, name);

  before(async () => {
    const { tree } = vaultside();
    await vaultside().signInAndUnlock();
    await tree.expand('All Items');
  });

  it('are opened in an editor, which closes at a lock, and their file goes', async () => {
    const { tree, workbench } = vaultside();
    await tree.chooseFromContextMenu('GitHub', 'Open Attachment');
    assert.equal((await workbench.modal()).message, 'Open secret plan.txt?');
    await workbench.pressModal('Open Attachment');
    const lines = workbench.page.locator('.editor-instance .view-line');
    await until('the editor to show it', async () => (await lines.allInnerTexts()).join('').includes('what'));
    assert.equal(own().length, 1);
    assert.ok(content.equals(readFileSync(own()[0]!)));
    await lines.first().click();
    await workbench.page.keyboard.type('changed');
    assert.ok(!(await lines.allInnerTexts()).join('').includes('changed'));
    await workbench.page.keyboard.press('Escape');
    await vaultside().lock();
    await until('the editor to close', async () => (await lines.count()) === 0);
    await until('the file to go', () => Promise.resolve(own().length === 0));
    await vaultside().unlock();
    await tree.expand('All Items');
  });

  it('are added by the page, and saved by it', async () => {
    const { tree, workbench, quickInput } = vaultside();
    writeFileSync(place('added.txt'), 'added');
    await tree.click('GitHub');
    const page = new ItemPage(workbench.page);
    await page.waitFor('GitHub');
    await page.frame.getByRole('button', { name: 'Add Attachment…' }).click();
    await quickInput.waitFor();
    await quickInput.submit(place('added.txt'));
    await until('the server to have it', () => Promise.resolve(stored()[1]?.content != null));
    await page.row('added.txt').waitFor();
    await page.row('added.txt').getByRole('button', { name: 'Save Attachment As' }).click();
    await quickInput.waitFor();
    await quickInput.submit(place('saved.txt'));
    await workbench.waitForNotification('added.txt saved');
    assert.equal(readFileSync(place('saved.txt'), 'utf8'), 'added');
    await page.row('added.txt').getByRole('button', { name: 'Delete Attachment' }).click();
    await workbench.pressModal('Delete Attachment');
    await page.row('added.txt').waitFor({ state: 'detached' });
    assert.equal(stored().length, 1);
    assert.deepEqual(own(), []);
  });
});
