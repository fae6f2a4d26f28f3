import assert from 'node:assert/strict';
import { CodeTitle } from '../../../../src/ui/search/codeTitle';
import type { PlainItem } from '../../../server/items';
import { totpAt } from '../../../editor/workbench/totpAt';
import { scenes } from '../../../support/window';
import { until } from '../../../support/until';

const totp = 'JBSWY3DPEHPK3PXP';
const halves = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`;

describe('The title of a list of codes', () => {
  const scene = scenes();

  async function open(items: readonly PlainItem[]) {
    const at = await scene('official', { items });
    const { session, vault } = await at.unlocked();
    at.clock.advance(30_000 - (at.clock.now() % 30_000));
    const list: { title: string | undefined } = { title: undefined };
    const title = new CodeTitle(list, session, at.clock);
    const wait = (wanted: string) => until(`the title "${wanted}"`, () => list.title === wanted);
    return { clock: at.clock, session, items: vault.items, list, title, wait };
  }

  it('counts the seconds of the code, names the next one in the last five, and goes on with that', async () => {
    const { clock, items, title, wait } = await open([{ name: 'GitHub $(bug)', totp }]);
    const [now, next] = [0, 30_000].map((ahead) => halves(totpAt(totp, clock.now() + ahead)));
    title.follow(items[0]);
    await wait(`GitHub \\$(bug): ${now} · 30 s`);
    clock.advance(1_000);
    await wait(`GitHub \\$(bug): ${now} · 29 s`);
    for (let second = 0; second < 25; second++) {
      clock.advance(1_000);
      await new Promise(setImmediate);
    }
    await wait(`GitHub \\$(bug): ${now} · 4 s · next ${next}`);
    for (let second = 0; second < 4; second++) {
      clock.advance(1_000);
      await new Promise(setImmediate);
    }
    await wait(`GitHub \\$(bug): ${next} · 30 s`);
    title.dispose();
  });

  it('says nothing of an item that asks for the master password, nor once the list is closed', async () => {
    const { clock, items, list, title, wait } = await open([
      { name: 'a', totp },
      { name: 'b', totp, reprompt: true },
    ]);
    title.follow(items[0]);
    await wait(`a: ${halves(totpAt(totp, clock.now()))} · 30 s`);
    title.follow(items[1]);
    await new Promise(setImmediate);
    assert.equal(list.title, undefined);
    title.follow(items[0]);
    title.dispose();
    await new Promise(setImmediate);
    clock.advance(60_000);
    assert.equal(list.title, undefined);
  });
});
