import assert from 'node:assert/strict';
import { ItemPage } from '../host/itemPage';
import { until } from '../host/until';
import { suite } from './suite';
import { totpAt } from './totpAt';

const password = 'fake-Octocat-Horse-42';
const former = 'fake-Octocat-Horse-41';
const totp = 'JBSWY3DPEHPK3PXP';
const notes = 'Recovery codes are in the safe.\nAsk Kim.';
const account = {
  folders: ['Work'],
  items: [
    {
      name: 'GitHub',
      favorite: true,
      folder: 'Work',
      ...{ username: 'robin-demo', password, totp, notes, uris: ['https://github.com/login'] },
      passwordHistory: [{ password: former, lastUsedDate: '2025-03-03T12:00:00.000Z' }],
    },
    { name: 'Guarded', favorite: true, username: 'kim', password: `${password}-guarded`, reprompt: true },
  ],
};

suite('An item shown whole', { account, viewport: { width: 1100, height: 1200 } }, (vaultside) => {
  const item = () => new ItemPage(vaultside().workbench.page);

  before(async () => {
    await vaultside().signInAndUnlock();
    await vaultside().tree.expand('Favorites');
  });

  it('opens at a click on its row, with what is no secret in clear and no secret in the page', async () => {
    await vaultside().tree.click('GitHub');
    await item().waitFor('GitHub');
    assert.equal(await item().value('Username').innerText(), 'robin-demo');
    assert.equal(await item().value('Website').innerText(), 'https://github.com/login');
    assert.equal(await item().value('Notes').innerText(), notes);
    assert.equal(await item().value('Password').innerText(), '••••••••');
    const everything = await item().everything();
    assert.ok(everything.includes('robin-demo'));
    for (const secret of [password, former, totp]) assert.ok(!everything.includes(secret), secret);
  });

  it('leaves the focus on the row, and takes it when the row is opened once more', async () => {
    await vaultside().tree.waitForFocus();
    await item().press('Enter');
    await item().waitForFocus('Username');
    await item().press('ArrowDown');
    await item().waitForFocus('Password');
  });

  it('shows the one-time code of this moment', async () => {
    await until('the code of now', async () => {
      const shown = (await item().value('TOTP code').innerText()).replaceAll(/\s/g, '');
      return [Date.now(), Date.now() - 2_000].some((time) => totpAt(totp, time) === shown);
    });
  });

  it('reveals a secret at Space, and hides it again', async () => {
    await item().focus('Password');
    await item().press(' ');
    await item().value('Password').filter({ hasText: password }).waitFor();
    await item().press(' ');
    await item().value('Password').filter({ hasText: '••••••••' }).waitFor();
    assert.ok(!(await item().everything()).includes(password));
  });

  it('hides what is revealed when the user goes elsewhere', async () => {
    await item().focus('until');
    await item().press(' ');
    await item().value('until').filter({ hasText: former }).waitFor();
    await item().press('Escape');
    await item().value('until').filter({ hasText: '••••••••' }).waitFor();
    assert.ok(!(await item().everything()).includes(former));
  });

  it('copies by the keyboard, also what is selected, as any other copy', async () => {
    const { workbench } = vaultside();
    await item().focus('Password');
    await item().press('c');
    await workbench.waitForStatus('vaultside.copied', 'Password of GitHub (robin-demo) copied');
    assert.equal(await workbench.clipboard(), password);
    await item().focus('Username');
    await item().press('c');
    await workbench.waitForStatus('vaultside.copied', 'Username of GitHub (robin-demo) copied');

    await item().focus('Password');
    await item().press(' ');
    await item().value('Password').filter({ hasText: password }).waitFor();
    await item().value('Password').click({ clickCount: 3 });
    assert.equal(await item().selection(), '', 'what is selected is on a clipboard of its own');
    await item().press('ControlOrMeta+C');
    await workbench.waitForStatus('vaultside.copied', /Password of GitHub .* copied · \d+ s/);
    assert.equal(await workbench.clipboard(), password);

    await item()
      .value('Notes')
      .click({ clickCount: 2, position: { x: 5, y: 5 } });
    await item().press('ControlOrMeta+C');
    await workbench.waitForStatus('vaultside.copied', /Notes of GitHub .* copied · \d+ s/);
    assert.equal((await workbench.clipboard()).trim(), 'Recovery');
  });

  it('is where notes are read that the user wants to see, with all their lines', async () => {
    const { tree, workbench } = vaultside();
    await item().focus('Username');
    await item().press('Escape');
    await tree.expand('GitHub');
    await tree.chooseFromContextMenu('Notes', 'Show Field');
    await item().waitForFocus('Notes');
    assert.equal(await item().value('Notes').innerText(), notes);
    assert.ok(!(await workbench.quickInput.widget.isVisible()));
    await tree.collapse('GitHub');
  });

  it('goes back to the tree at Escape', async () => {
    await item().focus('Username');
    await item().press('Escape');
    await vaultside().tree.waitForFocus();
  });

  it('asks for the master password where the item wants that', async () => {
    const { tree, quickInput } = vaultside();
    await tree.click('Guarded');
    await item().waitFor('Guarded');
    await item().focus('Password');
    await item().press(' ');
    await quickInput.waitForMessage('asks for your master password again');
    await vaultside().enterMasterPassword();
    await item()
      .value('Password')
      .filter({ hasText: `${password}-guarded` })
      .waitFor();
  });

  it('leaves nothing in the page when the vault locks', async () => {
    const { workbench, tree } = vaultside();
    await tree.chooseFromContextMenu('GitHub', 'View Item in Editor Tab');
    await workbench.page.locator('.tab', { hasText: 'Vault Item' }).waitFor();
    await item().waitFor('GitHub');
    await vaultside().lock();
    await until('the tab to close', async () => !(await workbench.page.locator('.tab').first().isVisible()));
    await until('the view to close', async () => !(await item().everything()).includes('GitHub'));
    const everything = `${await item().everything()}${await vaultside().wholePage()}`;
    for (const word of ['robin-demo', notes.split('\n')[0]!, password]) assert.ok(!everything.includes(word), word);
  });

  it('closes a tab that was left by an extension host that has died, with what is in it', async function () {
    if (process.platform !== 'linux') this.skip();
    const { workbench, tree, vscode } = vaultside();
    await vaultside().unlock();
    await tree.expand('Favorites');
    await tree.chooseFromContextMenu('GitHub', 'View Item in Editor Tab');
    await item().waitFor('GitHub');
    vscode.server.killExtensionHost();
    await until('the tab to close', async () => !(await workbench.page.locator('.tab').first().isVisible()));
    await vaultside().waitForState('unlocked');
    assert.ok(!(await item().everything()).includes('robin-demo'));
  });
});
