import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Parts } from '../../../src/ui/commands/command';
import { commandTitle } from '../../../src/ui/commands/commandId';
import { itemCommand } from '../../../src/ui/commands/itemCommand';
import { viewApiKey } from '../../../src/ui/commands/viewApiKey';
import { viewItem } from '../../../src/ui/commands/viewItem';
import { type ItemAction, itemActions } from '../../../src/ui/itemActions';
import { showValue } from '../../../src/ui/prompts/showValue';
import { ItemValues } from '../../../src/ui/values/itemValues';
import { Emitter } from '../../../src/base/event';
import { isContent } from '../../../src/vault/fields';
import type { PlainItem } from '../../server/items';
import { Screen } from '../../support/screen';
import { until } from '../../support/until';
import { scenes } from '../../support/window';

const verbs: Readonly<Record<ItemAction['does'], RegExp>> = {
  copy: /\bCopy\b/,
  terminal: /\bCopy to (the )?Terminal\b/,
  insert: /\bInsert\b/,
  show: /\bShow\b/,
  open: /\bOpen\b/,
};

describe('A box that copies, shows, inserts or opens something', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => {
    screen = new Screen();
    Object.assign(vscode.window, { activeTextEditor: {}, activeTerminal: {} });
  });
  afterEach(() => screen.putAway());

  const box = () => screen.inputs.at(-1)!;

  it('says which in its title: where an item is chosen, and where a field of it is', async () => {
    const uris = ['https://a.example/', 'https://b.example/'];
    const items: PlainItem[] = [
      { name: 'Login', username: 'robin', password: 'x', totp: 'x', uris },
      { name: 'Card', type: 'card', details: { number: '4111', code: '1' } },
      { name: 'Key', type: 'sshKey', details: { privateKey: 'x', publicKey: 'y' } },
    ];
    const { session } = await (await scene('official', { items })).unlocked();
    for (const action of itemActions) {
      let isDone = false;
      const parts = { session, values: { act: () => Promise.resolve() }, tree: {}, itemView: {} };
      const running = itemCommand(parts as unknown as Parts, action, undefined).then(() => (isDone = true));
      await until(`the items to ${action.command}`, () => screen.inputs.at(-1)?.shown.items !== undefined);
      const items = box();
      const title = commandTitle(action.command);
      assert.match(title, verbs[action.does]);
      assert.equal(items.shown.title, title);
      const [first] = items.shown.items as vscode.QuickPickItem[];
      const name = (items.shown.items as vscode.QuickPickItem[]).find(({ label }) => label === 'Login') ?? first!;
      items.moveTo(name.label);
      items.enter('');
      await until('what follows', () => isDone || box() !== items);
      if (box() !== items) {
        assert.equal(box().shown.title, `${title}: ${name.label}`);
        box().hide();
      }
      await running;
      screen.inputs.length = 0;
    }
  });

  it('says what the master password is asked for', async () => {
    const items: PlainItem[] = [{ name: 'a', password: 'x', uris: ['https://user:x@a.example/'], reprompt: true }];
    const { session, vault } = await (await scene('official', { items })).unlocked();
    const values = new ItemValues(session, {} as never, { now: () => 0 } as never);
    const [item] = vault.items;
    const field = vault.fields(item!.id).find(({ ref }) => isContent(ref, 'password'))!;
    const destination = { confirms: () => Promise.resolve(true), put: () => Promise.resolve(''), done: String };
    for (const [does, verb] of Object.entries(verbs) as [ItemAction['does'], RegExp][]) {
      const acting = values.act(does, { session: session.now, vault, item: item!, field }, { destination });
      await until('the question', () => screen.inputs.length > 0);
      assert.match(String(box().shown.title), verb);
      box().hide();
      await acting;
      screen.inputs.length = 0;
    }
    values.dispose();
  });

  it('says that the client_secret is copied, that an item is viewed, and what Enter does to a value that is shown', async () => {
    const { sessions, session } = await (await scene('official', { items: [{ name: 'a' }] })).unlocked();
    const parts = { sessions, session } as unknown as Parts;
    const viewing = viewApiKey(parts);
    await until('the question', () => screen.inputs.length > 0);
    assert.match(String(box().shown.prompt), /The client_secret is then copied\.$/);
    box().hide();
    await viewing;
    for (const where of ['view', 'tab'] as const) {
      const choosing = viewItem(parts, undefined, where);
      await until('the items', () => box().shown.items !== undefined);
      assert.match(String(box().shown.title), /^View Item\b/);
      box().hide();
      await choosing;
    }
    const showing = showValue({ title: 'Password', value: 'x', closeOn: new Emitter<undefined>().event });
    assert.match(String(box().shown.placeholder), /Enter closes it now, the button copies\./);
    box().hide();
    await showing;
  });
});
