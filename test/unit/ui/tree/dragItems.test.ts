import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DroppedItems, ItemDragging } from '../../../../src/ui/tree/dragItems';
import { childNodes, groupNodes, type VaultNode } from '../../../../src/ui/tree/nodes';
import { DroppedFiles } from '../../../../src/ui/attachments/fileArgument';
import type { OpenVault } from '../../../../src/vault/openVault';
import { scenes } from '../../../support/window';

const TYPE = 'application/vnd.vaultside.items';

/** As VS Code gives it: what was put in comes out as text. */
class Transfer extends Map<string, vscode.DataTransferItem> {
  get text(): string {
    return String(this.get(TYPE)?.value);
  }
}

describe('Dragging files', () => {
  const scene = scenes();

  it('onto an item, or a value of it, offers to add them: by their paths, or whole where they have none', async () => {
    const { executeCommand } = vscode.commands;
    const ran: unknown[][] = [];
    vscode.commands.executeCommand = ((...call: unknown[]) => Promise.resolve(ran.push(call))) as typeof executeCommand;
    try {
      const items = [{ name: 'One', username: 'robin', folder: 'Work' }];
      const window = await (await scene('official', { items })).unlocked();
      const below = (node: VaultNode): VaultNode[] => [node, ...childNodes(node, window.vault).flatMap(below)];
      const nodes = (await groupNodes(window.vault)).flatMap(below);
      const dragging = new ItemDragging(() => 'account');
      const list = 'file:///home/robin/a%20b.txt\r\n# a comment\r\nfile:///home/robin/c.txt';
      const paths = new Transfer([['text/uri-list', new vscode.DataTransferItem(list)]]);
      const content = Buffer.from('content');
      const file = { name: 'held.txt', uri: undefined, data: () => Promise.resolve(content) };
      const held = { asString: () => Promise.resolve(''), asFile: () => file } as unknown as vscode.DataTransferItem;
      for (const kind of ['item', 'field', 'group'] as const) {
        const target = nodes.find((node) => node.kind === kind);
        await dragging.handleDrop(target, paths);
        await dragging.handleDrop(target, new Transfer([['files', held]]));
      }
      assert.equal(ran.length, 4);
      for (const [at, [command, argument]] of ran.entries()) {
        assert.equal(command, 'vaultside.addAttachment');
        assert.ok(argument instanceof DroppedFiles);
        assert.deepEqual([argument.accountId, argument.itemId], ['account', window.itemId('One')]);
        const [first] = argument.files;
        if (at % 2 === 0) assert.deepEqual(argument.files, ['/home/robin/a b.txt', '/home/robin/c.txt']);
        else assert.ok(typeof first === 'object' && first.name === 'held.txt' && first.size === content.length);
      }
    } finally {
      vscode.commands.executeCommand = executeCommand;
    }
  });
});

describe('Dragging items', () => {
  const scene = scenes();
  const { commands } = vscode;
  const { executeCommand } = commands;
  let ran: unknown[];
  beforeEach(() => {
    ran = [];
    commands.executeCommand = ((...call: unknown[]) => Promise.resolve(ran.push(call))) as typeof executeCommand;
  });
  afterEach(() => {
    commands.executeCommand = executeCommand;
  });

  async function all(vault: OpenVault): Promise<readonly VaultNode[]> {
    const below = (node: VaultNode): VaultNode[] => [node, ...childNodes(node, vault).flatMap(below)];
    return (await groupNodes(vault)).flatMap(below);
  }

  async function begin() {
    const items = [
      { name: 'One', username: 'robin', folder: 'Work/Servers' },
      { name: 'Two', password: 'secret' },
    ];
    const window = await (await scene('official', { items })).unlocked();
    const nodes = await all(window.vault);
    const group = (name: string) =>
      nodes.find(
        (node) =>
          node.kind === 'group' && (('name' in node.group && node.group.name === name) || node.group.kind === name),
      );
    return { window, nodes, group };
  }

  it('hands over their ids and the random id of the account, and nothing else', async () => {
    const { window, nodes } = await begin();
    const data = new Transfer();
    new ItemDragging(() => 'account').handleDrag(nodes, data);
    assert.deepEqual([...data.keys()], [TYPE]);
    const { accountId, itemIds, ...rest } = JSON.parse(data.text) as { accountId: string; itemIds: string[] };
    assert.deepEqual(rest, {});
    assert.equal(accountId, 'account');
    assert.deepEqual(new Set(itemIds), new Set(window.vault.items.map(({ id }) => id)));
    const fields = new Transfer();
    const ofFields = nodes.filter(({ kind }) => kind === 'field' || kind === 'group');
    new ItemDragging(() => 'account').handleDrag(ofFields, fields);
    assert.equal(fields.size, 0);
  });

  it('moves them where there is a folder, and nowhere else', async () => {
    const { window, group } = await begin();
    const drop = async (target: VaultNode | undefined, text: string, account = 'account') => {
      const data = new Transfer([[TYPE, new vscode.DataTransferItem(text)]]);
      await new ItemDragging(() => account).handleDrop(target, data);
      return ran.splice(0);
    };
    const text = JSON.stringify({ accountId: 'account', itemIds: ['a', 7, 'b'] });
    const folderIds = [window.vault.folders[0]!.id];
    for (const [name, ids] of [
      ['Servers', folderIds],
      ['noFolder', []],
    ] as const) {
      const dropped = new DroppedItems('account', ['a', 'b'], ids);
      assert.deepEqual(await drop(group(name), text), [['vaultside.moveToFolder', dropped]], name);
    }
    // Only the name of another folder begins so.
    assert.ok(group('Work'));
    for (const name of ['Work', 'allItems', 'folders']) assert.deepEqual(await drop(group(name), text), [], name);
    assert.deepEqual(await drop(undefined, text), []);
    assert.deepEqual(await drop(group('Servers'), text, 'another'), []);
    for (const broken of ['', 'null', '[]', '{"accountId":"account"}', '{"accountId":"account","itemIds":{}}']) {
      assert.deepEqual(await drop(group('Servers'), broken), [], broken);
    }
  });
}).timeout(20_000);
