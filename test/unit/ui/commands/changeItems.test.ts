import assert from 'node:assert/strict';
import { changeItems } from '../../../../src/ui/commands/changeItems';
import type { Parts } from '../../../../src/ui/commands/command';
import { itemChanges } from '../../../../src/ui/itemChanges';
import { Screen } from '../../../support/screen';
import { manyItems } from '../../../server/manyItems';
import { DroppedItems } from '../../../../src/ui/tree/dragItems';
import { until } from '../../../support/until';
import { type EditorWindow, scenes } from '../../../support/window';

describe('Changing many items', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  async function favorites(stop: (window: EditorWindow) => unknown) {
    const at = await scene('official', { items: manyItems(25).map((item) => ({ ...item, favorite: false })) });
    const window = await at.unlocked();
    const rows = window.vault.items.map(({ id }) => ({ item: { id } }));
    const seen: string[] = [];
    screen.onProgress = (message) => {
      seen.push(message);
      if (seen.length === 3) stop(window);
    };
    const parts = { session: window.session, values: {}, tree: {} };
    const command = itemChanges.find(({ kind }) => kind === 'favorite')!;
    await changeItems(parts as unknown as Parts, command, rows[0], rows);
    return { seen, made: at.account.ciphers.filter(({ favorite }) => favorite).length };
  }

  it('shows how far it is, and says what was done where it is cancelled', async () => {
    const { seen, made } = await favorites(() => screen.cancel());
    assert.deepEqual(seen, ['1 of 25 items', '2 of 25 items', '3 of 25 items']);
    assert.deepEqual(screen.messages, ['["Canceled. 3 of 25 items added to favorites."]']);
    assert.equal(made, 3);
  });

  it('says how far it was where the vault is locked meanwhile', async () => {
    await favorites(({ session }) => void session.lock());
    assert.deepEqual(screen.messages, [
      '["The vault was locked before all was done. At least 3 of 25 items added to favorites."]',
    ]);
  });
});

describe('Moving items into a row of two folders', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  it('leaves alone those that are in either of them', async () => {
    const at = await scene('official', { folders: ['Twin'], items: [{ name: 'In', folder: 'Twin' }, { name: 'Out' }] });
    const [first] = at.account.folders;
    at.account.folders.unshift({ ...first!, id: globalThis.crypto.randomUUID() });
    const window = await at.unlocked();
    const ids = window.vault.folders.map(({ id }) => id);
    const itemIds = ['In', 'Out'].map((name) => window.itemId(name));
    const move = async (argument: unknown, selected?: unknown) => {
      const parts = { session: window.session, values: {}, tree: {} };
      await changeItems(
        parts as unknown as Parts,
        itemChanges.find(({ kind }) => kind === 'move')!,
        argument,
        selected,
      );
    };
    await move(new DroppedItems(window.session.accountId!, itemIds.slice(0, 1), ids));
    assert.equal(at.server.requests.count('PUT /api/ciphers/move'), 0);
    await move(new DroppedItems(window.session.accountId!, itemIds, ids));
    assert.deepEqual(
      itemIds.map((id) => window.vault.item(id)?.folderId),
      [first!.id, ids[0]],
    );
    // By the list, in which they are one row, too.
    const moving = move({ item: { id: itemIds[0] } });
    await until('the list', () => screen.inputs.length === 1);
    const rows = (screen.inputs[0]!.shown.items as { label: string }[]).map(({ label }) => label);
    assert.deepEqual(rows, ['Twin', 'No folder']);
    screen.inputs[0]!.hide();
    await moving;
    assert.equal(at.server.requests.count('PUT /api/ciphers/move'), 1);
    assert.deepEqual(screen.messages, []);
  });
});

describe('Changing items by a key', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  it('deletes for good what is in the trash, by a button that says so', async () => {
    const at = await scene('official', { items: [{ name: 'Trashed', trashed: true }] });
    const window = await at.unlocked();
    const focused = { item: { id: window.itemId('Trashed') } };
    const parts = { session: window.session, values: {}, tree: { focused, selection: [] } };
    const command = itemChanges.find(({ kind }) => kind === 'trash')!;
    screen.presses = 'Delete Item Permanently';
    await changeItems(parts as unknown as Parts, command, 'focus', undefined);
    assert.match(screen.messages[0]!, /^\["Delete Trashed permanently\?"/);
    assert.equal(at.account.ciphers.length, 0);
  });
});
