import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Emitter } from '../../../src/base/event';
import { TimeSlices } from '../../../src/base/timeSlices';
import type { Session } from '../../../src/account/session';
import type { Sessions } from '../../../src/account/sessions';
import type { OpenVault } from '../../../src/vault/openVault';
import { chooseField } from '../../../src/ui/commands/chooseField';
import { isAvailable } from '../../../src/ui/commands/commandTable';
import { deauthorizeSessions } from '../../../src/ui/commands/deauthorizeSessions';
import type { Parts } from '../../../src/ui/commands/command';
import { rotateApiKey } from '../../../src/ui/commands/rotateApiKey';
import { signOut } from '../../../src/ui/commands/signOut';
import { viewApiKey } from '../../../src/ui/commands/viewApiKey';
import { contextValues } from '../../../src/ui/contextValues';
import { whoseValue } from '../../../src/ui/labels';
import { type Clipboard, copyNotice } from '../../../src/ui/clipboard/clipboard';
import { describeItem } from '../../../src/ui/item/describeItem';
import { ItemPage, type PageParts } from '../../../src/ui/item/itemPage';
import type { FromPage, ToPage } from '../../../src/ui/item/messages';
import { itemAction } from '../../../src/ui/itemActions';
import { accountTitle, followPresentationMode, present } from '../../../src/ui/presentation';
import { showValue } from '../../../src/ui/prompts/showValue';
import { askInBox } from '../../../src/ui/prompts/box';
import { askToChoose } from '../../../src/ui/prompts/choice';
import { askToUnlock } from '../../../src/ui/prompts/unlock';
import { pickItem } from '../../../src/ui/search/pickItem';
import { foundRows, MOST_ROWS } from '../../../src/ui/search/rows';
import { SignInFlow } from '../../../src/ui/signIn/signIn';
import type { ErrorReporter } from '../../../src/ui/errors/errorReporter';
import { Milestones } from '../../../src/ui/milestones';
import { render, stateInWords } from '../../../src/ui/status/render';
import { describeNode } from '../../../src/ui/tree/describe';
import { childNodes, groupNodes, type VaultNode } from '../../../src/ui/tree/nodes';
import { ItemValues } from '../../../src/ui/values/itemValues';
import { contentRef } from '../../../src/vault/fields';
import type { PlainItem } from '../../server/items';
import { Screen } from '../../support/screen';
import { until } from '../../support/until';
import { pageOwner } from '../../support/pageOwner';
import { scenes, type Scene } from '../../support/window';

/** In each value that an item of ours has, and in the e-mail address of the account. */
const mark = 'marked7q';
const created = '2025-03-03T12:00:00.000Z';
const login: PlainItem = {
  name: 'GitHub',
  favorite: true,
  username: mark,
  password: mark,
  totp: 'JBSWY3DPEHPK3PXP',
  uris: [`https://${mark}.example.org/`],
  notes: mark,
  fields: [
    { type: 'text', name: 'Team', value: mark },
    { type: 'boolean', name: 'SSO', value: 'true' },
    { type: 'linked', name: 'Who', linkedId: 100 },
  ],
  passkeys: [{ rpId: `${mark}.example.org`, userName: mark, creationDate: created }],
  attachments: [{ fileName: mark, size: 412 }],
  passwordHistory: [{ password: mark, lastUsedDate: created }],
};
const items: PlainItem[] = [
  login,
  {
    name: 'Card',
    type: 'card',
    details: { brand: mark, cardholderName: mark, number: '4111111111117777', expYear: '2031' },
  },
  { name: 'Me', type: 'identity', details: { firstName: mark, email: mark, city: mark } },
  { name: 'Key', type: 'sshKey', details: { privateKey: mark, publicKey: mark, keyFingerprint: mark } },
];
/** What else tells something of a value: the end of a card's number, and its year. */
const values = new RegExp(`${mark}|7777|2031|Yes`);

function allNodes(vault: OpenVault, nodes: readonly VaultNode[]): VaultNode[] {
  return nodes.flatMap((node) => [node, ...allNodes(vault, childNodes(node, vault))]);
}

interface Place {
  readonly screen: Screen;
  readonly sessions: Sessions;
  readonly session: Session;
  readonly vault: OpenVault;
  readonly at: Scene;
}

/** Nothing fails here. */
const reporter = {} as unknown as ErrorReporter;

/** Everything that shows something of a vault or an account. Returns what is on the screen. */
const places: Readonly<Record<string, (place: Place) => string | Promise<string>>> = {
  'the rows of the tree': async ({ vault }) =>
    JSON.stringify(allNodes(vault, await groupNodes(vault)).map((node) => describeNode(node, vault))),
  'the page of an item': ({ vault }) => JSON.stringify(vault.items.map((item) => describeItem(vault, item))),
  'the rows of a search': async ({ vault }) => {
    const rows = await foundRows(vault.items, MOST_ROWS, { vault, matches: () => true, slices: new TimeSlices() });
    return JSON.stringify(rows.map(({ label, description, detail }) => [label, description, detail]));
  },
  'the list of a search': async ({ screen, session, vault }) => {
    void pickItem(session, vault, { title: '', placeholder: '' });
    await until('rows', () => screen.inputs.at(-1)?.shown.items !== undefined);
    const { items } = screen.inputs.at(-1)!.shown as { items: vscode.QuickPickItem[] };
    return JSON.stringify(items.map(({ label, description, detail }) => [label, description, detail]));
  },
  'the list of the fields of an item': async ({ screen, session, vault }) => {
    void chooseField(
      session,
      vault,
      vault.items.find(({ name }) => name === 'Me')!,
      itemAction('vaultside.copyField'),
    );
    await until('a list', () => screen.inputs.length > 0);
    const { items } = screen.inputs.at(-1)!.shown as { items: vscode.QuickPickItem[] };
    return JSON.stringify(items.map(({ label, description }) => [label, description]));
  },
  'the status bar': ({ session }) => {
    const { text, tooltip, accessibilityLabel } = render(
      session.state,
      (id) => isAvailable(id, contextValues(session.state)),
      String,
    );
    return [text, tooltip, accessibilityLabel].join('\n');
  },
  'the name of an account among several': ({ session }) => {
    const { state } = session;
    assert.ok(state.kind === 'unlocked');
    const { account } = state;
    const others = [{ ...account, id: 'another' }];
    return accountTitle(account, others) + accountTitle(account, [account]);
  },
  'the menu of the status bar': ({ session }) => JSON.stringify(stateInWords(session.state, String)),
  'the notice of a copy': ({ vault }) => {
    const item = vault.items.find(({ name }) => name === 'GitHub')!;
    const { text, accessibilityLabel } = copyNotice({
      what: `Password of GitHub (${mark})`,
      clearsIn: 30,
      validFor: undefined,
    });
    return [whoseValue(item, { ref: contentRef('password'), customName: undefined }), text, accessibilityLabel].join();
  },
  'the question for the master password': async ({ screen, session }) => {
    await session.lock();
    void askToUnlock(session);
    await until('a box', () => screen.inputs.length > 0);
    return screen.text;
  },
  'the question before a rotation': async ({ screen, sessions, session }) => {
    await rotateApiKey({ sessions, session, milestones: new Milestones(), reporter });
    return screen.text;
  },
  'the question before a sign-out': async ({ screen, sessions }) => {
    await signOut(sessions);
    return screen.text;
  },
  'the question before all sessions end': async ({ screen, sessions, session }) => {
    await deauthorizeSessions({ sessions, session });
    return screen.text;
  },
};

describe('Presentation mode', () => {
  const scene = scenes();
  let screen: Screen;
  let following: vscode.Disposable;

  beforeEach(() => {
    screen = new Screen();
    following = followPresentationMode();
  });
  afterEach(async () => {
    await present(false);
    following.dispose();
    screen.putAway();
  });

  async function unlocked(): Promise<Place> {
    const at = await scene('official', { email: `${mark}@example.org`, items });
    const { sessions, session, vault } = await at.unlocked();
    return { screen, sessions, session, vault, at };
  }

  for (const [name, show] of Object.entries(places)) {
    it(`hides in ${name} what is in clear otherwise, and leaves the names of items`, async () => {
      const place = await unlocked();
      const clear = await show(place);
      assert.match(clear, values);
      screen.putAway();
      screen = new Screen();
      await present(true);
      const again = await unlocked();
      const text = await show({ ...again, screen });
      assert.doesNotMatch(text, values);
      assert.ok(text.length > 2, text);
      assert.equal(text.includes('GitHub'), clear.includes('GitHub'));
    });
  }

  it('leaves copying as it is, and shows nothing that it is asked for', async () => {
    const { session, vault, at } = await unlocked();
    await present(true);
    const copied: string[] = [];
    const copySecret = (text: string) => Promise.resolve(void copied.push(text));
    const clipboard = { copySecret, copyPublic: copySecret } as unknown as Clipboard;
    const door = new ItemValues(session, clipboard, at.clock);
    const item = vault.items.find(({ name }) => name === 'GitHub')!;
    const field = vault.fields(item.id).find(({ ref }) => ref.kind === 'content' && ref.name === 'password')!;
    await door.act('copy', { session, vault, item, field });
    await door.act('show', { session, vault, item, field });
    assert.deepEqual(copied, [mark]);
    assert.deepEqual(screen.inputs, []);
    assert.match(screen.messages.join(), /Nothing is shown in presentation mode/);
  });

  it('shows neither half of the API key', async () => {
    const { sessions, session, at } = await unlocked();
    await present(true);
    const copied: string[] = [];
    const clipboard = { copySecret: (text: string) => Promise.resolve(copied.push(text)) } as unknown as Clipboard;
    const viewing = viewApiKey({ sessions, session, clipboard, reporter });
    await until('a box', () => screen.inputs.length > 0);
    screen.inputs[0]!.enter(at.account.password);
    await viewing;
    await until('the message', () =>
      screen.messages.some((text) => text.includes('client_secret is on the clipboard')),
    );
    assert.deepEqual(copied, [at.account.clientSecret]);
    assert.ok(!screen.text.includes(at.account.clientId) && !screen.text.includes('Show client_secret'), screen.text);
  });

  it('asks for a client_id as for a secret', async () => {
    await present(true);
    const parts = { session: { checkServer: () => Promise.resolve() }, lastServer: { choice: undefined } };
    void new SignInFlow(parts as unknown as Parts).run();
    await until('a list', () => screen.inputs.length > 0);
    Object.assign(screen.inputs[0]!.shown, { selectedItems: [{ value: 'us' }] });
    screen.inputs[0]!.enter('');
    await until('a box', () => screen.inputs.length === 2);
    assert.equal(screen.inputs[1]!.shown.password, true);
  });

  const opened: Readonly<Record<string, (place: Place) => Promise<unknown>>> = {
    'a box': () => askInBox<never>({ title: mark, prompt: mark, accept: () => new Promise(() => undefined) }),
    'a list': () => askToChoose({ title: mark, placeholder: mark, choices: [] }),
    'a search': ({ session, vault }) => pickItem(session, vault, { title: mark, placeholder: mark }),
  };
  for (const [name, open] of Object.entries(opened)) {
    it(`closes ${name} that is open when it is turned on, and runs no command that closes those of others`, async () => {
      let isOpen = true;
      const place = await unlocked();
      const opening = open(place).then(() => (isOpen = false));
      await present(false);
      assert.equal(isOpen, true);
      await present(true);
      await opening;
      assert.deepEqual(screen.commands, []);
    });
  }

  it('closes a value that is shown when it is turned on', async () => {
    const closeOn = new Emitter<undefined>().event;
    const shown = showValue({ title: 'Password', value: mark, closeOn });
    assert.match(screen.text, new RegExp(mark));
    await present(true);
    assert.equal(await shown, undefined);
    assert.doesNotMatch(screen.text, new RegExp(mark));
    assert.equal(await showValue({ title: 'Password', value: mark, closeOn }), undefined);
    assert.doesNotMatch(screen.text, new RegExp(mark));
  });

  it('takes back at once what a page shows, and reveals nothing until it is turned off', async () => {
    const { session, vault, at } = await unlocked();
    const sent: ToPage[] = [];
    const received = new Emitter<FromPage>();
    const webview = {
      onDidReceiveMessage: received.event,
      postMessage: (message: ToPage) => Promise.resolve(sent.push(message)),
      asWebviewUri: (uri: unknown) => uri,
    } as unknown as vscode.Webview;
    const door = { read: () => Promise.resolve({ text: 'revealed' }) } as unknown as ItemValues;
    const reporter = { failure: (_: string, error: unknown) => assert.fail(String(error)) };
    const parts = {
      session,
      values: door,
      clipboard: { cover: () => undefined },
      clock: at.clock,
      reporter,
      folder: {},
    };
    const page = new ItemPage(webview, parts as unknown as PageParts, pageOwner);
    received.fire({ kind: 'ready' });
    page.show(vault.items.find(({ name }) => name === 'GitHub')!.id);
    const card = () => sent.filter((message) => message.kind === 'item').at(-1)!.card;
    const reveal = () =>
      received.fire({
        kind: 'act',
        does: 'reveal',
        key: `content.${(contentRef('password') as { name: string }).name}`,
        card: card().number,
      });
    const kinds = () => sent.map(({ kind }) => kind);
    reveal();
    await until('code and password', () => kinds().includes('revealed') && kinds().includes('code'));
    sent.length = 0;
    await present(true);
    assert.deepEqual(kinds(), ['hidden', 'item']);
    assert.doesNotMatch(JSON.stringify(card()), new RegExp(`${mark}|\\["reveal"`));
    reveal();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(kinds(), ['hidden', 'item']);
    await present(false);
    await until('the code', () => kinds().includes('code'));
    assert.match(JSON.stringify(card()), new RegExp(mark));
    page.dispose();
  });

  it('is told in the status bar, which leads out of it, and by one command each way', async () => {
    const { session } = await unlocked();
    const offered = async (on: boolean) => {
      await present(on);
      const context = contextValues(session.state, { presenting: on });
      const { tooltip, accessibilityLabel } = render(session.state, (id) => isAvailable(id, context), String);
      const commands = (['turnOnPresentationMode', 'turnOffPresentationMode'] as const).filter((id) =>
        isAvailable(`vaultside.${id}`, context),
      );
      return [tooltip.includes('Presentation mode: values are hidden'), accessibilityLabel, commands.join()];
    };
    assert.deepEqual(await offered(false), [false, 'Bitwarden, unlocked', 'turnOnPresentationMode']);
    assert.deepEqual(await offered(true), [true, 'Bitwarden, unlocked, presentation mode', 'turnOffPresentationMode']);
  });
});
