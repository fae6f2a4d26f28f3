import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { FormParts } from '../../../../src/ui/item/itemForm';
import type { PageParts } from '../../../../src/ui/item/itemPage';
import { ItemView } from '../../../../src/ui/item/itemView';
import { Screen } from '../../../support/screen';
import { scenes } from '../../../support/window';

describe('The view of an item', () => {
  const scene = scenes();

  it('counts as use of the item, though no value of it is copied', async () => {
    const screen = new Screen();
    Object.assign(vscode.window, {
      tabGroups: { all: [] },
      registerWebviewViewProvider: () => ({ dispose: () => undefined }),
    });
    const items = [{ name: 'One' }, { name: 'Read', type: 'secureNote', notes: 'x' }] as const;
    const { session, vault } = await (await scene('official', { items: [...items] })).unlocked();
    const view = new ItemView({ session } as unknown as PageParts & FormParts);
    const { id } = vault.items.find(({ name }) => name === 'Read')!;
    await view.open(id, false);
    assert.deepEqual(session.itemUse.recent(), [id]);
    view.dispose();
    screen.putAway();
  });
});
