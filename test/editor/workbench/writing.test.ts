import assert from 'node:assert/strict';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../host/until';
import { suite } from './suite';

const account = {
  folders: ['Work'],
  items: [
    { name: 'GitHub', username: 'robin', folder: 'Work' },
    { name: 'GitLab', username: 'robin' },
    { name: 'Mail', username: 'robin' },
    { name: 'Guarded', reprompt: true },
  ],
};

suite('Changing the vault from the tree', { account, viewport: { width: 1100, height: 1200 } }, (vaultside) => {
  const ids = new Map<string, string>();
  /** As the server has it. */
  const stored = (name: string) => vaultside().server.account.ciphers.find(({ id }) => id === ids.get(name));

  before(async () => {
    const { server, tree } = vaultside();
    for (const [at, { name }] of account.items.entries()) ids.set(name, server.account.ciphers[at]!.id);
    await vaultside().signInAndUnlock();
    await tree.expand('All Items');
    await tree.expand('Folders');
  });

  it('offers on an item what can be done with it, in groups', async () => {
    const { tree } = vaultside();
    const entries = await tree.contextMenu('Guarded');
    const changes = ['Add to Favorites', 'Move to Folder', 'Archive Item', 'Add Attachment', 'Move to Trash'];
    assert.deepEqual(entries.slice(-5), changes);
    assert.deepEqual(await tree.contextMenu('Work'), ['New Item', 'New Folder', 'Rename Folder', 'Delete Folder']);
  });

  it('makes a favorite from the context menu, which shows at once', async () => {
    const { tree } = vaultside();
    await tree.chooseFromContextMenu('GitLab', 'Add to Favorites');
    await tree.waitForRow('Favorites');
    assert.equal(stored('GitLab')?.favorite, true);
  });

  it('makes a folder inside another one', async () => {
    const { tree, quickInput, server } = vaultside();
    await tree.chooseFromContextMenu('Work', 'New Folder');
    await quickInput.waitFor('New Folder');
    await quickInput.submit('Work');
    await quickInput.waitForMessage('There is a folder of this name already.');
    await quickInput.submit('Work/Servers');
    await quickInput.waitUntilGone();
    await tree.expand('Work');
    await tree.waitForRow('Servers');
    assert.equal(server.account.folders.length, 2);
  });

  it('moves an item that is dropped on a folder', async () => {
    const { tree, server } = vaultside();
    await tree.row('Mail').first().dragTo(tree.row('Servers').first());
    await until('the server to have it', () =>
      Promise.resolve(stored('Mail')?.folderId === server.account.folders[1]!.id),
    );
    await tree.expand('Servers');
    await until('the item in its folder', async () => (await tree.row('Mail').count()) === 2);
  });

  it('moves all that are selected to the trash, once that is confirmed', async () => {
    const { tree, workbench } = vaultside();
    await tree.row('GitHub').last().click();
    await tree
      .row('Mail')
      .last()
      .click({ modifiers: ['ControlOrMeta'] });
    await workbench.page.keyboard.press('Delete');
    assert.equal((await workbench.modal()).message, 'Move 2 items to the trash?');
    await workbench.pressModal('Move to Trash');
    await tree.waitForRow('Trash');
    assert.deepEqual(
      ['GitHub', 'GitLab', 'Mail'].map((name) => stored(name)?.deletedDate !== null),
      [true, false, true],
    );
  });

  it('deletes for good what is in the trash, once that is confirmed', async () => {
    const { tree, workbench } = vaultside();
    await tree.collapse('All Items');
    await tree.expand('Trash');
    await tree.chooseFromContextMenu('Mail', 'Delete Item Permanently');
    const { message, detail } = await workbench.modal();
    assert.deepEqual([message, detail], ['Delete Mail permanently?', 'This cannot be undone.']);
    await workbench.pressModal('Delete Item Permanently');
    await tree.row('Mail').first().waitFor({ state: 'detached' });
    assert.equal(stored('Mail'), undefined);
  });

  it('asks for the master password before it deletes what asks for it', async () => {
    const { tree, quickInput } = vaultside();
    await tree.expand('All Items');
    await tree.chooseFromContextMenu('Guarded', 'Move to Trash');
    await quickInput.waitForMessage('Guarded asks for your master password again.');
    assert.equal(stored('Guarded')?.deletedDate, null);
    await vaultside().enterMasterPassword();
    await until('the server to have it', () => Promise.resolve(stored('Guarded')?.deletedDate !== null));
  });

  it('says nothing of it after a lock', async () => {
    const { tree, workbench, server } = vaultside();
    await workbench.clearNotifications();
    const held = server.faults.arm(/PUT .*\/partial$/, misbehaviours.hold);
    await tree.chooseFromContextMenu('GitLab', 'Remove from Favorites');
    await held.arrived();
    await vaultside().lock();
    held.release();
    await vaultside().unlock();
    assert.deepEqual(await workbench.notifications(), []);
  });
});
