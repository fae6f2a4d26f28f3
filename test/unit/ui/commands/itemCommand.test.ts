import assert from 'node:assert/strict';
import type { Parts } from '../../../../src/ui/commands/command';
import { itemCommand } from '../../../../src/ui/commands/itemCommand';
import { itemAction, type ItemCommand } from '../../../../src/ui/itemActions';
import type { ChosenField } from '../../../../src/ui/values/itemValues';
import { refKey } from '../../../../src/vault/fields';
import { Screen } from '../../../support/screen';
import { scenes } from '../../../support/window';

describe('A key on a row of the tree', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  async function press(command: ItemCommand, focused: (itemId: string) => unknown): Promise<string[]> {
    const items = [{ name: 'GitHub', username: 'robin', password: 'x' }];
    const { session, vault } = await (await scene('official', { items })).unlocked();
    const done: string[] = [];
    const act = (does: string, { field }: ChosenField) => Promise.resolve(done.push(`${does} ${refKey(field.ref)}`));
    const parts = { session, values: { act }, tree: { focused: focused(vault.items[0]!.id) } };
    await itemCommand(parts as unknown as Parts, itemAction(command), 'focus');
    return done;
  }
  const row = (id: string) => ({ item: { id } });

  it('copies what people come to the item for, and by any other command what that is for', async () => {
    assert.deepEqual(await press('vaultside.copyField', row), ['copy content.password']);
    assert.deepEqual(await press('vaultside.copyUsername', row), ['copy content.username']);
  });

  it('does nothing on a row that is no item, and asks nothing', async () => {
    assert.deepEqual(await press('vaultside.copyField', () => ({ group: 'folders' })), []);
    assert.deepEqual(await press('vaultside.copyUsername', () => undefined), []);
    assert.deepEqual(screen.inputs, []);
  });
});
