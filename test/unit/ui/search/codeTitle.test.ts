import assert from 'node:assert/strict';
import { followPresentationMode, present } from '../../../../src/ui/presentation';
import { CodeTitle } from '../../../../src/ui/search/codeTitle';
import { totpAt } from '../../../editor/workbench/totpAt';
import type { AccountOptions } from '../../../server/accounts';
import type { PlainItem } from '../../../server/items';
import { scenes } from '../../../support/window';
import { until } from '../../../support/until';

const totp = 'JBSWY3DPEHPK3PXP';
const halves = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`;
const shared = { organization: 'o', collections: ['c'] };
const titles = { plain: 'Keys', ofCode: 'Code' };

describe('The one-time code in the title of a list', () => {
  const scene = scenes();

  async function open(items: readonly PlainItem[], organizations: AccountOptions['organizations'] = []) {
    const at = await scene('official', { items, organizations });
    const { session, vault } = await at.unlocked();
    at.clock.advance(30_000 - (at.clock.now() % 30_000));
    const list: { title: string | undefined; step: unknown } = { title: undefined, step: undefined };
    const title = new CodeTitle(list, titles, at.clock);
    const wait = (code: string) =>
      until(`the code "${code}"`, () => list.step === code && list.title === titles.ofCode);
    const isPlain = () => assert.deepEqual(list, { title: titles.plain, step: undefined });
    const rows = vault.items.map((item) => ({ item, session }));
    const now = () => halves(totpAt(totp, at.clock.now()));
    const settled = () => new Promise(setImmediate);
    return { at, rows, title, wait, isPlain, now, settled };
  }

  it('counts its seconds, names the next one in the last five, and goes on with that', async () => {
    const { at, rows, title, wait, now, settled } = await open([{ name: 'GitHub', totp }]);
    const [code, next] = [now(), halves(totpAt(totp, at.clock.now() + 30_000))];
    title.follow(rows[0]);
    await wait(`${code} · 30 s`);
    at.clock.advance(1_000);
    await wait(`${code} · 29 s`);
    for (let second = 0; second < 25; second++) {
      at.clock.advance(1_000);
      await settled();
    }
    await wait(`${code} · 4 s · next ${next}`);
    for (let second = 0; second < 4; second++) {
      at.clock.advance(1_000);
      await settled();
    }
    await wait(`${next} · 30 s`);
    title.dispose();
  });

  it('is none of an item that asks for the master password, nor once the list is closed', async () => {
    const { at, rows, title, wait, isPlain, now, settled } = await open([
      { name: 'a', totp },
      { name: 'b', totp, reprompt: true },
    ]);
    isPlain();
    title.follow(rows[0]);
    await wait(`${now()} · 30 s`);
    title.follow(rows[1]);
    await settled();
    isPlain();
    title.follow(rows[0]);
    title.dispose();
    await settled();
    at.clock.advance(60_000);
    isPlain();
  });

  it('is none of an item that the organization hides', async () => {
    const { rows, title, isPlain, settled } = await open(
      [{ name: 'a', totp, viewPassword: false, ...shared }],
      [{ name: 'o', collections: ['c'] }],
    );
    title.follow(rows[0]);
    await settled();
    isPlain();
  });

  it('is not shown in presentation mode', async () => {
    const { at, rows, title, wait, isPlain, now, settled } = await open([{ name: 'a', totp }]);
    const following = followPresentationMode();
    await present(true);
    title.follow(rows[0]);
    await settled();
    isPlain();
    await present(false);
    following.dispose();
    at.clock.advance(1_000);
    await wait(`${now()} · 29 s`);
    title.dispose();
  });

  it('is that of the account whose row is active, though both have that item', async () => {
    const { at, rows, title, wait, now } = await open([{ name: 'a', totp }]);
    const other = 'KRSXG5CTMVRXEZLU';
    const another = await (await scene('official', { items: [{ name: 'a', totp: other }] })).unlocked();
    title.follow(rows[0]);
    await wait(`${now()} · 30 s`);
    const twin = { ...another.vault.items[0]!, id: rows[0]!.item.id };
    const read = () => another.vault.read(another.vault.items[0]!.id, { kind: 'content', name: 'totp' });
    title.follow({ item: twin, session: { state: { kind: 'unlocked', vault: { read } } } as never });
    await wait(`${halves(totpAt(other, at.clock.now()))} · 30 s`);
    title.dispose();
  });
});
