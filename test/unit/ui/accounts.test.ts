import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Session } from '../../../src/account/session';
import type { Sessions } from '../../../src/account/sessions';
import { SessionDroppedError } from '../../../src/vault/errors';
import { aboutAccount, nameIn } from '../../../src/ui/accountNames';
import type { Clipboard } from '../../../src/ui/clipboard/clipboard';
import type { Parts } from '../../../src/ui/commands/command';
import { rotateApiKey } from '../../../src/ui/commands/rotateApiKey';
import { showActions } from '../../../src/ui/commands/showActions';
import { signIn } from '../../../src/ui/commands/signIn';
import { viewApiKey } from '../../../src/ui/commands/viewApiKey';
import { viewItem } from '../../../src/ui/commands/viewItem';
import { ErrorReporter } from '../../../src/ui/errors/errorReporter';
import { ItemPage, type PageParts } from '../../../src/ui/item/itemPage';
import type { ToPage } from '../../../src/ui/item/messages';
import { Milestones } from '../../../src/ui/milestones';
import { showNotices } from '../../../src/ui/notices';
import { render } from '../../../src/ui/status/render';
import { resultsEverywhere } from '../../../src/ui/search/everywhere';
import { pickItem } from '../../../src/ui/search/pickItem';
import { Expansion } from '../../../src/ui/tree/expansion';
import { treeMessage } from '../../../src/ui/tree/message';
import { VaultTree } from '../../../src/ui/tree/vaultTree';
import { ItemValues } from '../../../src/ui/values/itemValues';
import { createAccount } from '../../server/accounts';
import { Screen } from '../../support/screen';
import { giveUnknownUserKey } from '../../support/unknownUserKey';
import { until } from '../../support/until';
import { pageOwner } from '../../support/pageOwner';
import { scenes } from '../../support/window';

describe('Two accounts on the screen', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  /** The second is in use. Its server knows the same user and the same item. */
  async function unlocked(emails: readonly [string, string] = ['one@example.test', 'two@example.test']) {
    const at = await scene('official', { email: emails[0], items: [{ name: 'Mail', password: 'of the first' }] });
    const made = await createAccount({ email: emails[1], items: [{ name: 'Mail', password: 'of the second' }] });
    const ciphers = made.ciphers.map((cipher, index) => ({ ...cipher, id: at.account.ciphers[index]!.id }));
    const twin = { ...made, ciphers, id: at.account.id, clientId: at.account.clientId };
    const next = await scene('official', { server: { accounts: [twin] } });
    const window = await at.unlocked();
    const first = window.sessions.current;
    await window.session.signIn(next.urls, next.key);
    const second = window.sessions.current;
    await until('the sync ends', () => !window.facts.syncing);
    await second.unlock(next.password());
    await until('the sync ends', () => !window.facts.syncing);
    return { at, next, window, sessions: window.sessions, first, second };
  }

  const chosen = (session: Session) => {
    assert.ok(session.state.kind === 'unlocked');
    const { vault } = session.state;
    const [item] = vault.items;
    assert.ok(item);
    const field = vault.fields(item.id).find(({ ref }) => ref.kind === 'content' && ref.name === 'password');
    assert.ok(field);
    return { session, vault, item, field };
  };

  const reporting = (sessions: Sessions) => {
    const silent = () => undefined;
    return new ErrorReporter({ debug: silent, warn: silent, error: silent }, () => true, sessions);
  };

  /** Keeps a notification open until what it returns is called with a button. */
  const held = (severity: 'showInformationMessage' | 'showErrorMessage') => {
    let press: ((button: unknown) => void) | undefined;
    let offered: readonly unknown[] = [];
    const show = (_: string, ...buttons: unknown[]) => {
      offered = buttons;
      return new Promise((resolve) => (press = resolve));
    };
    Object.assign(vscode.window, { [severity]: show });
    return async (choose: (buttons: readonly unknown[]) => unknown) => {
      await until('the notification', () => press !== undefined);
      press?.(choose(offered));
    };
  };

  it('have names, with the server where the address is the same', async () => {
    const { sessions, first, second } = await unlocked();
    assert.deepEqual(
      [first, second].map((each) => nameIn(sessions, each)),
      ['one@example.test', 'two@example.test'],
    );
    const same = await unlocked(['one@example.test', 'one@example.test']);
    const names = [same.first, same.second].map((each) => nameIn(same.sessions, each));
    assert.equal(new Set(names).size, 2);
    for (const [index, { urls }] of [same.at, same.next].entries()) {
      assert.equal(names[index], `one@example.test (${new URL(urls.api).host})`);
    }
    await same.second.signOut();
    assert.equal(nameIn(same.sessions, same.first), undefined, 'one alone needs no name');
  });

  it('are named in the status bar and above the tree', async () => {
    const { sessions, second } = await unlocked();
    const name = nameIn(sessions, second);
    const look = render(second.state, () => true, String, [], name);
    assert.equal(look.text, '$(unlock) Bitwarden (two@example.test)');
    assert.equal(look.accessibilityLabel, 'Bitwarden, two@example.test, unlocked');
    assert.ok(look.links.includes('vaultside.switchAccount'));
    assert.equal(treeMessage(second.state, undefined, String, name), 'Account: two@example.test');
  });

  it('are searched both, each row with the name of its account', async () => {
    const { sessions, first, second } = await unlocked();
    const accounts = sessions.all.map((session) => ({
      ...{ session, name: nameIn(sessions, session) ?? '' },
      vault: chosen(session).vault,
    }));
    for (const query of ['mail', '']) {
      const choices = await resultsEverywhere(query, accounts, { hosts: [], matches: () => true, withButtons: false });
      const rows = choices.filter(({ row }) => row !== undefined);
      assert.deepEqual(new Set(rows.map(({ row }) => row?.session)), new Set([first, second]));
      for (const { description, row } of rows) {
        const session = row?.session;
        assert.ok(session);
        assert.equal(description, nameIn(sessions, session));
        const copied: string[] = [];
        const copySecret = (text: string) => Promise.resolve(void copied.push(text));
        const values = new ItemValues(
          sessions.active,
          { copySecret } as unknown as Clipboard,
          { now: () => 0 } as never,
        );
        await values.act('copy', { ...chosen(session), item: row.item });
        assert.deepEqual(copied, [session === first ? 'of the first' : 'of the second']);
      }
    }
    assert.deepEqual(
      [first, second].map(({ itemUse }) => itemUse.recent().length),
      [1, 1],
    );
    const none = await resultsEverywhere('zzzz', accounts, { hosts: [], matches: () => true, withButtons: false });
    assert.deepEqual(
      none.map(({ label }) => label),
      ['No item matches'],
    );
  });

  it('are listed together before anything is typed: this workspace, what was used last, favorites, and the rest', async () => {
    const login = (name: string, more = {}) => ({ name, password: 'x', ...more });
    const at = (host: string) => ({ uris: [`https://${host}/`] });
    const items = [
      [login('a1', at('git.example.test')), login('a2'), login('a3', { favorite: true }), login('a4')],
      [login('b1', at('git.example.test')), login('b2'), login('b3', { favorite: true }), login('b4'), login('b5')],
    ];
    const scenesOf = await Promise.all(items.map((own) => scene('official', { items: own })));
    const accounts = await Promise.all(
      scenesOf.map(async (of, index) => {
        const { session, vault } = await of.unlocked();
        return { session: session.now, name: `account ${index}`, vault };
      }),
    );
    for (const name of ['b5', 'a2', 'b2']) {
      for (const { clock } of scenesOf) clock.advance(1_000);
      for (const { session, vault } of accounts) {
        for (const item of vault.items) if (item.name === name) session.itemUse.record(item.id);
      }
    }
    const options = { hosts: ['git.example.test'], matches: () => true, withButtons: false };
    const listed = (await resultsEverywhere(' ', accounts, options)).map(({ label, description }) =>
      [label, description].filter(Boolean).join(' · '),
    );
    assert.deepEqual(listed, [
      ...['This Workspace', 'a1 · account 0', 'b1 · account 1'],
      ...['Recent', 'b2 · account 1', 'a2 · account 0', 'b5 · account 1'],
      ...['Favorites', 'a3 · account 0', 'b3 · account 1'],
      ...['All Items', 'a4 · account 0', 'b4 · account 1'],
    ]);
  });

  it('tell of a drop by name, and its button works on the account that it is about', async () => {
    const { at, sessions, first, second } = await unlocked();
    const told: string[] = [];
    Object.assign(vscode.window, {
      showWarningMessage: (text: string, ...[button]: unknown[]) => {
        told.push(text);
        return Promise.resolve(button);
      },
    });
    const reporter = reporting(sessions);
    const announcing = showNotices(sessions, reporter);
    at.server.clock.advance(1);
    at.server.changeSecurityStamp();
    assert.equal(sessions.current, second);
    await assert.rejects(first.sync({ force: true }), SessionDroppedError);
    await until('the command runs', () => screen.commands.length > 0);
    announcing.dispose();
    assert.match(told.join(), /^one@example\.test: The master password or the security settings/);
    assert.deepEqual(screen.commands, ['vaultside.signInAgain']);
    assert.equal(sessions.current, first);
  });

  it('leave nothing of one on the page of an item after a switch, though both have that item', async () => {
    const { sessions, first, second } = await unlocked();
    const sent: ToPage[] = [];
    let receive: (message: unknown) => void = () => undefined;
    const webview = {
      onDidReceiveMessage: (listener: typeof receive) => ((receive = listener), { dispose: () => undefined }),
      postMessage: (message: ToPage) => Promise.resolve(sent.push(message)),
      asWebviewUri: (uri: unknown) => uri,
    } as unknown as vscode.Webview;
    let answer: (value: unknown) => void = () => undefined;
    const values = { read: () => new Promise((resolve) => (answer = resolve)) };
    const parts = { session: sessions.active, values, clock: { now: () => 0 }, clipboard: {}, folder: {} };
    const page = new ItemPage(webview, parts as unknown as PageParts, pageOwner);
    receive({ kind: 'ready' });
    page.show(chosen(second).item.id);
    const card = sent.flatMap((each) => (each.kind === 'item' ? [each.card.number] : [])).at(-1);
    receive({ kind: 'act', does: 'reveal', key: 'content.password', card });
    sessions.activate(first.accountId!);
    answer({ text: 'of the second' });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(sent.at(-1)?.kind, 'nothing');
    assert.doesNotMatch(JSON.stringify(sent), /of the second/);
    page.dispose();
  });

  it('have the button of a failure do nothing for another one when its own is gone', async () => {
    const { sessions, first, second } = await unlocked();
    const press = held('showErrorMessage');
    const reporter = reporting(sessions);
    const explanation = { message: 'Failed.', buttons: ['vaultside.rotateApiKey'] } as const;
    const showing = [reporter.show('error', explanation, second)];
    await second.signOut();
    await press(([button]) => button);
    showing.push(reporter.show('error', explanation, second));
    await press((buttons) => buttons.at(-1));
    await Promise.all(showing);
    assert.equal(sessions.current, first);
    assert.deepEqual(screen.commands, ['vaultside.openLogs']);
  });

  it('have what a rotation offers done for the account whose key was rotated', async () => {
    const { next, sessions, first, second } = await unlocked();
    screen.presses = 'Rotate API Key';
    const parts = { sessions, session: second, milestones: new Milestones(), reporter: reporting(sessions) };
    const rotating = rotateApiKey(parts);
    await until('a box', () => screen.inputs.length === 1);
    assert.equal(screen.inputs[0]!.shown.prompt, 'two@example.test: Enter your master password to confirm.');
    sessions.activate(first.accountId!);
    screen.presses = 'Deauthorize All Sessions';
    screen.inputs[0]!.enter(next.account.password);
    await rotating;
    await until('the next box', () => screen.inputs.length === 2);
    const { host } = new URL(next.urls.webVault);
    assert.match(screen.messages.join(), /"two@example\.test: The API key was rotated/);
    assert.ok(screen.messages.join().includes(`Deauthorize all sessions of two@example.test at ${host}?`));
    screen.inputs[1]!.enter(next.account.password);
    await until('the end', () => screen.messages.join().includes('"two@example.test: All other sessions'));
    assert.deepEqual(screen.commands, []);
  });

  it('have the client_secret shown of the account whose it is', async () => {
    const { next, sessions, first, second } = await unlocked();
    const press = held('showInformationMessage');
    const clipboard = { copySecret: () => Promise.resolve() } as unknown as Clipboard;
    const viewing = viewApiKey({ sessions, session: second, clipboard, reporter: reporting(sessions) });
    await until('a box', () => screen.inputs.length === 1);
    screen.inputs[0]!.enter(next.account.password);
    await viewing;
    // What was fetched is forgotten at the lock, and asked for again.
    await second.lock();
    sessions.activate(first.accountId!);
    await press((buttons) => buttons.at(-1));
    await until('the next box', () => screen.inputs.length === 2);
    assert.match(String(screen.inputs[1]!.shown.prompt), /^two@example\.test: /);
    assert.deepEqual(screen.commands, []);
  });

  it('close the menu of the status bar when another one is used, or its own is gone', async () => {
    const { sessions, first, second } = await unlocked();
    const showing = showActions({ sessions, session: second }, []);
    sessions.activate(first.accountId!);
    await showing;
    const again = showActions({ sessions, session: first }, []);
    await first.signOut();
    await again;
    assert.deepEqual(screen.commands, []);
  });

  it('have an item viewed in its account, and in no other', async () => {
    const { sessions, first, second } = await unlocked();
    const seen: (Session | string)[] = [];
    const itemView = { open: (id: string) => Promise.resolve(seen.push(sessions.current, id)) };
    const { item } = chosen(second);
    const view = (all: Pick<Sessions, 'activate' | 'current'>) =>
      viewItem({ sessions: all, session: second, itemView } as unknown as Parts, { item: { id: item.id } }, 'view');
    sessions.activate(first.accountId!);
    await view({ activate: () => undefined, current: first });
    assert.deepEqual(seen, []);
    await view(sessions);
    assert.deepEqual(seen, [second, item.id]);
  });

  it('have a search sync its own account', async () => {
    const { next, sessions, first, second } = await unlocked();
    void pickItem(second, chosen(second).vault, { title: '', placeholder: '' });
    const input = screen.inputs[0]!;
    const { shown } = input;
    await until('rows', () => shown.items !== undefined);
    const row = { label: 'Sync Vault', leadsTo: 'sync' };
    Object.assign(shown, { items: [row], activeItems: [row] });
    sessions.activate(first.accountId!);
    Object.assign(vscode.window, { setStatusBarMessage: () => undefined });
    const before = next.server.requests.count('/api/sync');
    input.enter('');
    await until('the sync', () => next.server.requests.count('/api/sync') > before);
    await until('the list', () => shown.busy === false);
    assert.deepEqual(screen.commands, []);
  });

  it('take what was opened in the tree with them when one is signed out', async () => {
    const { sessions, second } = await unlocked();
    const stored: unknown[] = [];
    const update = (_: string, value: unknown) => Promise.resolve(void stored.push(value));
    const expansion = new Expansion({ get: () => undefined, update });
    const listen = () => ({ dispose: () => undefined });
    const view = { onDidChangeSelection: listen, onDidExpandElement: listen, onDidCollapseElement: listen };
    const rest = { onDidChangeVisibility: listen, dispose: () => undefined };
    Object.assign(vscode.window, { createTreeView: () => ({ ...view, ...rest }) });
    const tree = new VaultTree(sessions, expansion, { now: () => 0 } as never);
    await expansion.choose('row', true);
    await second.lock();
    assert.equal(expansion.isExpanded('row', false), true);
    await second.signOut();
    assert.equal(expansion.isExpanded('row', false), false);
    assert.equal(stored.at(-1), undefined);
    tree.dispose();
  });

  it('have what fails after a sign-in told of the account that has just come', async () => {
    const at = await scene('official');
    await giveUnknownUserKey(at.account);
    const { sessions } = await at.open();
    const told: (Session | undefined)[] = [];
    const reporter = { failure: (_: string, __: unknown, session?: Session) => told.push(session) };
    const lastServer = { choice: undefined, remember: () => Promise.resolve() };
    const signingIn = signIn({ sessions, reporter, lastServer } as unknown as Parts);
    const answers = ['', at.urls.webVault, at.key.clientId, at.key.clientSecret, at.account.password];
    for (const [index, answer] of answers.entries()) {
      await until('a box', () => screen.inputs.length === index + 1 && screen.inputs[index]!.shown.enabled !== false);
      Object.assign(screen.inputs[index]!.shown, { selectedItems: [{ value: 'selfHosted' }] });
      screen.inputs[index]!.enter(answer);
    }
    await signingIn;
    assert.deepEqual(told, [sessions.current]);
    assert.notEqual(sessions.current.accountId, undefined);
  });

  it('have a sentence of their own where there is one', () => {
    assert.deepEqual([aboutAccount('Locked', undefined), aboutAccount('Locked', 'one')], ['Locked', 'one: Locked']);
  });
});
