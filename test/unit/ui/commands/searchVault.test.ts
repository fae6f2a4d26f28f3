import assert from 'node:assert/strict';
import type { Parts } from '../../../../src/ui/commands/command';
import { searchVault } from '../../../../src/ui/commands/searchVault';
import { OpenKeys } from '../../../../src/ui/openKeys';
import {
  copyKeysLine,
  FROM_TERMINAL,
  keysLine,
  type SearchKey,
  searchKeys,
} from '../../../../src/ui/search/searchKeys';
import type { ChosenField } from '../../../../src/ui/values/itemValues';
import { refKey } from '../../../../src/vault/fields';
import { Screen } from '../../../support/screen';
import { until } from '../../../support/until';
import { scenes } from '../../../support/window';

describe('A search', () => {
  const scene = scenes();
  let screen: Screen;
  beforeEach(() => (screen = new Screen()));
  afterEach(() => screen.putAway());

  /** What was done with which value of the first item, after the key with that word. */
  async function press(word: string, argument: unknown): Promise<string[]> {
    const items = [{ name: 'GitHub', username: 'robin', password: 'x' }];
    const { sessions, session } = await (await scene('official', { items })).unlocked();
    const openSearch = new OpenKeys<SearchKey>();
    const done: string[] = [];
    const act = (does: string, { field }: ChosenField) => Promise.resolve(done.push(`${does} ${refKey(field.ref)}`));
    const parts = { sessions, session, openSearch, followUp: { next: () => undefined }, values: { act } };
    const searching = searchVault(parts as unknown as Parts, argument);
    await until('rows', () => screen.inputs.at(-1)?.shown.items !== undefined);
    openSearch.press(searchKeys.find((key) => key.word() === word)!);
    await searching;
    return done;
  }

  it('that was opened from a terminal inserts there, and not into the editor that was used last', async () => {
    assert.deepEqual(await press('Insert', FROM_TERMINAL), ['terminal content.password']);
    assert.deepEqual(await press('Insert', undefined), ['insert content.password']);
  });

  it('shows the code of the active row beside its keys, reads no other, and takes it off at a lock', async () => {
    const items = [
      { name: 'GitHub', password: 'x', totp: 'JBSWY3DPEHPK3PXP' },
      { name: 'GitLab', totp: 'KRSXG5CTMVRXEZLU' },
      { name: 'Mail', password: 'x' },
    ];
    const { sessions, session, vault } = await (await scene('official', { items })).unlocked();
    let reads = 0;
    const read = vault.read.bind(vault);
    Object.assign(vault, { read: (...args: Parameters<typeof read>) => (reads++, read(...args)) });
    const parts = { sessions, session, openSearch: new OpenKeys<SearchKey>(), followUp: { next: () => undefined } };
    const searching = searchVault(parts as unknown as Parts);
    await until('rows', () => screen.inputs.at(-1)?.shown.items !== undefined);
    const list = screen.inputs.at(-1)!;
    const { shown } = list;
    assert.deepEqual([shown.title, shown.step, reads], [keysLine(process.platform), undefined, 0]);
    const showsCode = () => until('the code', () => /^\d{3} \d{3} · \d+ s/.test(String(shown.step)));
    list.moveTo('GitHub');
    await showsCode();
    assert.deepEqual([shown.title, reads], [copyKeysLine(process.platform), 1]);
    const { items: rows } = shown;
    list.moveTo('Mail');
    assert.deepEqual([shown.title, shown.step, reads], [keysLine(process.platform), undefined, 1]);
    list.moveTo('GitHub');
    await showsCode();
    assert.deepEqual([shown.items === rows, reads], [true, 2]);
    await session.lock();
    assert.equal(shown.step, undefined);
    await searching;
  });

  it('copies the same wherever it was opened', async () => {
    for (const argument of [FROM_TERMINAL, undefined, { item: { id: 1 } }]) {
      assert.deepEqual(await press('Username', argument), ['copy content.username']);
    }
  });
});
