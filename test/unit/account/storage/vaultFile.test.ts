import assert from 'node:assert/strict';
import { VaultCache } from '../../../../src/account/storage/cache';
import {
  type CachedVault,
  formatHeader,
  formatLine,
  type VaultHeader,
} from '../../../../src/account/storage/vaultLines';
import { VaultUpdate } from '../../../../src/account/storage/vaultUpdate';
import { readSyncAnswer } from '../../../../src/bitwarden/wire/syncAnswer';
import { ManualClock } from '../../../support/manualClock';
import { MemoryFileStore } from '../../../support/memoryFileStore';
import { Steps } from '../../../support/steps';

const accountId = '2f1c0b7e-8a3d-4f6b-9c55-3d2e1f0a9b8c';
const name = `${accountId}.vault`;
const unlock = {
  kdf: { type: 'pbkdf2', iterations: 600_000 } as const,
  salt: 'a@b.c',
  masterKeyEncryptedUserKey: '2.a|b|c',
};

type Answer = Readonly<Record<string, unknown>>;
const item = (id: string, value = id) => ({ id, type: 2, name: `2.${value}`, unknown: { kept: [value] } });
const items = (...ids: string[]) => ids.map((id) => item(id));
const profile = { id: 'u1', email: 'a@b.c' };

describe('The file of a vault', () => {
  let store: MemoryFileStore;
  let cache: VaultCache;
  let steps: Steps;
  let revision: number;

  beforeEach(() => {
    store = new MemoryFileStore(new ManualClock());
    steps = new Steps();
    cache = new VaultCache(store.view(steps));
    revision = 0;
  });

  function header(): VaultHeader {
    revision++;
    return { id: `v${revision}`, revision, securityStamp: 'stamp', unlock };
  }

  async function begin(answer: Answer | string, base?: CachedVault): Promise<VaultUpdate> {
    const update = new VaultUpdate(store.view(steps), accountId, base, 'host');
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    for await (const piece of readSyncAnswer([Buffer.from(text)], 'host')) await update.take(piece);
    await update.end();
    return update;
  }

  /** What a sync does that nothing comes in the way of. */
  async function update(answer: Answer | string) {
    return (await begin(answer, await cache.read(accountId))).commit(header());
  }

  async function read(): Promise<{ id: string; isWhole: boolean; elements: Readonly<Record<string, unknown>> }> {
    const cached = await cache.read(accountId);
    assert.ok(cached, 'nothing is cached');
    assert.equal((await cache.header(accountId))?.id, cached.header.id);
    const elements = Array.from(
      cached.elements,
      ([key, json]) => [key, JSON.parse(Buffer.from(json).toString()) as unknown] as const,
    );
    return { id: cached.header.id, isWhole: cached.isWhole, elements: Object.fromEntries(elements) };
  }

  const content = () => Buffer.from(store.files.get(name)?.content ?? []);
  const setContent = (bytes: Uint8Array) => store.files.set(name, { content: bytes, modifiedAt: 0 });
  const keys = async () => Object.keys((await read()).elements);

  it('holds every piece of the answer as the server sent it, what we do not know of it, too', async () => {
    const answer = {
      object: 'sync',
      profile,
      ciphers: items('a', 'b'),
      folders: [],
      sends: [{ id: 's1', text: 'x' }, { noId: 1 }, 7],
      future: { of: ['something'] },
    };
    await update(answer);
    assert.deepEqual(await read(), {
      id: 'v1',
      isWhole: true,
      elements: {
        object: 'sync',
        profile,
        'ciphers/a': item('a'),
        'ciphers/b': item('b'),
        folders: [],
        'sends/s1': { id: 's1', text: 'x' },
        'sends/#1': { noId: 1 },
        'sends/#2': 7,
        future: { of: ['something'] },
      },
    });
    assert.deepEqual(await cache.header(accountId), {
      base: undefined,
      id: 'v1',
      revision: 1,
      securityStamp: 'stamp',
      unlock,
    });
  });

  it('reads JSON that is broken into lines', async () => {
    const answer = { profile, ciphers: items('a', 'b') };
    await update(JSON.stringify(answer, undefined, 2));
    assert.deepEqual((await read()).elements, { profile, 'ciphers/a': item('a'), 'ciphers/b': item('b') });
    const before = content();
    const outcome = await update(JSON.stringify({ profile, ciphers: [item('a'), item('b', 'new')] }, undefined, 2));
    assert.deepEqual(
      outcome?.map(({ key }) => key),
      ['ciphers/b'],
    );
    assert.ok(content().subarray(0, before.length).equals(before));
  });

  it('takes no member of an answer for a header of its own', async () => {
    const forged = { id: 'forged', revision: 9, unlock: { ...unlock, kdf: { type: 'pbkdf2', iterations: 1 } } };
    await update({ profile, '@': forged, ciphers: items('a') });
    assert.deepEqual(await read(), { id: 'v1', isWhole: true, elements: { profile, 'ciphers/a': item('a') } });
    assert.deepEqual((await cache.read(accountId))?.header.unlock, unlock);
  });

  it('of two elements of one id holds the first', async () => {
    await update({ profile, ciphers: [item('a', 'first'), item('a', 'second')] });
    assert.deepEqual((await read()).elements['ciphers/a'], item('a', 'first'));
    const outcome = await update({ profile, ciphers: [item('a', 'first'), item('a', 'second')] });
    assert.deepEqual(outcome, []);
  });

  describe('after a change', () => {
    const many = Array.from({ length: 1000 }, (_, at) => item(`i${at}`));

    for (const [what, next, changed] of [
      ['of an item', { profile, ciphers: many.with(500, item('i500', 'new')) }, ['ciphers/i500']],
      ['that adds an item', { profile, ciphers: many.toSpliced(500, 0, item('new')) }, ['ciphers/new']],
      ['that takes one away', { profile, ciphers: many.toSpliced(500, 1) }, ['ciphers/i500']],
      ['of the profile', { profile: { ...profile, name: 'x' }, ciphers: many }, ['profile']],
      ['of the order', { profile, ciphers: many.toReversed() }, []],
      ['of a member', { profile, ciphers: many, future: 1 }, ['future']],
    ] as const) {
      it(`${what} has little added to it`, async () => {
        await update({ profile, ciphers: many });
        const before = content();
        const outcome = await update(next);
        assert.deepEqual(
          outcome?.map(({ key }) => key),
          changed,
        );
        assert.ok(content().subarray(0, before.length).equals(before), 'it was written anew');
        assert.ok(content().length - before.length < 1000);
        const { elements, isWhole } = await read();
        assert.equal(isWhole, true);
        const members = Object.entries(next).filter(([key]) => key !== 'ciphers');
        const listed = next.ciphers.map((each) => [`ciphers/${each.id}`, each] as const);
        assert.deepEqual(elements, Object.fromEntries([...members, ...listed]));
      });
    }

    it('is written anew before it is mostly outdated', async () => {
      const big = (value: string) => ({ ...item('big'), notes: `2.${value.repeat(300_000)}` });
      await update({ profile, ciphers: [big('a')] });
      const sizes = new Set<number>();
      for (const value of 'bcdefghijkl') {
        await update({ profile, ciphers: [big(value)] });
        sizes.add(content().length);
        assert.deepEqual((await read()).elements['ciphers/big'], big(value));
      }
      assert.ok(Math.max(...sizes) < 2_000_000, `${Math.max(...sizes)} bytes`);
    });

    it('that takes most of it away is written anew', async () => {
      await update({ profile, ciphers: many.map((each) => ({ ...each, notes: 'n'.repeat(2_000) })) });
      await update({ profile, ciphers: items('i0') });
      assert.deepEqual((await read()).elements, { profile, 'ciphers/i0': item('i0') });
      assert.ok(content().length < 2_000, `${content().length} bytes`);
    });

    it('of very much is written anew, and holds all of it', async () => {
      const large = (value: string) => many.slice(0, 700).map((each) => ({ ...each, notes: value.repeat(10_000) }));
      await update({ profile, ciphers: [item('first'), ...large('a')] });
      const before = content();
      assert.equal(await update({ profile, ciphers: [item('first'), ...large('b'), item('last')] }), undefined);
      assert.ok(!content().subarray(0, 1000).equals(before.subarray(0, 1000)) || content().length < 2 * before.length);
      const { elements, isWhole } = await read();
      assert.equal(isWhole, true);
      assert.deepEqual(elements['ciphers/first'], item('first'));
      assert.deepEqual(elements['ciphers/last'], item('last'));
      assert.deepEqual(elements['ciphers/i699'], large('b')[699]);
      assert.equal(Object.keys(elements).length, 703);
    });
  });

  describe('that is spoiled', () => {
    const first = { profile, ciphers: items('a', 'b', 'c') };
    const second = { profile, ciphers: [item('a', 'new'), item('b'), item('d')] };

    it('loses no more than the latest change where its end is cut off anywhere', async () => {
      await update(first);
      const before = content();
      await update(second);
      const whole = content();
      for (let length = before.length + 1; length < whole.length; length++) {
        setContent(whole.subarray(0, length));
        const { id, isWhole, elements } = await read();
        assert.deepEqual([id, isWhole], ['v1', false], `cut to ${length} bytes`);
        assert.deepEqual(elements, { profile, 'ciphers/a': item('a'), 'ciphers/b': item('b'), 'ciphers/c': item('c') });
      }
    });

    it('loses no more than one line, whichever byte is flipped, and says so', async () => {
      await update(first);
      await update(second);
      const whole = content();
      const intact = (await read()).elements;
      for (let at = 0; at < whole.length; at++) {
        const spoiled = Buffer.from(whole);
        spoiled[at] = (spoiled[at] ?? 0) ^ 0x01;
        setContent(spoiled);
        const { isWhole, elements } = await read();
        assert.equal(isWhole, false, `byte ${at}`);
        const differing = [...new Set([...Object.keys(intact), ...Object.keys(elements)])].filter(
          (key) => JSON.stringify(intact[key]) !== JSON.stringify(elements[key]),
        );
        // A spoiled line break takes two lines along, a spoiled header the change before it.
        assert.ok(differing.length <= 3, `byte ${at}: ${differing.join()}`);
      }
    });

    it('is brought back by the next sync', async () => {
      await update(first);
      const whole = content();
      const at = whole.indexOf('ciphers/b');
      whole[at] = 0x58;
      setContent(whole);
      assert.ok(!(await keys()).includes('ciphers/b'));
      assert.equal(await update(first), undefined, 'all may have changed');
      assert.deepEqual(await keys(), ['profile', 'ciphers/a', 'ciphers/b', 'ciphers/c']);
      assert.equal((await read()).isWhole, true);
    });

    it('takes nothing from a window that stood still while it was written anew', async () => {
      await update(first);
      const late = await begin(second, await cache.read(accountId));
      await (await begin({ profile, ciphers: items('x') })).commit(header());
      await late.commit(header());
      const { isWhole, elements } = await read();
      assert.equal(isWhole, false);
      assert.deepEqual(elements, { profile, 'ciphers/x': item('x') });
      await update(second);
      assert.deepEqual(await keys(), ['profile', 'ciphers/a', 'ciphers/b', 'ciphers/d']);
      assert.equal((await read()).isWhole, true);
    });

    it('by somebody who put one item in the place of another is mended by the next sync', async () => {
      const answer = { profile, ciphers: items('b', 'a') };
      const json = (value: object) => Buffer.from(JSON.stringify(value));
      const lines = [
        formatLine({ key: 'profile', json: json(profile) }),
        formatLine({ key: 'ciphers/a', json: json(item('b')) }),
        formatHeader({ ...header(), base: undefined }),
      ];
      setContent(Buffer.concat(lines));
      await update(answer);
      assert.deepEqual((await read()).elements, { profile, 'ciphers/a': item('a'), 'ciphers/b': item('b') });
    });

    it('is written anew by a window that has read it before a write of another one was cut off', async () => {
      await update(first);
      const shown = await cache.read(accountId);
      const before = content();
      await update(second);
      const whole = content();
      for (const length of [whole.indexOf('\n', before.length) + 1, before.length + 5]) {
        setContent(whole.subarray(0, length));
        await (await begin({ profile, ciphers: [item('a'), item('b', 'new')] }, shown)).commit(header());
        const { isWhole, elements } = await read();
        assert.equal(isWhole, true, `cut to ${length} bytes`);
        assert.deepEqual(elements, { profile, 'ciphers/a': item('a'), 'ciphers/b': item('b', 'new') });
      }
    });

    for (const [what, bytes] of [
      ['is empty', ''],
      ['is something else', 'something else\n'],
      ['has no header', '00000000 profile {}\n'],
      ['is half of one of version 0.1', '{"id":"v0","revision":1}\n{"profile":'],
    ] as const) {
      it(`counts as absent where it ${what}`, async () => {
        setContent(Buffer.from(bytes));
        assert.equal(await cache.read(accountId), undefined);
        assert.equal(await cache.header(accountId), undefined);
      });
    }
  });

  it('counts as absent where somebody has made it larger than any of ours', async () => {
    await update({ profile, ciphers: items('a') });
    const view = store.view(steps);
    const readEnd = async (file: string, length: number) => {
      const end = await view.readEnd(file, length);
      return end && { ...end, size: 3 * 1024 ** 3 };
    };
    const huge = new VaultCache({ ...view, readEnd });
    assert.equal(await huge.header(accountId), undefined);
    assert.equal(await huge.read(accountId), undefined);
  });

  it('is left as it was where the disk is full', async () => {
    await update({ profile, ciphers: items('a') });
    const before = content();
    store.beforeWrite = () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    await assert.rejects(update({ profile, ciphers: items('a', 'b') }), {
      name: 'VaultNotStoredError',
      code: 'ENOSPC',
    });
    assert.ok(content().equals(before));
  });

  it('of version 0.1 opens, and is written anew by the next sync', async () => {
    const answer = { profile, ciphers: items('a', 'b', 'a') };
    const former = { id: 'v0', servers: {}, revision: 5, securityStamp: 'stamp', unlock };
    setContent(Buffer.from(`${JSON.stringify(former)}\n\uFEFF${JSON.stringify(answer)}`));
    assert.deepEqual(await read(), {
      id: 'v0',
      isWhole: false,
      elements: { profile, 'ciphers/a': item('a'), 'ciphers/b': item('b') },
    });
    assert.deepEqual((await cache.header(accountId))?.unlock, unlock);
    assert.equal(await update(answer), undefined);
    assert.equal((await read()).isWhole, true);
  });

  it('does not change before the end of the answer, and not at all where it is given up', async () => {
    await update({ profile, ciphers: items('a') });
    const before = content();
    const update2 = await begin({ profile, ciphers: items('b') }, await cache.read(accountId));
    await update2.abandon();
    assert.ok(content().equals(before));
    assert.deepEqual([...store.files.keys()], [name]);
  });
});
