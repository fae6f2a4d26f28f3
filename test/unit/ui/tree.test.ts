import assert from 'node:assert/strict';
import { NetworkError } from '../../../src/bitwarden/errors';
import type { OpenVault } from '../../../src/vault/openVault';
import type { SessionState } from '../../../src/vault/state';
import { openValue } from '../../../src/ui/gate';
import { fieldLabel } from '../../../src/ui/labels';
import { describeNode, type Row } from '../../../src/ui/tree/describe';
import { treeMessage } from '../../../src/ui/tree/message';
import { childNodes, FILTERED, groupNodes, itemNodes, type VaultNode } from '../../../src/ui/tree/nodes';
import type { PlainItem } from '../../server/items';
import { scenes } from '../../support/window';
import { l10n } from './words';

const secret = 'marked-secret-7Q';
const guarded: PlainItem = {
  name: 'Guarded $(bug)',
  username: 'robin',
  password: `${secret}-password`,
  totp: secret,
  notes: `${secret}-notes`,
  uris: ['https://example.org/login'],
  fields: [
    { type: 'hidden', name: 'Token', value: `${secret}-token` },
    { type: 'text', name: 'PIN', value: `${secret}-pin` },
  ],
  favorite: true,
  reprompt: true,
  folder: 'Work',
};

function all(vault: OpenVault, nodes: readonly VaultNode[]): VaultNode[] {
  return nodes.flatMap((node) => [node, ...all(vault, childNodes(node, vault))]);
}

function row(vault: OpenVault, node: VaultNode): Row {
  return describeNode(node, (field) => openValue(vault, field.item, field.field), l10n);
}

describe('Rows of the tree', () => {
  const scene = scenes();

  it('hold no secret, wherever the item stands', async () => {
    const items: PlainItem[] = [
      guarded,
      { name: 'Card', type: 'card', details: { number: secret, code: secret, cardholderName: secret } },
    ];
    const { vault } = await (await scene('official', { items })).unlocked();
    const nodes = all(vault, groupNodes(vault));
    assert.ok(nodes.filter(({ kind }) => kind === 'field').length > 20);
    for (const node of nodes) {
      assert.ok(!JSON.stringify([node.path, row(vault, node)]).includes(secret), node.path);
    }
    assert.equal(new Set(nodes.map(({ path }) => path)).size, nodes.length, 'two rows of one path');
  });

  it('mask every secret alike', async () => {
    const { vault } = await (await scene('official', { items: [guarded] })).unlocked();
    const fields = childNodes(itemNodes(vault.items, FILTERED)[0] ?? assert.fail(), vault);
    const shown = Object.fromEntries(fields.map((node) => [row(vault, node).label, row(vault, node).description]));
    assert.deepEqual(shown, {
      Username: 'robin',
      Password: '••••••••',
      'TOTP code': '••••••••',
      Address: 'https://example.org/login',
      Notes: '••••••••',
      Token: '••••••••',
      PIN: '••••••••',
    });
  });

  it('have words for a field that nobody knows, whatever its name', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'valueOf']) {
      const key = `card.${name}`;
      assert.equal(typeof fieldLabel({ key, label: { kind: 'standard', name: key } }, l10n), 'string', name);
    }
  });

  it('tell by contextValue what the menus may offer', async () => {
    const items: PlainItem[] = [
      guarded,
      { name: 'Note', type: 'secureNote', notes: 'x' },
      { name: 'Hidden', password: 'x', totp: 'x', organization: 'Org', collections: ['Team'], viewPassword: false },
    ];
    const organizations = [{ name: 'Org', collections: ['Team'] }];
    const { vault } = await (await scene('official', { items, organizations })).unlocked();
    const values = itemNodes(vault.items, FILTERED).map((node) => row(vault, node).contextValue);
    assert.deepEqual(values, ['item.password.username.totp.uri', 'item', 'item']);
    const hidden = childNodes(itemNodes(vault.items, FILTERED)[1] ?? assert.fail(), vault).map((node) =>
      row(vault, node),
    );
    assert.deepEqual(
      hidden.map(({ description, contextValue }) => [description, contextValue]),
      Array(2).fill(['hidden by your organisation', 'field.withheld']),
    );
  });

  it('are never more than 200 on one level', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => ({ name: `Item ${String(index).padStart(4, '0')}` }));
    const { vault } = await (await scene('official', { items })).unlocked();
    const levels = (nodes: readonly VaultNode[]): void => {
      assert.ok(nodes.length <= 200);
      for (const node of nodes) if (node.kind !== 'item') levels(childNodes(node, vault));
    };
    levels(groupNodes(vault));
    const [range] = itemNodes(vault.items, FILTERED);
    assert.ok(range);
    assert.equal(row(vault, range).label, 'Item 0000 – Item 0199');
    assert.equal(row(vault, range).accessibilityLabel, 'Item 0000 – Item 0199, 200 items');
  });

  it('say where a found item was put away', async () => {
    const items = [{ name: 'Gone', username: 'robin', trashed: true }];
    const { vault } = await (await scene('official', { items })).unlocked();
    const [found] = itemNodes(vault.items, FILTERED);
    assert.equal(row(vault, found ?? assert.fail()).description, 'robin · in the trash');
  });

  it('have a line above them only where there are rows', async () => {
    const { session, vault } = await (await scene('official', { items: [guarded] })).unlocked();
    const state = session.state;
    assert.ok(state.kind === 'unlocked');
    const problem = new NetworkError('unreachable', 'vault.example.org');
    const offline: SessionState = { ...state, facts: { ...state.facts, problem, lastSync: 0, syncing: false } };
    const message = (of: SessionState, filter?: { query: string; count: number }) =>
      treeMessage(of, filter, () => '14:32', l10n);
    assert.equal(message(offline), 'Offline. Items as of 14:32.');
    assert.equal(message(offline, { query: 'x', count: 1 }), 'Offline. Items as of 14:32. Filter "x": 1 item');
    assert.equal(message(offline, { query: 'x', count: 0 }), undefined);
    assert.equal(message({ kind: 'signedOut' }), undefined);
    assert.equal(vault.items.length, 1);
  });
});
