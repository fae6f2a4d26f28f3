import assert from 'node:assert/strict';
import { NetworkError } from '../../../src/bitwarden/errors';
import type { OpenVault } from '../../../src/vault/openVault';
import type { SessionState } from '../../../src/account/state';
import { contentRef } from '../../../src/vault/fields';
import { fieldLabel } from '../../../src/ui/labels';
import { describeNode, type Row } from '../../../src/ui/tree/describe';
import { treeMessage } from '../../../src/ui/tree/message';
import { childNodes, FILTERED, groupNodes, itemNodes, type VaultNode } from '../../../src/ui/tree/nodes';
import type { PlainItem } from '../../server/items';
import { VaultWriter } from '../../server/vaultWriter';
import { scenes } from '../../support/window';

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
  return describeNode(node, vault);
}

describe('Rows of the tree', () => {
  const scene = scenes();

  it('hold no secret, wherever the item stands', async () => {
    const items: PlainItem[] = [
      guarded,
      { name: 'Card', type: 'card', details: { number: secret, code: secret, cardholderName: 'Robin' } },
    ];
    const { vault } = await (await scene('official', { items })).unlocked();
    const nodes = all(vault, await groupNodes(vault));
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
      Website: 'https://example.org/login',
      Notes: '••••••••',
      Token: '••••••••',
      PIN: '••••••••',
    });
  });

  it('show what is no secret, unless the item asks for the master password', async () => {
    const fields = [
      { type: 'text', name: 'Team', value: 'Platform' },
      { type: 'boolean', name: 'SSO', value: 'true' },
      { type: 'boolean', name: 'Shared', value: 'false' },
    ] as const;
    const card = { type: 'card', details: { brand: 'Visa', number: secret, expMonth: '4', expYear: '2031' } } as const;
    const items: PlainItem[] = [
      { name: 'Asks', ...card, fields, reprompt: true },
      { name: 'Card', ...card, fields },
    ];
    const { vault } = await (await scene('official', { items })).unlocked();
    const [asks, shows] = itemNodes(vault.items, FILTERED).map((node) =>
      Object.fromEntries(childNodes(node, vault).map((each) => [row(vault, each).label, row(vault, each).description])),
    );
    assert.deepEqual(shows, {
      ...{ Brand: 'Visa', Number: '••••••••', 'Expiration month': '4', 'Expiration year': '2031' },
      ...{ Team: 'Platform', SSO: 'Yes', Shared: 'No' },
    });
    assert.deepEqual(new Set(Object.values(asks ?? {})), new Set(['••••••••']));
  });

  it('do not call a one-time code hidden that they show', async () => {
    const items: PlainItem[] = [{ name: 'GitHub', totp: 'JBSWY3DPEHPK3PXP' }];
    const { vault } = await (await scene('official', { items })).unlocked();
    const [code] = childNodes(itemNodes(vault.items, FILTERED)[0] ?? assert.fail(), vault);
    const { description, tooltip, accessibilityLabel } = describeNode(code ?? assert.fail(), vault, '123 456 · 20 s');
    assert.deepEqual([description, tooltip], ['123 456 · 20 s', 'TOTP code']);
    assert.equal(accessibilityLabel, 'TOTP code, shown live', 'it says so, and never the digits');
    const masked = describeNode(code ?? assert.fail(), vault);
    assert.deepEqual([masked.tooltip, masked.accessibilityLabel], ['TOTP code: hidden', 'TOTP code, hidden']);
  });

  it('have words for a field that nobody knows, whatever its name', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'valueOf']) {
      assert.equal(typeof fieldLabel({ ref: contentRef(name), customName: '' }), 'string', name);
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
    const changes = 'favorite.move.archive';
    assert.deepEqual(values, [
      `item.password.username.totp.any.uri.un${changes}.trash.mayAttach.mayShare`,
      `item.${changes}.trash.mayAttach.shared`,
      `item.any.${changes}.trash.mayAttach.mayShare`,
    ]);
    const hidden = childNodes(itemNodes(vault.items, FILTERED)[1] ?? assert.fail(), vault).map((node) =>
      row(vault, node),
    );
    assert.deepEqual(
      hidden.map(({ description, contextValue }) => [description, contextValue]),
      Array(2).fill(['hidden by your organization', 'field']),
    );
  });

  it('tell by contextValue what the user may do with an item and a folder', async () => {
    const ofOrganization = { organization: 'Org', collections: ['Team'] };
    const items: PlainItem[] = [
      { name: '1', ...ofOrganization, edit: false },
      { name: '2', ...ofOrganization, edit: false, trashed: true },
      { name: '3', trashed: true, favorite: true },
      { name: '4', archived: true, folder: 'Work/Servers' },
    ];
    const organizations = [{ name: 'Org', collections: ['Team'] }];
    const { vault } = await (await scene('official', { items, organizations })).unlocked();
    const values = itemNodes(vault.items, FILTERED).map((node) => row(vault, node).contextValue);
    assert.deepEqual(values, [
      'item.favorite.move.archive.shared',
      'item',
      'item.restore.delete',
      'item.favorite.move.unarchive.trash.mayAttach.mayShare',
    ]);
    const folders = all(vault, await groupNodes(vault)).filter((node) => node.kind === 'group');
    const ofFolders = folders
      .map((node) => row(vault, node))
      .filter(({ contextValue }) => /^group.folder/.test(contextValue));
    assert.deepEqual(
      ofFolders.map(({ label, contextValue }) => [label, contextValue]),
      [
        ['Folders', 'group.folders'],
        ['Work', 'group.folder'],
        ['Servers', 'group.folder.own'],
      ],
    );
  });

  it('have the name of a field without a value, and nothing to do with it', async () => {
    const fields = [
      { type: 'hidden', name: 'token', value: '' },
      { type: 'text', name: 'remark' },
      { type: 'linked', name: 'user', linkedId: 100 },
      { type: 'linked', name: 'of the future', linkedId: 999 },
    ] as const;
    const items: PlainItem[] = [{ name: 'Empty', notes: '', password: '', uris: [''], fields }];
    const { vault } = await (await scene('official', { items })).unlocked();
    const [node] = itemNodes(vault.items, FILTERED);
    assert.deepEqual(
      [row(vault, node!).contextValue, row(vault, node!).expands],
      ['item.favorite.move.archive.trash.mayAttach', true],
    );
    const shown = childNodes(node!, vault).map((child) => row(vault, child));
    assert.deepEqual(
      shown.map(({ label, description, contextValue }) => [label, description, contextValue]),
      [
        ['token', undefined, 'field'],
        ['remark', undefined, 'field'],
        ['user', 'linked to Username', 'field'],
        ['of the future', 'linked to an unknown field', 'field'],
      ],
    );
    assert.equal(shown[0]?.accessibilityLabel, 'token, no value');
  });

  it('open where there is something below: an item of fields, a folder of empty folders', async () => {
    const at = await scene('official', { items: [{ name: 'Nothing', notes: '' }, guarded] });
    const writer = new VaultWriter(at.account);
    for (const name of ['Old/Older/Oldest', 'Old/Other', 'Bare']) writer.folder(name);
    const { vault } = await at.unlocked();
    const opens = Object.fromEntries(
      all(vault, await groupNodes(vault)).map((node) => [row(vault, node).label, row(vault, node).expands]),
    );
    for (const label of ['Folders', 'Old', 'Older', 'Guarded $(bug)']) assert.equal(opens[label], true, label);
    for (const label of ['Oldest', 'Other', 'Bare', 'Nothing']) assert.equal(opens[label], false, label);
  });

  it('count beside "Folders" the folders, beside "Organizations" these, and name the items where they say it in words', async () => {
    const at = await scene('official', { items: [{ name: 'One' }, { name: 'Two', favorite: true }] });
    const writer = new VaultWriter(at.account);
    for (const name of ['Old/Older/Oldest', 'Old/Other', 'Bare']) writer.folder(name);
    const { vault } = await at.unlocked();
    const rows = (await groupNodes(vault)).map((node) => row(vault, node));
    assert.deepEqual(
      rows.map(({ label, description, accessibilityLabel }) => [label, description, accessibilityLabel]),
      [
        ['Favorites', '1', 'Favorites, 1 item'],
        ['All Items', '2', 'All Items, 2 items'],
        ['Folders', '5', 'Folders, 5 folders, 2 items'],
        ['Types', '1', 'Types, 1 type, 2 items'],
      ],
    );
  });

  it('say of what cannot be opened that it cannot, and offer nothing that would open it', async () => {
    const at = await scene('official', {
      items: [
        { ...guarded, ownKey: true },
        { name: 'Damaged', password: 'x' },
      ],
    });
    const [closed, damaged] = at.account.ciphers;
    closed!.key = closed!.key!.replace(/.{8}$/, 'AAAAAAA=');
    damaged!.typed!.password = String(damaged!.typed!.password).replace(/.{8}$/, 'AAAAAAA=');
    const { vault } = await at.unlocked();
    const [second, first] = itemNodes(vault.items, FILTERED).map((node) => row(vault, node));
    assert.deepEqual(
      [first!.label, first!.contextValue, first!.expands],
      ['(cannot be opened)', 'item.unfavorite.move.archive.trash', false],
    );
    assert.match(first!.tooltip, /none of your keys fits/);
    assert.deepEqual([second!.label, second!.contextValue], ['Damaged', 'item.favorite.move.archive.trash.mayAttach']);
    const [password] = childNodes(itemNodes(vault.items, FILTERED)[0]!, vault).map((node) => row(vault, node));
    assert.deepEqual([password!.description, password!.contextValue], ['cannot be opened', 'field']);
  });

  it('are never more than 200 on one level', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => ({ name: `Item ${String(index).padStart(4, '0')}` }));
    const { vault } = await (await scene('official', { items })).unlocked();
    const levels = (nodes: readonly VaultNode[]): void => {
      assert.ok(nodes.length <= 200);
      for (const node of nodes) if (node.kind !== 'item') levels(childNodes(node, vault));
    };
    levels(await groupNodes(vault));
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
      treeMessage(of, filter, () => '14:32');
    assert.equal(message(offline), 'Offline. Items as of 14:32.');
    assert.equal(message(offline, { query: 'x', count: 1 }), 'Offline. Items as of 14:32. Filter "x": 1 item');
    assert.equal(message(offline, { query: 'x', count: 0 }), undefined);
    assert.equal(message({ kind: 'signedOut' }), undefined);
    assert.equal(vault.items.length, 1);
  });
});
