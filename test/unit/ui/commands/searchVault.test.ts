import assert from 'node:assert/strict';
import type { Parts } from '../../../../src/ui/commands/command';
import { searchVault } from '../../../../src/ui/commands/searchVault';
import { OpenKeys } from '../../../../src/ui/openKeys';
import { FROM_TERMINAL, type SearchKey, searchKeys } from '../../../../src/ui/search/searchKeys';
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

  it('copies the same wherever it was opened', async () => {
    for (const argument of [FROM_TERMINAL, undefined, { item: { id: 1 } }]) {
      assert.deepEqual(await press('Username', argument), ['copy content.username']);
    }
  });
});
