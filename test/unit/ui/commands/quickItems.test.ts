import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { changePassword } from '../../../../src/ui/commands/changePassword';
import { cloneItem } from '../../../../src/ui/commands/cloneItem';
import type { Parts } from '../../../../src/ui/commands/command';
import { continueDraft } from '../../../../src/ui/commands/continueDraft';
import { newLogin } from '../../../../src/ui/commands/newLogin';
import { changeCollections, moveToOrganization } from '../../../../src/ui/commands/shareItem';
import { saveSelection } from '../../../../src/ui/commands/saveSelection';
import { ItemValues } from '../../../../src/ui/values/itemValues';
import { LockedError } from '../../../../src/vault/errors';
import { misbehaviours } from '../../../server/misbehaviours';
import type { AccountOptions } from '../../../server/accounts';
import type { PlainItem } from '../../../server/items';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { scenes } from '../../../support/window';

describe('Quick ways to change items', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => {
    screen.putAway();
    Object.assign(vscode.window, { activeTextEditor: undefined });
  });

  async function begin(items: readonly PlainItem[] = [], organizations: AccountOptions['organizations'] = []) {
    const at = await scene('official', { items, organizations });
    const window = await at.unlocked();
    const session = window.session.now;
    const opened: unknown[] = [];
    const copied: string[] = [];
    const itemView = {
      open: (id: string) => Promise.resolve(opened.push(id)),
      create: (_: unknown, start: unknown) => Promise.resolve(opened.push(start)),
      edit: (_: unknown, id: string, draftId: string) => Promise.resolve(opened.push({ edit: id, draftId })),
    };
    const parts = {
      session,
      sessions: window.sessions,
      itemView,
      clipboard: { copySecret: (text: string) => Promise.resolve(copied.push(text)) },
      values: Object.setPrototypeOf(
        { prove: () => assert.fail('nothing is to be asked') },
        ItemValues.prototype,
      ) as ItemValues,
      makePassword: () => Promise.resolve('generated-9'),
    } as unknown as Parts;
    const answer = async (count: number, text: string) => {
      await until('the box', () => screen.inputs.length >= count);
      screen.inputs[count - 1]!.enter(text);
    };
    const row = (name: string) => ({ item: { id: window.itemId(name) } });
    return { at, window, parts, opened, copied, answer, row };
  }

  /** An editor in which this text is selected. */
  function select(line: string, text: string) {
    const document = {
      text,
      isClosed: false,
      uri: 'file',
      getText: () => document.text,
      lineAt: () => ({ text: line }),
    };
    const selection = { start: { line: 0, character: line.length } };
    Object.assign(vscode.window, { activeTextEditor: { document, selection } });
    return document;
  }

  it('make a login in four steps, with a password that is generated', async () => {
    const { window, parts, opened, answer } = await begin();
    const making = newLogin(parts);
    await answer(1, 'https://www.example.com/login');
    await until('the name', () => screen.inputs.length === 2);
    assert.equal(screen.inputs[1]!.shown.value, 'example.com');
    await answer(2, 'Example');
    await answer(3, 'kim');
    await answer(4, '');
    await making;
    assert.deepEqual(opened, [window.itemId('Example')]);
    assert.deepEqual(
      ['username', 'password', 'uri.0'].map((field) => window.read('Example', field)),
      ['kim', 'generated-9', 'https://www.example.com/login'],
    );
  });

  it('leave in a form what could not be saved, with the attempt by which it is known', async () => {
    const { at, window, parts, opened, answer } = await begin();
    select('', 'secret-1');
    const armed = at.server.faults.arm(/POST .*\/ciphers/, misbehaviours.drop);
    const saving = saveSelection(parts);
    await answer(1, 'Token');
    await assert.rejects(saving);
    await armed.arrived();
    const [start] = opened as { id: string; edit: unknown; attempts: string[] }[];
    const [draft] = await window.session.drafts.all();
    assert.deepEqual([draft!.id, draft!.attempts], [start!.id, start!.attempts]);
    assert.deepEqual(start!.edit, { name: 'Token', content: { password: 'secret-1' } });
    assert.equal(start!.attempts.length, 1);
  });

  it('keep a draft until it is saved, and save it also where the disk is full', async () => {
    const { at, window, parts, answer } = await begin();
    const { drafts } = window.session;
    select('', 'secret-1');
    const held = at.server.faults.arm(/POST .*\/ciphers/, misbehaviours.hold);
    let saving = saveSelection(parts);
    await answer(1, 'Token');
    await held.arrived();
    const [draft] = await drafts.all();
    assert.ok(draft?.content.kind === 'new' && draft.attempts.length === 1);
    assert.deepEqual(draft.content.item.edit, { name: 'Token', content: { password: 'secret-1' } });
    held.release();
    await saving;
    assert.deepEqual(await drafts.all(), []);
    at.files.beforeWrite = (name) => {
      if (name.includes('.draft-')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    saving = saveSelection(parts);
    await answer(2, 'Second');
    await saving;
    assert.equal(window.read('Second', 'password'), 'secret-1');
  });

  it('clone an item once, also where nobody knew for a while', async () => {
    const { at, window, parts, opened, answer, row } = await begin([{ name: 'GitHub' }]);
    at.server.faults.arm('POST /api/ciphers', misbehaviours.dropAnswer, 1);
    at.server.faults.arm('GET /api/sync', misbehaviours.drop, 3);
    const cloning = cloneItem(parts, row('GitHub'));
    await answer(1, 'Copy');
    await until('it is said', () => screen.inputs[0]!.shown.validationMessage !== undefined);
    await answer(1, 'Copy');
    await cloning;
    assert.equal(at.account.ciphers.length, 2);
    assert.deepEqual(opened, [window.itemId('Copy')]);
  });

  it('save a line that is selected as a password under the name before it, and several as notes', async () => {
    const { window, parts, answer } = await begin();
    select('API_TOKEN="', 'secret-1');
    let saving = saveSelection(parts);
    await until('the box', () => screen.inputs.length === 1);
    assert.equal(screen.inputs[0]!.shown.value, 'API_TOKEN');
    await answer(1, 'API_TOKEN');
    await saving;
    select('', 'one\ntwo');
    saving = saveSelection(parts);
    await answer(2, 'Lines');
    await saving;
    assert.equal(window.read('API_TOKEN', 'password'), 'secret-1');
    assert.equal(window.read('Lines', 'notes'), 'one\ntwo');
    assert.ok(!screen.text.includes('secret-1'));
  });

  it('remove the selection from the file if that is wanted, and the file is as it was', async () => {
    const { parts, answer } = await begin();
    const removed: unknown[] = [];
    const editor = {
      edit: (change: (edit: unknown) => void) =>
        Promise.resolve().then(() => change({ delete: (range: unknown) => removed.push(range) })),
    };
    Object.assign(vscode.window, { showTextDocument: () => Promise.resolve(editor) });
    screen.presses = 'Remove from File';
    select('', 'secret-1');
    let saving = saveSelection(parts);
    await answer(1, 'One');
    await saving;
    assert.equal(removed.length, 1);
    const document = select('', 'secret-2');
    saving = saveSelection(parts);
    await until('the box', () => screen.inputs.length === 2);
    document.text = 'something else';
    await answer(2, 'Two');
    await saving;
    assert.equal(removed.length, 1);
    assert.match(screen.messages.at(-1)!, /The file has changed\. Nothing was removed\./);
  });

  it('change a password to one that is generated and copied, and keep the former one', async () => {
    const { window, parts, copied, row } = await begin([{ name: 'GitHub', password: 'first' }]);
    await changePassword(parts, row('GitHub'));
    assert.equal(window.read('GitHub', 'password'), 'first', 'nobody has confirmed it');
    screen.presses = 'Change Password';
    await changePassword(parts, row('GitHub'));
    assert.match(screen.messages.at(-1)!, /Change the password of GitHub\?/);
    assert.equal(window.read('GitHub', 'password'), 'generated-9');
    assert.equal(window.read('GitHub', 'formerPassword.0'), 'first');
    assert.deepEqual(copied, ['generated-9']);
  });

  it('copy no password that was saved just when the vault was locked', async () => {
    const { at, window, parts, copied, row } = await begin([{ name: 'GitHub', password: 'first' }]);
    screen.presses = 'Change Password';
    const held = at.server.faults.arm(/PUT .*\/ciphers/, misbehaviours.hold);
    const changing = changePassword(parts, row('GitHub'));
    await held.arrived();
    await window.session.lock();
    held.release();
    await changing.catch((error: unknown) => assert.ok(error instanceof LockedError));
    assert.deepEqual(copied, []);
  });

  it('clone an item under another name, and say why one cannot be', async () => {
    const { window, parts, opened, answer, row } = await begin([
      { name: 'GitHub', username: 'robin', password: 'first' },
      { name: 'Gone', trashed: true },
    ]);
    const cloning = cloneItem(parts, row('GitHub'));
    await until('the box', () => screen.inputs.length === 1);
    assert.equal(screen.inputs[0]!.shown.value, 'GitHub - Clone');
    await answer(1, 'Copy');
    await cloning;
    assert.deepEqual(opened, [window.itemId('Copy')]);
    assert.deepEqual([window.read('Copy', 'username'), window.read('Copy', 'password')], ['robin', 'first']);
    await cloneItem(parts, row('Gone'));
    assert.match(screen.messages.at(-1)!, /This item is in the trash\. Restore it to change it\./);
  });

  it('go on with a draft, of a new item or of one that is there', async () => {
    const { window, parts, opened, answer, row } = await begin([{ name: 'GitHub' }]);
    await continueDraft(parts);
    assert.match(screen.messages.at(-1)!, /There is no draft/);
    const { drafts } = window.session;
    const id = row('GitHub').item.id;
    const item = { type: 'login', edit: { name: 'New one' } } as const;
    await drafts.keep({ id: crypto.randomUUID(), content: { kind: 'new', item }, attempts: ['2.x'] });
    const draftId = crypto.randomUUID();
    await drafts.keep({
      id: draftId,
      content: { kind: 'edit', itemId: id, edit: { notes: 'x' }, base: '{}' },
      attempts: [],
    });
    for (const [at, name] of ['New one', 'GitHub'].entries()) {
      const going = continueDraft(parts);
      await until('the list', () => screen.inputs.length > at);
      screen.inputs[at]!.moveTo(name);
      await answer(at + 1, '');
      await going;
    }
    const [first, second] = opened as Record<string, unknown>[];
    assert.deepEqual([first!.edit, first!.attempts], [{ name: 'New one' }, ['2.x']]);
    assert.deepEqual(second, { edit: id, draftId });
  });

  it('move an item to an organization once that is confirmed, and to other collections', async () => {
    const organizations = [{ name: 'Org', collections: ['Col', 'Other'] }];
    const { at, window, parts, answer, row } = await begin([{ name: 'GitHub', password: 'first' }], organizations);
    const item = () => window.vault.item(row('GitHub').item.id)!;
    const idOf = (name: string) => window.vault.collections.find((each) => each.name === name)!.id;
    const move = async (list: number) => {
      const moving = moveToOrganization(parts, row('GitHub'));
      await until('the organizations', () => screen.inputs.length > list);
      screen.inputs[list]!.moveTo('Org');
      await answer(list + 1, '');
      await until('the collections', () => screen.inputs.length > list + 1);
      // None is checked yet.
      screen.inputs[list + 1]!.enter('');
      screen.inputs[list + 1]!.moveTo('Col');
      screen.inputs[list + 1]!.enter('');
      await moving;
    };
    await move(0);
    assert.match(screen.messages.at(-1)!, /Move GitHub to Org\?/);
    assert.equal(item().organizationId, undefined, 'nobody has confirmed it');
    screen.presses = 'Move to Organization';
    await move(2);
    assert.deepEqual(item().collectionIds, [idOf('Col')]);
    assert.equal(window.read('GitHub', 'password'), 'first');
    const changing = changeCollections(parts, row('GitHub'));
    await until('the collections', () => screen.inputs.length > 4);
    const { selectedItems } = screen.inputs[4]!.shown as { selectedItems: { label: string }[] };
    assert.deepEqual(
      selectedItems.map(({ label }) => label),
      ['Col'],
    );
    screen.inputs[4]!.moveTo('Other');
    screen.inputs[4]!.enter('');
    await changing;
    assert.deepEqual(item().collectionIds, [idOf('Other')]);
    await moveToOrganization(parts, row('GitHub'));
    assert.match(screen.messages.at(-1)!, /belongs to an organization already/);
    assert.equal(at.account.ciphers.length, 1);
  });
});
