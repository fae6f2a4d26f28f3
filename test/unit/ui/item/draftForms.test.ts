import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { Session } from '../../../../src/account/session';
import { editForm, newForm, type NewItemStart, startOfStranded } from '../../../../src/ui/item/beginForm';
import { ItemPage, type PageParts } from '../../../../src/ui/item/itemPage';
import { pageOwner } from '../../../support/pageOwner';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { type EditorWindow, scenes } from '../../../support/window';

describe('Forms and their drafts', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  async function begin() {
    const at = await scene('official', { items: [{ name: 'A', username: 'kim', password: 'first' }] });
    const window = await at.unlocked();
    const id = window.itemId('A');
    const parts = { clock: at.clock, values: { prove: () => assert.fail('nothing is to be asked') } } as never;
    const page = { send: () => undefined, close: () => undefined };
    const sessionOf = ({ session }: EditorWindow): Session => session.now;
    const edit = async (of: EditorWindow, draftId?: string) =>
      (await editForm(parts, sessionOf(of), id, draftId))!(page).target;
    const create = async (of: EditorWindow, start: NewItemStart) =>
      (await newForm(parts, sessionOf(of), start))?.(page).target;
    const notes = async () =>
      (await window.session.drafts.all()).map(({ content }) =>
        content.kind === 'new' ? content.item.edit.notes : content.edit.notes,
      );
    return { at, window, id, edit, create, notes };
  }

  it('have each a copy of its own, which no other form takes away', async () => {
    const { at, window, edit, notes } = await begin();
    const other = await at.open();
    await other.unlock();
    const first = await edit(window);
    await first.keep({ notes: 'typed' }, undefined);
    const second = await edit(other);
    await first.discard();
    assert.deepEqual(await notes(), ['typed']);
    await first.keep({ notes: 'typed more' }, undefined);
    await second.discard();
    assert.deepEqual(await notes(), ['typed more']);
  });

  it('of one draft of a new item are not two', async () => {
    const { at, window, create, notes } = await begin();
    const other = await at.open();
    await other.unlock();
    const id = crypto.randomUUID();
    const item = { type: 'login', edit: { name: 'New', notes: 'n' } } as const;
    await window.session.drafts.keep({ id, content: { kind: 'new', item }, attempts: ['2.x'] });
    const forms = await Promise.all([window, other].map((each) => create(each, { ...item, id, attempts: ['2.x'] })));
    assert.equal(forms.filter((form) => form !== undefined).length, 1);
    assert.match(screen.messages.at(-1)!, /This draft is gone/);
    assert.deepEqual(await notes(), ['n']);
  });

  it('go on with the draft that was chosen', async () => {
    const { at, window, edit, notes } = await begin();
    const one = await edit(window);
    await one.keep({ notes: 'one' }, undefined);
    const [{ id }] = (await window.session.drafts.all()) as unknown as [{ id: string }];
    at.clock.advance(1_000);
    const base = Buffer.from(window.vault.element(window.itemId('A'))!).toString();
    const content = { kind: 'edit', itemId: window.itemId('A'), edit: { notes: 'two' }, base } as const;
    await window.session.drafts.keep({ id: crypto.randomUUID(), content, attempts: [] });
    const chosen = await edit(window, id);
    await chosen.discard();
    assert.deepEqual(await notes(), ['two']);
  });

  for (const [what, lose] of [
    ['deleted', (ciphers: { deletedDate: unknown }[]) => ciphers.splice(0)],
    ['moved to the trash', (ciphers: { deletedDate: unknown }[]) => (ciphers[0]!.deletedDate = '2026-01-02T03:04:05Z')],
  ] as const) {
    it(`of an item that was ${what} elsewhere become those of a new one, with all that was typed`, async () => {
      const { at, window, id, edit, create, notes } = await begin();
      const target = await edit(window);
      await target.keep({ notes: 'typed' }, undefined);
      assert.equal(await startOfStranded(window.session.now, id), undefined);
      lose(at.account.ciphers);
      at.server.touch();
      await window.session.sync({ force: true });
      const start = await startOfStranded(window.session.now, id);
      const made = (await create(window, start!))!;
      const [draft] = await window.session.drafts.all();
      assert.ok(draft?.content.kind === 'new');
      const { edit: typed } = draft.content.item;
      assert.deepEqual([typed.notes, typed.content], ['typed', { username: 'kim', password: 'first' }]);
      await made.discard();
      assert.deepEqual(await notes(), []);
    });
  }

  it('are discarded one by one on the page of the item, and not after a lock', async () => {
    const { at, window, id } = await begin();
    const base = Buffer.from(window.vault.element(id)!).toString();
    for (const notes of ['one', 'two']) {
      at.clock.advance(1_000);
      const content = { kind: 'edit', itemId: id, edit: { notes }, base } as const;
      await window.session.drafts.keep({ id: crypto.randomUUID(), content, attempts: [] });
    }
    let receive: (message: unknown) => void = () => undefined;
    const sent: { kind: string; card?: { draft?: unknown } }[] = [];
    const webview = {
      onDidReceiveMessage: (listener: typeof receive) => ((receive = listener), { dispose: () => undefined }),
      postMessage: (message: never) => Promise.resolve(sent.push(message)),
      asWebviewUri: (uri: unknown) => uri,
    } as unknown as vscode.Webview;
    const parts = { session: window.session, clipboard: { cover: () => undefined }, clock: at.clock, folder: {} };
    const page = new ItemPage(webview, parts as unknown as PageParts, pageOwner);
    receive({ kind: 'ready' });
    page.show(id);
    const isShown = () => sent.findLast(({ kind }) => kind === 'item')?.card?.draft !== undefined;
    await until('the draft is told', isShown);
    await page.discardDraft();
    const left = await window.session.drafts.all();
    assert.deepEqual(
      left.map(({ content }) => content.kind === 'edit' && content.edit.notes),
      ['one'],
    );
    assert.ok(isShown());
    await window.session.lock();
    await page.discardDraft();
    await window.unlock();
    assert.equal((await window.session.drafts.all()).length, 1);
    page.dispose();
  });
});
