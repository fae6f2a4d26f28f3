import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Emitter } from '../../../../src/base/event';
import { ChosenFile } from '../../../../src/ui/attachments/fileArgument';
import { ItemPage, type PageParts } from '../../../../src/ui/item/itemPage';
import type { FromPage, ToPage } from '../../../../src/ui/item/messages';
import type { ItemValues } from '../../../../src/ui/values/itemValues';
import type { PlainItem } from '../../../server/items';
import { pageOwner } from '../../../support/pageOwner';
import { scenes } from '../../../support/window';

const twin: PlainItem = { name: 'GitHub', username: 'robin', password: 'of the first' };

describe('The page of an item', () => {
  const scene = scenes();

  /** A page in a webview that keeps what it is sent, and a door to values that opens when the test says so. */
  async function open(items: readonly PlainItem[]) {
    const at = await scene('official', { items });
    const { session, vault } = await at.unlocked();
    const sent: ToPage[] = [];
    const received = new Emitter<FromPage>();
    let answer: (text: string) => void = () => assert.fail('nothing was asked for');
    const covers: boolean[] = [];
    const values = {
      read: () => {
        return new Promise((resolve) => (answer = (text) => resolve({ text })));
      },
      act: (does: string) => Promise.resolve(does === 'copy' ? 'Password of GitHub (robin)' : undefined),
    } as unknown as ItemValues;
    const webview = {
      onDidReceiveMessage: received.event,
      postMessage: (message: ToPage) => Promise.resolve(sent.push(message)),
      asWebviewUri: (uri: unknown) => uri,
    } as unknown as vscode.Webview;
    const reporter = { failure: (_: string, error: unknown) => assert.fail(String(error)) };
    const clipboard = { cover: (isCovered: boolean) => covers.push(isCovered) };
    const parts = { session, values, clipboard, clock: at.clock, reporter, folder: {} } as unknown as PageParts;
    const page = new ItemPage(webview, parts, pageOwner);
    const card = () => {
      const cards = sent.filter((message) => message.kind === 'item');
      return cards.at(-1)?.card.number ?? -1;
    };
    const act = (card: number) => received.fire({ kind: 'act', does: 'reveal', key: 'content.password', card });
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const kinds = () => sent.map(({ kind }) => kind);
    return {
      page,
      vault,
      session,
      sent,
      kinds,
      received,
      act,
      card,
      settled,
      covers,
      clock: at.clock,
      answer: (text: string) => answer(text),
    };
  }

  it('sends nothing before it is loaded, nor once it is hidden', async () => {
    const { page, vault, kinds, received } = await open([twin]);
    page.show(vault.items[0]!.id);
    assert.deepEqual(kinds(), []);
    received.fire({ kind: 'ready' });
    assert.deepEqual(kinds(), ['item']);
    page.forget();
    page.show(vault.items[0]!.id);
    assert.deepEqual(kinds(), ['item']);
    page.dispose();
  });

  it('does not reveal under an item what was asked for of another one that looks the same', async () => {
    const { page, vault, kinds, received, act, card, settled, answer } = await open([
      twin,
      { ...twin, password: 'of the second' },
    ]);
    const [first, second] = vault.items;
    received.fire({ kind: 'ready' });
    page.show(first!.id);
    const ofTheFirst = card();
    act(ofTheFirst);
    page.show(second!.id);
    answer('of the first');
    await settled();
    assert.ok(!kinds().includes('revealed'));
    act(ofTheFirst);
    await settled();
    assert.ok(!kinds().includes('revealed'), 'the page was behind');
    act(card());
    answer('of the second');
    await settled();
    assert.ok(kinds().includes('revealed'));
    page.dispose();
  });

  for (const [what, end] of [
    ['the vault is locked', ({ session }: Awaited<ReturnType<typeof open>>) => session.lock()],
    ['the page is hidden', ({ page }: Awaited<ReturnType<typeof open>>) => page.forget()],
    ['the page is closed', ({ page }: Awaited<ReturnType<typeof open>>) => page.dispose()],
  ] as const) {
    it(`reveals nothing once ${what}, though it was asked for before`, async () => {
      const opened = await open([twin]);
      const { page, vault, kinds, received, act, card, settled, answer } = opened;
      received.fire({ kind: 'ready' });
      page.show(vault.items[0]!.id);
      act(card());
      await end(opened);
      answer('late');
      await settled();
      assert.ok(!kinds().includes('revealed'));
      page.dispose();
    });
  }

  it('says to a screen reader what was copied', async () => {
    const { page, vault, sent, received, card, settled } = await open([twin]);
    received.fire({ kind: 'ready' });
    page.show(vault.items[0]!.id);
    for (const does of ['open', 'copy'] as const) {
      received.fire({ kind: 'act', does, key: 'content.password', card: card() });
    }
    await settled();
    const said = sent.filter((message) => message.kind === 'said').map(({ text }) => text);
    assert.deepEqual(said, ['Password of GitHub (robin) copied']);
    page.dispose();
  });

  it('goes to the value that the user wants to see once it shows the item, and no further time', async () => {
    const { page, vault, session, sent, received } = await open([twin]);
    page.show(vault.items[0]!.id, 'content.password');
    assert.equal(sent.length, 0);
    received.fire({ kind: 'ready' });
    assert.deepEqual(
      sent.map((message) => (message.kind === 'goTo' ? message.key : message.kind)),
      ['item', 'content.password'],
    );
    received.fire({ kind: 'ready' });
    page.show(vault.items[0]!.id, 'content.password');
    await session.lock();
    received.fire({ kind: 'ready' });
    assert.equal(sent.filter(({ kind }) => kind === 'goTo').length, 2);
    page.dispose();
  });

  it('says whether the focus is in it, and that it is not once it is hidden', async () => {
    const { page, received, covers } = await open([twin]);
    received.fire({ kind: 'ready' });
    received.fire({ kind: 'entered' });
    received.fire({ kind: 'left' });
    received.fire({ kind: 'entered' });
    page.forget();
    page.dispose();
    assert.deepEqual(covers, [true, false, true, false]);
  });

  it('has its files opened, saved, deleted and added to by the commands, unless the page is behind', async () => {
    const content = Buffer.from('x');
    const { page, vault, session, sent, received, card } = await open([
      { ...twin, attachments: [{ fileName: 'a.txt', content }] },
    ]);
    const { executeCommand } = vscode.commands;
    const ran: unknown[][] = [];
    vscode.commands.executeCommand = ((...call: unknown[]) => Promise.resolve(ran.push(call))) as typeof executeCommand;
    try {
      received.fire({ kind: 'ready' });
      const [item] = vault.items;
      page.show(item!.id);
      const shown = sent.find((message) => message.kind === 'item')!.card;
      const files = shown.sections.find(({ title }) => title === 'Attachments')!;
      assert.equal(files.adds, 'Add Attachment…');
      const { key, can } = files.rows[0]!;
      assert.deepEqual(can, ['openFile', 'saveFile', 'deleteFile']);
      for (const does of can) {
        for (const number of [card(), card() - 1]) received.fire({ kind: 'act', does, key, card: number });
        received.fire({ kind: 'act', does, key: 'content.password', card: card() });
      }
      received.fire({ kind: 'addFile', card: card() - 1 });
      received.fire({ kind: 'addFile', card: card() });
      const chosen = new ChosenFile(session.now.accountId, item!.id, vault.details(item!.id)!.attachments[0]!.id);
      assert.deepEqual(ran, [
        ['vaultside.openAttachment', chosen],
        ['vaultside.saveAttachment', chosen],
        ['vaultside.deleteAttachment', chosen],
        ['vaultside.addAttachment', { item: { id: item!.id } }],
      ]);
    } finally {
      vscode.commands.executeCommand = executeCommand;
      page.dispose();
    }
  });

  it('hides what is revealed when it is hidden itself, and when the page says so', async () => {
    const { page, vault, sent, received, act, card, settled, answer } = await open([twin]);
    received.fire({ kind: 'ready' });
    page.show(vault.items[0]!.id);
    const hidden = () => sent.filter(({ kind }) => kind === 'hidden').length;
    act(card());
    answer('shown');
    await settled();
    received.fire({ kind: 'hide', key: 'content.password' });
    assert.equal(hidden(), 1);
    act(card());
    answer('shown');
    await settled();
    page.forget();
    assert.equal(hidden(), 2);
    page.dispose();
  });

  it('hides it in a browser once the user has been elsewhere for half a second, also what they asked for just before', async () => {
    const { page, vault, sent, received, act, card, settled, answer, clock } = await open([twin]);
    const env = vscode.env as { uiKind?: vscode.UIKind };
    const before = env.uiKind;
    env.uiKind = vscode.UIKind.Web;
    try {
      received.fire({ kind: 'ready' });
      page.show(vault.items[0]!.id);
      const hidden = () => sent.filter(({ kind }) => kind === 'hidden').length;
      const reveal = async () => {
        act(card());
        answer('shown');
        await settled();
      };
      await reveal();
      received.fire({ kind: 'left' });
      clock.advance(400);
      received.fire({ kind: 'entered' });
      clock.advance(1_000);
      assert.equal(hidden(), 0, 'the focus came back');
      received.fire({ kind: 'left' });
      clock.advance(400);
      await reveal();
      clock.advance(400);
      received.fire({ kind: 'entered' });
      clock.advance(1_000);
      assert.equal(hidden(), 0, 'asked for in a box, which had the focus');
      received.fire({ kind: 'left' });
      clock.advance(400);
      await reveal();
      clock.advance(500);
      assert.equal(hidden(), 1, 'asked for, and gone');
    } finally {
      page.dispose();
      Object.assign(env, { uiKind: before });
    }
  });
});
