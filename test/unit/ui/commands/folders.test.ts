import assert from 'node:assert/strict';
import { createFolder, deleteFolder, renameFolder } from '../../../../src/ui/commands/folders';
import type { Parts } from '../../../../src/ui/commands/command';
import { GoneElsewhereError } from '../../../../src/vault/errors';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { scenes } from '../../../support/window';

describe('The name of a new folder', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  it('is taken where a folder got it while the box was open', async () => {
    const at = await scene('official');
    const { session } = await at.unlocked();
    const creating = createFolder({ session }, undefined);
    await until('the box', () => screen.inputs.length === 1);
    await session.createFolder('Work');
    const [box] = screen.inputs;
    box!.enter('Work');
    await until('the answer', () => box!.shown.validationMessage !== undefined || at.account.folders.length > 1);
    assert.match(JSON.stringify(box!.shown.validationMessage), /There is a folder of this name already/);
    assert.equal(at.account.folders.length, 1);
    box!.hide();
    await creating;
  });
});

describe('The row of several folders of the same name', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  /** Two folders, Work and " Work", which show as one, and one beside them. */
  async function begin() {
    const items = [
      { name: 'One', folder: 'Work' },
      { name: 'Two', folder: ' Work', archived: true },
      { name: 'Three', folder: ' Work', trashed: true },
      { name: 'Four', folder: 'Other' },
    ];
    const at = await scene('official', { folders: ['Work', ' Work', 'Other'], items });
    const { session } = await at.unlocked();
    const [one, two, other] = at.account.folders.map(({ id }) => id) as [string, string, string];
    const row = (...ids: string[]) => ({ group: { kind: 'folder', fullName: 'Work', ids } });
    const parts = { session, tree: {} } as unknown as Parts;
    return { at, session, parts, one, two, other, row };
  }

  it('is deleted as a whole, and the question tells what becomes of all items in it', async () => {
    const { at, parts, one, two, other, row } = await begin();
    screen.presses = 'Delete Folder';
    await deleteFolder(parts, row(one, two));
    assert.match(
      screen.messages[0]!,
      /"Delete the folder \\"Work\\"\?".*3 items will be in no folder, 2 of them archived or in the trash/,
    );
    assert.deepEqual(
      at.account.folders.map(({ id }) => id),
      [other],
    );
    await deleteFolder(parts, { group: { kind: 'folder', fullName: 'Other', ids: [other] } });
    assert.match(screen.messages.at(-1)!, /1 item will be in no folder\./);
  });

  it('is one row in the list of folders, too', async () => {
    const { at, parts, other } = await begin();
    screen.presses = 'Delete Folder';
    const deleting = deleteFolder(parts, undefined);
    await until('the list', () => screen.inputs.length === 1);
    const labels = (screen.inputs[0]!.shown.items as { label: string }[]).map(({ label }) => label.trim());
    assert.deepEqual([...labels].sort(), ['Other', 'Work']);
    screen.inputs[0]!.moveTo((screen.inputs[0]!.shown.items as { label: string }[])[labels.indexOf('Work')]!.label);
    screen.inputs[0]!.enter('');
    await deleting;
    assert.deepEqual(
      at.account.folders.map(({ id }) => id),
      [other],
    );
  });

  it('leaves alone what got another name elsewhere, and says where all of it is gone', async () => {
    const { at, session, parts, one, two, other, row } = await begin();
    await session.renameFolders([two], 'Private');
    screen.presses = 'Delete Folder';
    await deleteFolder(parts, row(one, two));
    assert.deepEqual(
      at.account.folders.map(({ id }) => id),
      [two, other],
    );
    await assert.rejects(deleteFolder(parts, row(one)), GoneElsewhereError);
    await assert.rejects(renameFolder(parts, row(one)), GoneElsewhereError);
    assert.equal(screen.inputs.length, 0);
    const renaming = renameFolder(parts, row(one, two));
    await until('the box', () => screen.inputs.length === 1);
    assert.equal(screen.inputs[0]!.shown.value, 'Private');
    screen.inputs[0]!.hide();
    await renaming;
  });
}).timeout(20_000);
