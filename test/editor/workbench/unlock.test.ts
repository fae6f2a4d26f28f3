import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { demoItems } from '../../server/demoItems';
import { demoVault } from '../../server/demo';
import { until } from '../host/until';
import { secretsOf } from './secretsOf';
import { suite } from './suite';

suite('Unlocking and browsing', { account: demoVault, viewport: { width: 1100, height: 1500 } }, (vaultside) => {
  const rowsOf = async () =>
    (await vaultside().tree.rows()).map(({ level, label, description }) =>
      `${'  '.repeat(level - 1)}${label} ${description}`.trimEnd(),
    );

  const isGroup = (row: string) => /\S \d+$/.test(row);

  before(async () => {
    await vaultside().signIn();
  });

  it('keeps the box open on a wrong password, says so there, and never shows what is typed', async () => {
    const { quickInput, workbench, server } = vaultside();
    assert.ok(await quickInput.isMasked());
    server.requests.clear();
    await quickInput.submit('not-the-master-password');
    await quickInput.waitForMessage('Wrong master password. Try again.');
    assert.equal(await quickInput.box.inputValue(), '', 'the wrong one does not have to be deleted first');
    await quickInput.submit('');
    await quickInput.waitForMessage('Enter your master password.');
    await vaultside().waitForState('locked');
    assert.deepEqual(await workbench.notifications(), []);
    assert.equal(server.requests.count(), 0, 'the password is checked here, not by asking the server');
  });

  it('opens with the right one', async () => {
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
    await vaultside().tree.waitForRow('GitHub');
    assert.deepEqual((await rowsOf()).filter(isGroup), [
      'Favorites 3',
      'All Items 16',
      'Folders 6',
      'Organizations 1',
      'Types 5',
      'Archive 1',
      'Trash 1',
    ]);
  });

  it('nests folders and collections by their names', async () => {
    const { tree } = vaultside();
    for (const label of ['Organizations', 'Northwind Dev', 'Engineering', 'Folders', 'Work', 'Personal']) {
      await tree.expand(label);
    }
    await tree.waitForRow('Money');
    assert.deepEqual((await rowsOf()).filter(isGroup), [
      'Favorites 3',
      'All Items 16',
      'Folders 6',
      '  Personal 3',
      '    Money 1',
      '  Someday 0',
      '  Work 8',
      '    Cloud 2',
      '    Databases 2',
      '  No folder 5',
      'Organizations 1',
      '  Northwind Dev 4',
      '    Engineering 3',
      '      Staging 1',
      '    Production 2',
      'Types 5',
      'Archive 1',
      'Trash 1',
    ]);
    for (const label of ['Organizations', 'Folders']) await tree.collapse(label);
  });

  it('groups by type, and keeps what is archived or in the trash apart', async () => {
    const { tree } = vaultside();
    for (const label of ['Trash', 'Archive', 'Types']) await tree.expand(label);
    await tree.waitForRow('SSH keys');
    assert.deepEqual((await rowsOf()).slice(7), [
      'Types 5',
      '  Logins 10',
      '  Secure notes 3',
      '  Cards 1',
      '  Identities 1',
      '  SSH keys 1',
      'Archive 1',
      '  Old forum robin',
      'Trash 1',
      '  Closed trial account robin',
    ]);
    await tree.collapse('Types');
  });

  it('shows an item with its username, and its fields masked', async () => {
    const { tree } = vaultside();
    await tree.expand('Favorites');
    await tree.expand('GitHub');
    await tree.waitForRow('Personal access token');
    const withoutDigits = (row: string) =>
      row.replace(/TOTP code \d{3} \d{3}( · next \d{3} \d{3})?$/, 'TOTP code (live)');
    assert.deepEqual((await rowsOf()).slice(0, 11).map(withoutDigits), [
      'Favorites 3',
      '  AWS (sandbox) robin.demo',
      '  GitHub robin-demo',
      '    Username robin-demo',
      '    Password ••••••••',
      '    TOTP code (live)',
      '    Website https://github.com/login',
      '    Personal access token ••••••••',
      '    Recovery e-mail robin@northwind.example',
      '    SSO enforced Yes',
      '  PostgreSQL (local) app',
    ]);
  });

  it('gives rows an icon, and words for a screen reader', async () => {
    const { tree } = vaultside();
    const spoken = async (label: string) => (await tree.row(label).first().getAttribute('aria-label')) ?? '';
    assert.match(await spoken('Favorites'), /^Favorites, 3 items/);
    assert.match(await spoken('GitHub'), /^GitHub, Login, robin-demo, favorite/);
    assert.match(await spoken('AWS (sandbox)'), /asks for the master password/);
    assert.match(await spoken('Password'), /^Password, hidden/);
    const icons = { Favorites: 'star-full', GitHub: 'globe', Trash: 'trash' };
    const iconsByType = {
      'Secure notes': 'note',
      Cards: 'credit-card',
      Identities: 'person',
      'SSH keys': 'key',
    };
    await tree.expand('Types');
    for (const [label, icon] of Object.entries({ ...icons, ...iconsByType })) {
      await tree.row(label).first().locator(`.custom-view-tree-node-item-icon.codicon-${icon}`).waitFor();
    }
    await tree.expand('Cards');
    await tree.row('Demo credit card').locator('.custom-view-tree-node-item-icon.codicon-credit-card').waitFor();
    await tree.collapse('Types');
  });

  it('has all that can be done with an item, or a field, in its menu', async () => {
    const { tree } = vaultside();
    assert.deepEqual(await tree.contextMenu('GitHub'), [
      'View Item',
      'View Item in Editor Tab',
      'Edit Item',
      'Clone Item',
      'Copy Password',
      'Copy Username',
      'Copy TOTP',
      'Copy Field',
      'Insert Password',
      'Insert TOTP',
      'Insert Field',
      'Copy to Terminal',
      'Show Field',
      'Open in Browser',
      'Remove from Favorites',
      'Move to Folder',
      'Archive Item',
      'Change Password',
      'Move to Organization',
      'Add Attachment',
      'Move to Trash',
    ]);
    const ofAnyField = ['Copy Field', 'Insert Field', 'Copy to Terminal', 'Show Field'];
    assert.deepEqual(await tree.contextMenu('Website'), [...ofAnyField, 'Open in Browser']);
    assert.deepEqual(await tree.contextMenu('Password'), ofAnyField);
  });

  it('has no secret anywhere in the page', async () => {
    const page = await vaultside().wholePage();
    assert.ok(page.includes('robin-demo'), 'usernames are there, so the right thing is searched');
    const secrets = [
      ...secretsOf(demoItems),
      vaultside().server.account.clientSecret,
      vaultside().server.account.password,
    ];
    assert.deepEqual(
      secrets.filter((secret) => page.includes(secret)),
      [],
    );
  });

  it('is as it was after a lock, a filter and a reload', async () => {
    const { tree, workbench, quickInput, vscode } = vaultside();
    for (const label of ['Trash', 'Archive', 'Favorites']) await tree.collapse(label);
    for (const label of ['Folders', 'Work']) await tree.expand(label);
    await tree.waitForRow('Databases');
    const before = await rowsOf();
    const asBefore = () => until('the rows of before', async () => isDeepStrictEqual(await rowsOf(), before));
    await vaultside().lock();
    await vaultside().unlock();
    await asBefore();
    await workbench.runCommand('Bitwarden: Filter Items');
    await quickInput.submit('github');
    await until('what is found', async () => (await rowsOf()).every((row) => !row.startsWith('Folders')));
    await workbench.runCommand('Bitwarden: Clear Filter');
    await asBefore();
    await vscode.reload();
    await vaultside().waitForState('unlocked');
    await asBefore();
  });
});

suite(
  'Unlocking with Argon2id',
  // Slow enough, on a fast machine too, for VS Code to show progress, which it does only after 0.8 s.
  {
    account: { kdf: { type: 'argon2id', iterations: 10, memoryMiB: 512, parallelism: 4 }, items: [{ name: 'GitHub' }] },
  },
  (vaultside) => {
    before(() => vaultside().signIn());

    it('shows that it is at work, and ends when it is given up', async () => {
      const { quickInput } = vaultside();
      await quickInput.submit(vaultside().server.account.password);
      await quickInput.waitUntilBusy();
      await quickInput.cancel();
      assert.equal(await vaultside().state(), 'locked');
    });

    it('opens the vault', async () => {
      await vaultside().unlock();
      await vaultside().waitForState('unlocked');
    });
  },
);
