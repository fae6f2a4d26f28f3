import assert from 'node:assert/strict';
import { changeItems } from '../../../../src/ui/commands/changeItems';
import type { Parts } from '../../../../src/ui/commands/command';
import { itemChanges } from '../../../../src/ui/itemChanges';
import { Screen } from '../../../support/screen';
import { scenes } from '../../../support/window';

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
