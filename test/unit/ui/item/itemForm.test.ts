import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Emitter } from '../../../../src/base/event';
import { editForm, type NewItemStart, newForm } from '../../../../src/ui/item/beginForm';
import { controlsOf } from '../../../../src/ui/item/describeForm';
import { isFromForm, type FormCard, type FormControl, type FromForm } from '../../../../src/ui/item/formMessages';
import { ItemPage, type PageParts } from '../../../../src/ui/item/itemPage';
import type { FromPage, ToPage } from '../../../../src/ui/item/messages';
import type { ItemValues } from '../../../../src/ui/values/itemValues';
import type { PlainItem } from '../../../server/items';
import { followPresentationMode, present } from '../../../../src/ui/presentation';
import { pageOwner } from '../../../support/pageOwner';
import { until } from '../../../support/until';
import { type EditorWindow, type Scene, scenes } from '../../../support/window';

const secret = 'marked-secret-7Q';
const github: PlainItem = {
  name: 'GitHub',
  username: 'robin',
  password: secret,
  uris: ['https://github.com/login', 'https://gist.github.com'],
  notes: 'first line',
  fields: [
    { type: 'hidden', name: 'Token', value: `${secret}-token` },
    { type: 'text', name: 'Team', value: 'Platform' },
    { type: 'boolean', name: 'SSO', value: 'true' },
    { type: 'linked', name: 'Sign-in name', linkedId: 100 },
  ],
};

type Act = FromForm extends infer M ? (M extends FromForm ? Omit<M, 'form'> : never) : never;

describe('The form of an item', () => {
  const scene = scenes();
  const pages: ItemPage[] = [];
  afterEach(() => {
    for (const page of pages.splice(0)) page.dispose();
  });

  /** A form in a page that keeps what it is sent. */
  async function form(
    at: Scene,
    window: EditorWindow,
    what: string | NewItemStart,
    prove: () => unknown = () => assert.fail('nothing is to be asked'),
  ) {
    const session = window.session.now;
    const sent: ToPage[] = [];
    const closed: (string | undefined)[] = [];
    const failures: unknown[] = [];
    const copied: string[] = [];
    const received = new Emitter<FromPage>();
    const webview = {
      onDidReceiveMessage: received.event,
      postMessage: (message: ToPage) => Promise.resolve(sent.push(message)),
      asWebviewUri: (uri: unknown) => uri,
    } as unknown as vscode.Webview;
    const values = {
      readStored: ({ vault, item, field }: Parameters<ItemValues['readStored']>[0]) =>
        Promise.resolve(vault.read(item.id, field.ref)),
      prove,
    };
    const parts = {
      session: window.session,
      values: values as unknown as ItemValues,
      clipboard: { cover: () => undefined, copySecret: (text: string) => Promise.resolve(void copied.push(text)) },
      clock: at.clock,
      reporter: { failure: (_: string, error: unknown) => failures.push(error) },
      makePassword: () => Promise.resolve('generated-9'),
      folder: {},
    };
    const page = new ItemPage(webview, parts as unknown as PageParts, {
      ...pageOwner,
      closedForm: (id) => closed.push(id),
    });
    pages.push(page);
    const make =
      typeof what === 'string'
        ? await editForm(parts as never, session, window.itemId(what))
        : await newForm(parts as never, session, what);
    assert.ok(make);
    received.fire({ kind: 'ready' });
    page.open(make);
    const forms = () => sent.flatMap((message) => (message.kind === 'form' ? [message.form] : []));
    const card = (): FormCard => forms().at(-1)!;
    const controls = (): readonly FormControl[] => [...card().sections.flatMap(controlsOf), ...card().flags];
    const control = (label: string) => controls().find((each) => each.label === label)!;
    const send = (act: Act) => {
      const message = { ...act, form: card().number } as FromForm;
      assert.ok(isFromForm(message), JSON.stringify(message));
      received.fire(message);
    };
    const type = (label: string, text: string, isDone = true) =>
      send({ kind: 'change', key: control(label).key, text, isDone });
    const save = async () => {
      const before = closed.length + failures.length;
      send({ kind: 'save' });
      await until('the save ends', () => closed.length + failures.length > before);
    };
    return { page, sent, closed, failures, copied, received, forms, card, controls, control, send, type, save };
  }

  async function open(items: readonly PlainItem[], what: string | NewItemStart) {
    const at = await scene('official', { items, folders: ['Work'] });
    const window = await at.unlocked();
    return { at, window, ...(await form(at, window, what)) };
  }

  it('shows what is no secret, and of a secret only that it is there', async () => {
    const { controls, sent } = await open([github], 'GitHub');
    const shown = Object.fromEntries(
      controls().map(({ label, text, isSecret, isThere }) => [label, isSecret ? isThere : text]),
    );
    assert.deepEqual(shown, {
      Name: 'GitHub',
      Folder: '',
      Owner: '',
      Username: 'robin',
      Password: true,
      'Authenticator key': false,
      Website: 'https://github.com/login',
      'Match of Website': '',
      'Website 2': 'https://gist.github.com',
      'Match of Website 2': '',
      'Name of custom field 1': 'Token',
      'Value of custom field 1': true,
      'Name of custom field 2': 'Team',
      'Value of custom field 2': 'Platform',
      'Name of custom field 3': 'SSO',
      'Value of custom field 3': 'true',
      'Name of custom field 4': 'Sign-in name',
      'Value of custom field 4': 'username',
      Notes: 'first line',
      Favorite: 'false',
      'Ask for the master password again': 'false',
    });
    assert.ok(!JSON.stringify(sent).includes(secret));
  });

  it('creates a login with all that was typed', async () => {
    const { window, type, send, control, card, save, closed } = await open([], { type: 'login' });
    type('Name', 'New one');
    type('Username', 'kim');
    type('Password', 'pass-1');
    type('Website', 'https://example.com');
    type('Match of Website', 'exact');
    type('Notes', 'two\nlines');
    type('Favorite', 'true');
    const folder = control('Folder').options.find(({ label }) => label === 'Work');
    type('Folder', folder!.value);
    for (const what of ['hidden', 'boolean', 'linked'] as const) send({ kind: 'add', what });
    type('Name of custom field 1', 'PIN');
    type('Value of custom field 1', '1234');
    type('Name of custom field 2', 'SSO');
    type('Value of custom field 2', 'true');
    type('Name of custom field 3', 'Login');
    assert.match(card().title, /New Login/);
    await save();
    const [item] = window.vault.items;
    assert.deepEqual(closed, [item!.id]);
    assert.deepEqual([item!.name, item!.favorite, item!.folderId], ['New one', true, folder!.value]);
    for (const [field, text] of [
      ['username', 'kim'],
      ['password', 'pass-1'],
      ['uri.0', 'https://example.com'],
      ['notes', 'two\nlines'],
    ]) {
      assert.equal(window.read('New one', field!), text);
    }
    const fields = window.vault.fields(item!.id);
    assert.equal(fields.find(({ ref }) => ref.kind === 'uri')?.match, 'exact');
    assert.deepEqual(
      fields
        .filter(({ ref }) => ref.kind === 'custom')
        .map(({ customName, state, isBoolean, linkedTo, masked }) => [customName, state, isBoolean, linkedTo, masked]),
      [
        ['PIN', 'there', false, undefined, true],
        ['SSO', 'there', true, undefined, false],
        ['Login', 'linked', false, 'username', false],
      ],
    );
  });

  it('goes to the first thing that is wrong and says what, and saves nothing', async () => {
    const { at, type, send, sent, control } = await open([], { type: 'login' });
    type('Authenticator key', 'otpauth://hotp/x?secret=ABC');
    send({ kind: 'save' });
    const news = sent.flatMap((message) => (message.kind === 'news' ? message.controls : []));
    const problemOf = (label: string) => news.filter(({ key }) => key === control(label).key).at(-1)?.problem;
    assert.equal(problemOf('Name'), 'Enter a name.');
    assert.equal(problemOf('Authenticator key'), 'This is not an authenticator key.');
    assert.ok(sent.some((message) => message.kind === 'focus' && message.key === 'name'));
    assert.equal(at.account.ciphers.length, 0);
  });

  it('says which text the server does not take', async () => {
    const { type, send, sent, at } = await open([github], 'GitHub');
    type('Website 2', `https://example.com/${'x'.repeat(20_000)}`);
    send({ kind: 'save' });
    await until('a problem', () => sent.some((message) => message.kind === 'focus'));
    const focus = sent.find((message) => message.kind === 'focus');
    assert.ok(focus?.kind === 'focus' && /^uri\d+\.uri$/.test(focus.key));
    assert.equal(at.server.requests.count('PUT'), 0);
  });

  it('changes, moves and removes what is listed, and keeps the rest as it was', async () => {
    const { window, type, send, card, save } = await open([github], 'GitHub');
    const ids = (at: number) => card().sections.find(({ list }) => list?.id === 'fields')!.list!.entries[at]!.id;
    send({ kind: 'move', id: ids(1), by: -1 });
    send({ kind: 'remove', id: ids(2) });
    type('Value of custom field 1', 'Security');
    type('Password', 'pass-2');
    await save();
    const { id } = window.vault.items[0]!;
    const fields = window.vault.fields(id).filter(({ ref }) => ref.kind === 'custom');
    assert.deepEqual(
      fields.map(({ customName, state }) => [customName, state === 'linked' ? 'linked' : undefined]),
      [
        ['Team', undefined],
        ['Token', undefined],
        ['Sign-in name', 'linked'],
      ],
    );
    assert.equal(window.read('GitHub', 'custom.0'), 'Security');
    assert.equal(window.read('GitHub', 'custom.1'), `${secret}-token`);
    assert.equal(window.read('GitHub', 'password'), 'pass-2');
    assert.equal(window.read('GitHub', 'formerPassword.0'), secret);
  });

  it('sends a secret once it is to be shown, for a while, and leaves one as it was that was emptied unseen', async () => {
    const { at, send, sent, type, control, window, save } = await open([github], 'GitHub');
    send({ kind: 'show', key: 'content.password' });
    await until('the secret', () => sent.some((message) => message.kind === 'shown'));
    const shown = sent.find((message) => message.kind === 'shown');
    assert.deepEqual(shown, { kind: 'shown', key: 'content.password', text: secret, seconds: 30 });
    at.clock.advance(30_000);
    assert.deepEqual(sent.at(-1), { kind: 'masked', key: 'content.password', keeps: false });
    type('Password', 'x', false);
    send({ kind: 'restore', key: control('Password').key });
    type('Username', 'kim');
    await save();
    assert.equal(window.read('GitHub', 'password'), secret);
    assert.equal(window.read('GitHub', 'username'), 'kim');
  });

  it('generates a password into its box', async () => {
    const { send, sent, window, save } = await open([github], 'GitHub');
    send({ kind: 'generate', key: 'content.password' });
    await until('it', () => sent.some((message) => message.kind === 'shown' && message.text === 'generated-9'));
    await save();
    assert.equal(window.read('GitHub', 'password'), 'generated-9');
  });

  it('tells the brand of a card by its number, unless another one was chosen', async () => {
    const { type, sent } = await open([], { type: 'card' });
    const brand = () =>
      sent
        .flatMap((message) => (message.kind === 'news' ? message.controls : []))
        .filter(({ key, text }) => key === 'content.brand' && text !== undefined)
        .at(-1)?.text;
    type('Number', '4');
    assert.equal(brand(), 'Visa');
    type('Number', '371');
    assert.equal(brand(), 'Amex');
    type('Brand', 'Other');
    type('Number', '5555');
    assert.equal(brand(), 'Amex', 'nothing more was said of it');
  });

  it('keeps what is typed while the item changes elsewhere, and takes over what was not touched', async () => {
    const { at, window, type, card, control } = await open([github], 'GitHub');
    type('Username', 'kim');
    const other = await at.unlocked();
    const id = other.itemId('GitHub');
    await other.session.saveItem(id, { notes: 'theirs' }, other.vault.element(id)!);
    await window.session.sync({ force: true });
    assert.equal(card().banner, undefined);
    assert.deepEqual([control('Username').text, control('Notes').text], ['kim', 'theirs']);
  });

  it('lets somebody choose between what was changed on both sides', async () => {
    const { at, window, type, send, sent, card, save, closed } = await open([github], 'GitHub');
    type('Password', 'mine');
    type('Notes', 'my notes');
    type('Username', 'kim');
    const other = await at.unlocked();
    const id = other.itemId('GitHub');
    const content = { password: 'theirs', username: 'lee' };
    await other.session.saveItem(id, { content, notes: 'their notes' }, other.vault.element(id)!);
    await window.session.sync({ force: true });
    const banner = sent.filter((message) => message.kind === 'banner').at(-1)?.banner;
    assert.equal(banner?.text, 'Changed elsewhere: Notes, Password, Username.');
    send({ kind: 'compare' });
    const compare = sent.filter((message) => message.kind === 'compare').at(-1)!.compare;
    assert.deepEqual(
      compare.fields.map(({ label, theirs, mine, choices }) => [label, theirs, mine, choices.join()]),
      [
        ['Notes', 'their notes', 'my notes', 'theirs,mine,both'],
        ['Password', '', '', 'theirs,mine'],
        ['Username', 'lee', 'kim', 'theirs,mine'],
      ],
    );
    send({ kind: 'show', key: 'theirs.content.password' });
    await until('theirs', () => sent.some((message) => message.kind === 'shown' && message.text === 'theirs'));
    send({
      kind: 'take',
      choices: { notes: 'both', 'content.username': 'theirs', 'content.password': 'mine' },
    });
    assert.equal(card().banner, undefined);
    await save();
    assert.deepEqual(closed, [id]);
    assert.deepEqual(
      ['password', 'username', 'notes'].map((field) => window.read('GitHub', field)),
      ['mine', 'lee', 'their notes\n\nmy notes'],
    );
  });

  it('keeps each change at once, so that a lock right after it loses nothing, and goes on with it', async () => {
    const { at, window, type, page } = await open([github], 'GitHub');
    type('Password', 'draft-1', false);
    await window.session.lock();
    assert.equal(page.form, undefined);
    await window.unlock();
    const again = await form(at, window, 'GitHub');
    assert.equal(again.card().badge, 'Draft kept');
    assert.equal(again.control('Password').hint, 'The old one goes into the history.');
    await again.save();
    assert.equal(window.read('GitHub', 'password'), 'draft-1');
    assert.deepEqual(await window.session.drafts.all(), []);
  });

  it('leaves no draft where all is as it was again, or is discarded', async () => {
    const { window, type, send, closed } = await open([github], 'GitHub');
    const drafts = async () => (await window.session.drafts.all()).length;
    type('Username', 'kim');
    await until('the draft', async () => (await drafts()) === 1);
    type('Username', 'robin');
    await until('no draft', async () => (await drafts()) === 0);
    type('Username', 'kim');
    send({ kind: 'discard' });
    await until('the end', () => closed.length === 1);
    assert.equal(await drafts(), 0);
    assert.equal(window.read('GitHub', 'username'), 'robin');
  });

  it('asks for the master password before an item that asks for it, and shows what it shows of others', async () => {
    const item: PlainItem = { ...github, name: 'Guarded', reprompt: true };
    const at = await scene('official', { items: [item] });
    const window = await at.unlocked();
    await assert.rejects(form(at, window, 'Guarded'), /nothing is to be asked/);
    const opened = await form(at, window, 'Guarded', () => window.session.proveMasterPassword(at.password()));
    const { control, sent, type, save } = opened;
    assert.deepEqual([control('Notes').text, control('Username').text], ['first line', 'robin']);
    assert.ok(!JSON.stringify(sent).includes(secret));
    type('Notes', 'changed');
    await save();
    assert.match(JSON.stringify(at.account.ciphers[0]!.reprompt), /1/);
    assert.deepEqual(opened.failures, []);
  });

  it('creates an item of an organization in the collections that were chosen, and in no fewer than one', async () => {
    const organizations = [{ name: 'Northwind', collections: ['Team', 'Other'] }];
    const at = await scene('official', { items: [], organizations });
    const window = await at.unlocked();
    const { type, control, send, sent, save, closed } = await form(at, window, { type: 'secureNote' });
    type('Name', 'Shared');
    type('Owner', control('Owner').options.find(({ label }) => label === 'Northwind')!.value);
    send({ kind: 'save' });
    const first = control('Collection Other');
    await until('the problem', () => sent.some((message) => message.kind === 'focus'));
    type(first.label, 'true');
    await save();
    assert.equal(closed.length, 1);
    const [item] = window.vault.items;
    assert.equal(item!.organizationId, window.vault.organizations[0]!.id);
    assert.deepEqual(item!.collectionIds, [first.key.slice('collection.'.length)]);
  });

  it('is not on the screen in presentation mode, and comes back after it', async () => {
    const { type, sent, forms } = await open([github], 'GitHub');
    const following = followPresentationMode();
    type('Username', 'kim');
    await present(true);
    assert.deepEqual(sent.at(-1), { kind: 'nothing', text: 'Presentation mode: values are hidden' });
    const shown = forms().length;
    await present(false);
    assert.equal(forms().length, shown + 1);
    following.dispose();
  });

  it('ends at a lock, and takes nothing from its page any more', async () => {
    const { window, page, type, sent, at } = await open([github], 'GitHub');
    type('Username', 'kim');
    await window.session.lock();
    assert.equal(page.form, undefined);
    assert.equal(sent.at(-1)?.kind, 'nothing');
    type('Username', 'lee');
    assert.equal(at.server.requests.count('PUT'), 0);
  });

  it('takes no message but its own', () => {
    for (const message of [
      { kind: 'change', key: 'name', text: 'x', isDone: true },
      { kind: 'change', form: 1, key: 7, text: 'x', isDone: true },
      { kind: 'change', form: 1, key: 'name', text: 'x'.repeat(600_000), isDone: true },
      { kind: 'change', form: 1, key: 'name', text: 'x' },
      { kind: 'add', form: 1, what: 'passkey' },
      { kind: 'move', form: 1, id: 'uri1', by: 5 },
      { kind: 'take', form: 1, choices: { notes: 'all' } },
      { kind: 'take', form: 1, choices: null },
    ]) {
      assert.ok(!isFromForm(message), JSON.stringify(message).slice(0, 80));
    }
  });
});
