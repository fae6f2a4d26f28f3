import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { Emitter } from '../../../../src/base/event';
import { sealText } from '../../../../src/bitwarden/crypto/seal';
import { contentRef } from '../../../../src/vault/fields';
import { ConflictError } from '../../../../src/vault/errors';
import type { MasterPasswordProof } from '../../../../src/vault/masterPasswordProof';
import type { ItemEdit } from '../../../../src/vault/edit/itemEdit';
import { editForm, type NewItemStart, newForm } from '../../../../src/ui/item/beginForm';
import { controlsIn } from '../../../../src/ui/item/describeForm';
import { isFromForm, type FormCard, type FormControl, type FromForm } from '../../../../src/ui/item/formMessages';
import { ItemPage, type PageParts } from '../../../../src/ui/item/itemPage';
import type { FromPage, ToPage } from '../../../../src/ui/item/messages';
import { ItemValues } from '../../../../src/ui/values/itemValues';
import type { PlainItem } from '../../../server/items';
import { generateKey } from '../../../support/keys';
import { followPresentationMode, present } from '../../../../src/ui/presentation';
import { pageOwner } from '../../../support/pageOwner';
import { Screen } from '../../../support/screen';
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

type Act = FromForm extends infer M ? (M extends FromForm ? Omit<M, 'form' | 'version'> : never) : never;

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
    const ownValues = {
      readStored: ({ vault, item, field }: Parameters<ItemValues['readStored']>[0]) =>
        Promise.resolve(vault.read(item.id, field.ref)),
      prove,
    };
    const values = Object.setPrototypeOf(ownValues, ItemValues.prototype) as ItemValues;
    const parts = {
      session: window.session,
      values,
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
    const controls = (): readonly FormControl[] => controlsIn(card());
    const control = (label: string) => controls().find((each) => each.label === label)!;
    const version = () => {
      const versions = sent.flatMap((message) =>
        message.kind === 'form' ? [message.form.version] : message.kind === 'compare' ? [message.compare.version] : [],
      );
      return versions.at(-1)!;
    };
    /** @param seen the version that the page shows by then. */
    const send = (act: Act, seen = version()) => {
      const message = { ...act, form: card().number, version: seen } as FromForm;
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

  /** Has another client save this, and the window of the form take it over. */
  async function elsewhere({ at, window }: { at: Scene; window: EditorWindow }, edit: ItemEdit, name = 'GitHub') {
    const other = await at.unlocked();
    const id = other.itemId(name);
    await other.session.saveItem(id, edit, other.vault.element(id)!);
    await window.session.sync({ force: true });
    return id;
  }

  it('asks about what was typed before the page had seen a change of the same value, and takes all keys of it', async () => {
    const opened = await open([github], 'GitHub');
    const { window, send, sent, type, card, control, save, closed } = opened;
    const seen = card().version;
    const id = await elsewhere(opened, { notes: 'first line, theirs' });
    const { key } = control('Notes');
    send({ kind: 'change', key, text: 'first line!', isDone: false }, seen);
    send({ kind: 'change', key, text: 'first line!!', isDone: false }, seen);
    assert.equal(card().banner?.text, 'Changed elsewhere: Notes.');
    type('Username', 'kim');
    send({ kind: 'compare' });
    const compared = sent.filter((message) => message.kind === 'compare').at(-1)!.compare.fields;
    assert.deepEqual(
      compared.map(({ theirs, mine }) => [theirs, mine]),
      [['first line, theirs', 'first line!!']],
    );
    send({ kind: 'take', choices: { notes: 'both' } });
    await save();
    assert.deepEqual(closed, [id]);
    assert.equal(window.read('GitHub', 'notes'), 'first line, theirs\n\nfirst line!!');
    assert.equal(window.read('GitHub', 'username'), 'kim');
  });

  it('takes what was typed before the page had seen a change of something else', async () => {
    const opened = await open([github], 'GitHub');
    const { window, send, card, control, save } = opened;
    const seen = card().version;
    await elsewhere(opened, { notes: 'theirs' });
    const { key } = control('Username');
    for (const text of ['k', 'ki', 'kim']) send({ kind: 'change', key, text, isDone: false }, seen);
    assert.equal(card().banner, undefined);
    assert.deepEqual([control('Username').text, control('Notes').text], ['kim', 'theirs']);
    await save();
    assert.deepEqual([window.read('GitHub', 'username'), window.read('GitHub', 'notes')], ['kim', 'theirs']);
  });

  it('hides a secret that is shown when the item changes elsewhere', async () => {
    const opened = await open([github], 'GitHub');
    const { send, sent } = opened;
    send({ kind: 'show', key: 'content.password' });
    await until('the secret', () => sent.some((message) => message.kind === 'shown'));
    await elsewhere(opened, { content: { password: 'theirs' } });
    assert.ok(sent.some((message) => message.kind === 'masked' && message.key === 'content.password'));
  });

  it('keeps what is typed with its entry when others come before it', async () => {
    const opened = await open([github], 'GitHub');
    const { window, send, card, control, save } = opened;
    const [address, team] = [control('Website 2').key, control('Value of custom field 2').key];
    const fields = [{ type: 'text' as const, name: 'First', value: '1' }, ...[0, 1, 2, 3].map((from) => ({ from }))];
    await elsewhere(opened, { uris: [{ uri: 'https://new.example' }, { from: 0 }, { from: 1 }], fields });
    assert.equal(card().banner, undefined);
    send({ kind: 'change', key: address, text: 'https://mine.example', isDone: true });
    send({ kind: 'change', key: team, text: 'Security', isDone: true });
    await save();
    assert.deepEqual(
      ['uri.0', 'uri.1', 'uri.2', 'custom.0', 'custom.2'].map((field) => window.read('GitHub', field)),
      ['https://new.example', 'https://github.com/login', 'https://mine.example', '1', 'Security'],
    );
  });

  it('reveals nothing in the place of another value while a choice is to be made', async () => {
    const opened = await open([github], 'GitHub');
    const { send, sent, type, control, failures } = opened;
    type('Notes', 'mine');
    const token = control('Value of custom field 1').key;
    const fields = [{ type: 'hidden' as const, name: 'Other', value: 'other-secret' }, { from: 0 }];
    await elsewhere(opened, { notes: 'theirs', fields });
    send({ kind: 'show', key: token });
    await until('the way on', () => sent.some((message) => message.kind === 'banner' && message.focus));
    assert.ok(!sent.some((message) => message.kind === 'shown'));
    assert.deepEqual(failures, []);
  });

  it('sends nothing in presentation mode, whatever changes elsewhere', async () => {
    const opened = await open([github], 'GitHub');
    const { sent, control } = opened;
    await present(true);
    const before = sent.length;
    try {
      await elsewhere(opened, { notes: 'theirs' });
      assert.deepEqual(sent.slice(before), []);
    } finally {
      await present(false);
    }
    assert.equal(control('Notes').text, 'first line');
  });

  it('says that a text is too long, whatever its length', async () => {
    const { at, type, sent, send } = await open([github], 'GitHub');
    type('Notes', 'x'.repeat(600_000));
    send({ kind: 'save' });
    await until('the problem', () => sent.some((message) => message.kind === 'focus' && message.key === 'notes'));
    assert.equal(at.server.requests.count('PUT'), 0);
  });

  it('compares anew when theirs changes once more, and ends that when nothing is left to choose', async () => {
    const opened = await open([github], 'GitHub');
    const { window, send, sent, type, card, save, failures, closed } = opened;
    type('Notes', 'mine');
    await elsewhere(opened, { notes: 'first of theirs' });
    send({ kind: 'compare' });
    const compares = () => sent.flatMap((message) => (message.kind === 'compare' ? [message.compare] : []));
    const seen = compares().at(-1)!.version;
    await elsewhere(opened, { notes: 'second of theirs' });
    assert.equal(compares().at(-1)!.fields[0]!.theirs, 'second of theirs');
    send({ kind: 'take', choices: { notes: 'both' } }, seen);
    assert.equal(sent.at(-1)!.kind, 'compare', 'nothing is taken of what nobody has seen');
    await elsewhere(opened, { notes: 'mine' });
    assert.equal(sent.at(-1)!.kind, 'form');
    assert.equal(card().banner, undefined);
    type('Username', 'kim');
    await save();
    assert.deepEqual([failures, closed.length], [[], 1]);
    assert.deepEqual([window.read('GitHub', 'username'), window.read('GitHub', 'notes')], ['kim', 'mine']);
  });

  it('compares lists with hidden values, each once it is revealed', async () => {
    const opened = await open([github], 'GitHub');
    const { send, sent, type } = opened;
    type('Value of custom field 1', 'mine');
    await elsewhere(opened, { fields: [{ from: 0, value: 'theirs' }, { from: 1 }, { from: 2 }, { from: 3 }] });
    send({ kind: 'compare' });
    const [field] = sent.flatMap((message) => (message.kind === 'compare' ? message.compare.fields : []));
    assert.deepEqual([field!.key, field!.isSecret], ['fields', true]);
    assert.match(field!.theirs, /^Token: •+\nTeam: Platform\n/);
    for (const side of ['theirs', 'mine']) {
      send({ kind: 'show', key: `${side}.fields` });
      const isShown = (text: string) => text.startsWith(`Token: ${side}\nTeam: Platform\n`);
      await until(side, () => sent.some((message) => message.kind === 'shown' && isShown(message.text)));
    }
  });

  it('asks for the master password at the save where the item asks for it by now', async () => {
    const at = await scene('official', { items: [github] });
    const window = await at.unlocked();
    const proofs: MasterPasswordProof[] = [];
    const opened = await form(at, window, 'GitHub', () => Promise.resolve(proofs.shift()));
    const { type, save, closed, failures, controls, sent, send } = opened;
    type('Username', 'kim');
    const id = await elsewhere({ at, window }, { reprompt: true });
    const isYesNo = ({ kind }: FormControl) => kind === 'check';
    assert.ok(
      controls()
        .filter(isYesNo)
        .every(({ isSecret }) => !isSecret),
    );
    const isSavingEnded = () => sent.some((message) => message.kind === 'saving' && !message.isOn);
    send({ kind: 'save' });
    await until('the form to be there again', isSavingEnded);
    assert.deepEqual([failures, closed], [[], []]);
    const proof = await window.session.now.proveMasterPassword(at.password());
    proofs.push(proof);
    await save();
    assert.deepEqual([closed, failures], [[id], []]);
    assert.equal(window.vault.read(id, contentRef('username'), proof), 'kim');
  });

  it('leads to the choice when a save finds one, and tells who has left by then', async () => {
    const { at, window, type, send, sent, failures } = await open([github], 'GitHub');
    type('Notes', 'mine');
    const other = await at.unlocked();
    const id = other.itemId('GitHub');
    await other.session.saveItem(id, { notes: 'theirs' }, other.vault.element(id)!);
    send({ kind: 'save' });
    send({ kind: 'leave' });
    await until('it is told', () => failures.length > 0);
    assert.ok(failures[0] instanceof ConflictError);
    assert.equal(window.read('GitHub', 'notes'), 'theirs');
    assert.ok(!sent.some((message) => message.kind === 'banner' && message.focus));
  });

  it('stays where it is when what was changed elsewhere cannot be opened, and says so', async () => {
    const opened = await open([github], 'GitHub');
    const { at, window, page, type, sent } = opened;
    type('Notes', 'mine');
    const later = new Date(Date.now() + 60_000).toISOString();
    Object.assign(at.account.ciphers[0]!, { notes: sealText('x', generateKey()), revisionDate: later });
    at.account.revisionDate = later;
    await window.session.sync({ force: true });
    const banner = sent.filter((message) => message.kind === 'banner').at(-1)?.banner;
    assert.ok(banner !== undefined && banner.action === undefined);
    assert.equal(page.form?.target.itemId, window.itemId('GitHub'));
  });

  it('says how to go on when the item was deleted elsewhere', async () => {
    const { at, window, type, send, sent } = await open([github], 'GitHub');
    type('Notes', 'mine');
    at.account.ciphers.splice(0);
    at.account.revisionDate = new Date(Date.now() + 60_000).toISOString();
    send({ kind: 'save' });
    const banners = () => sent.flatMap((message) => (message.kind === 'banner' ? [message.banner?.text] : []));
    await until('the way on', () => banners().at(-1)?.includes('Continue Draft') === true);
    assert.equal((await window.session.drafts.all()).length, 1);
  });

  it('says once that a draft cannot be kept, and has none then', async () => {
    const { at, type, sent, failures } = await open([github], 'GitHub');
    const badge = () => sent.flatMap((message) => (message.kind === 'news' ? [message.badge] : [])).at(-1);
    type('Username', 'k');
    await until('a draft', () => badge() === 'Draft kept');
    at.files.beforeWrite = () => {
      throw new Error('the disk is full');
    };
    type('Username', 'ki');
    await until('it to be said', () => failures.length === 1);
    assert.equal(badge(), '');
    const before = sent.length;
    type('Password', 'x');
    await until('the page to know', () => sent.length > before);
    at.files.beforeWrite = () => undefined;
    type('Username', 'kim');
    await until('a draft', () => badge() === 'Draft kept');
    assert.equal(failures.length, 1);
  });

  it('has no draft of a new item before anything is typed', async () => {
    const { card } = await open([], { type: 'login' });
    assert.equal(card().badge, '');
  });

  it('takes of a list what is in it alone', async () => {
    const { type, control, send, window, save, failures } = await open([github], 'GitHub');
    for (const [label, text] of [
      ['Folder', 'no-such-folder'],
      ['Match of Website', 'fuzzy'],
      ['Value of custom field 4', 'toString'],
    ] as const) {
      send({ kind: 'change', key: control(label).key, text, isDone: true });
    }
    type('Username', 'kim');
    await save();
    assert.equal(window.vault.items[0]!.folderId, undefined);
    assert.equal(window.vault.fields(window.itemId('GitHub')).find(({ ref }) => ref.kind === 'uri')?.match, undefined);
    assert.equal(window.read('GitHub', 'username'), 'kim');
    assert.deepEqual(failures, []);
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
    const screen = new Screen();
    send({ kind: 'discard' });
    assert.match(screen.messages.join(), /Discard what you have changed/);
    screen.presses = 'Discard';
    send({ kind: 'discard' });
    await until('the end', () => closed.length === 1);
    screen.putAway();
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

  it('says so where an organization has no collection to choose', async () => {
    const at = await scene('official', { items: [], organizations: [{ name: 'Northwind', collections: [] }] });
    const window = await at.unlocked();
    const { type, control, send, sent } = await form(at, window, { type: 'secureNote' });
    type('Name', 'Shared');
    type('Owner', control('Owner').options.find(({ label }) => label === 'Northwind')!.value);
    send({ kind: 'save' });
    assert.deepEqual(sent.at(-1), { kind: 'focus', key: 'owner' });
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
      { kind: 'save', form: 1 },
      { kind: 'change', form: 1, version: 1, key: 7, text: 'x', isDone: true },
      { kind: 'change', form: 1, version: 1, key: 'name', text: 'x' },
      { kind: 'add', form: 1, version: 1, what: 'passkey' },
      { kind: 'move', form: 1, version: 1, id: 'uri1', by: 5 },
      { kind: 'take', form: 1, version: 1, choices: { notes: 'all' } },
      { kind: 'take', form: 1, version: 1, choices: null },
    ]) {
      assert.ok(!isFromForm(message), JSON.stringify(message).slice(0, 80));
    }
  });
});
