import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Session } from '../../../src/account/session';
import { SessionDroppedError } from '../../../src/vault/errors';
import { aboutAccount, nameIn } from '../../../src/ui/accountNames';
import type { Clipboard } from '../../../src/ui/clipboard/clipboard';
import { ErrorReporter } from '../../../src/ui/errors/errorReporter';
import { ItemPage, type PageParts } from '../../../src/ui/item/itemPage';
import type { ToPage } from '../../../src/ui/item/messages';
import { showNotices } from '../../../src/ui/notices';
import { render } from '../../../src/ui/status/render';
import { resultsEverywhere } from '../../../src/ui/search/everywhere';
import { treeMessage } from '../../../src/ui/tree/message';
import { ItemValues } from '../../../src/ui/values/itemValues';
import { createAccount } from '../../server/accounts';
import { Screen } from '../../support/screen';
import { until } from '../../support/until';
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
      assert.deepEqual(new Set(rows.map(({ session }) => session)), new Set([first, second]));
      for (const { session, description, row } of rows) {
        assert.ok(session);
        assert.equal(description, nameIn(sessions, session));
        const copied: string[] = [];
        const copySecret = (text: string) => Promise.resolve(void copied.push(text));
        const values = new ItemValues(
          sessions.active,
          { copySecret } as unknown as Clipboard,
          { now: () => 0 } as never,
        );
        await values.act('copy', { ...chosen(session), item: row!.item });
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

  it('tell of a drop by name, and its button works on the account that it is about', async () => {
    const { at, sessions, first, second } = await unlocked();
    const told: string[] = [];
    Object.assign(vscode.window, {
      showWarningMessage: (text: string, ...[button]: unknown[]) => {
        told.push(text);
        return Promise.resolve(button);
      },
    });
    const silent = () => undefined;
    const reporter = new ErrorReporter({ debug: silent, warn: silent, error: silent }, () => true, sessions);
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
    const page = new ItemPage(webview, parts as unknown as PageParts, () => undefined);
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

  it('have a sentence of their own where there is one', () => {
    assert.deepEqual([aboutAccount('Locked', undefined), aboutAccount('Locked', 'one')], ['Locked', 'one: Locked']);
  });
});
