import assert from 'node:assert/strict';
import { secretFromText } from '../../../src/base/secretBytes';
import { changeMasterPassword } from '../../server/masterPassword';
import { until } from '../../support/until';
import { type EditorWindow, type Scene, scenes } from '../../support/window';

const PIN = '4711-né';
const removed = (reason: string) => ({ name: 'PinRemovedError', reason });
const wrong = (triesLeft: number) => ({ name: 'WrongPinError', triesLeft });
const forbidden = { name: 'PinForbiddenError' };
const locked = { name: 'LockedError' };
const noPins = { type: 14 };

describe('a PIN', () => {
  const scene = scenes();
  const items = [
    { name: 'Example', password: 'not-a-real-password' },
    { name: 'Guarded', password: 'another one', reprompt: true },
  ];
  const organizations = [{ name: 'Org', collections: ['Col'] }];

  async function setPin(window: EditorWindow, password: string, pin = PIN): Promise<void> {
    const proof = await window.session.proveMasterPassword(secretFromText(password));
    await window.session.setPin(secretFromText(pin), proof);
  }

  async function withPin(): Promise<{ at: Scene; window: EditorWindow }> {
    const at = await scene('official', { items });
    const window = await at.unlocked();
    await setPin(window, at.account.password);
    return { at, window };
  }

  const tryPin = (window: EditorWindow, pin = PIN) => window.session.unlockWithPin(secretFromText(pin));

  for (const [what, options] of Object.entries({
    'an account': {},
    'an account of V2 encryption': { v2: { userKey: 'xAes256Gcm', signature: 'mlDsa44' } as const },
  })) {
    it(`opens the vault of ${what}, offline, in this window and in others`, async () => {
      const at = await scene('official', { items, organizations, ...options });
      const window = await at.unlocked();
      await setPin(window, at.account.password);
      const other = await at.open();
      await window.session.lock();
      const requests = at.signIns;
      for (const each of [window, other]) {
        assert.equal(await each.session.hasPin(), true);
        const pin = secretFromText(PIN);
        await each.session.unlockWithPin(pin);
        assert.ok(
          pin.every((byte) => byte === 0),
          'the PIN is wiped',
        );
        assert.equal(each.read('Example', 'password'), 'not-a-real-password');
        assert.throws(() => each.read('Guarded', 'password'), { name: 'RepromptRequiredError' });
        await each.caughtUp();
      }
      assert.equal(at.signIns, requests);
      assert.equal(window.vault.organizations.length, 1);
    });
  }

  it('is stored nowhere, and what it opens not in the clear', async () => {
    const { at } = await withPin();
    const stored = [...at.secrets.entries.values(), ...at.fileTexts].join('\n');
    assert.ok(!stored.includes(PIN));
    assert.ok(!stored.includes(at.account.plainUserKey.replace(/=+$/, '')));
  });

  it('is removed after five wrong tries in a row, in whichever windows', async () => {
    const { at, window } = await withPin();
    await window.session.lock();
    const other = await at.open();
    for (const [each, left] of [
      [window, 4],
      [other, 3],
      [window, 2],
      [other, 1],
    ] as const) {
      await assert.rejects(tryPin(each, 'wrong'), wrong(left));
      each.is('locked');
    }
    await assert.rejects(tryPin(window, 'wrong'), removed('wrong'));
    assert.equal(await window.session.hasPin(), false);
    assert.equal(await other.session.hasPin(), false);
    await assert.rejects(tryPin(other), removed('gone'));
    assert.ok(![...at.secrets.entries.keys()].some((key) => key.startsWith('pin.')));
    await window.unlock();
  });

  it('has all five tries again once it was right', async () => {
    const { window } = await withPin();
    await window.session.lock();
    for (const left of [4, 3, 2, 1]) await assert.rejects(tryPin(window, 'wrong'), wrong(left));
    await tryPin(window);
    await window.session.lock();
    await assert.rejects(tryPin(window, 'wrong'), wrong(4));
  });

  it('counts a try before it is made, so that a window that dies saves none', async () => {
    const { at, window } = await withPin();
    for (let opened = 0; opened < 5; opened++) {
      const next = await at.open();
      const giveUp = new AbortController();
      const trying = next.session.unlockWithPin(secretFromText('wrong'), giveUp.signal);
      await new Promise((resolve) => setImmediate(resolve));
      giveUp.abort();
      await assert.rejects(trying);
    }
    await window.session.lock();
    await assert.rejects(tryPin(window), removed('wrong'));
  });

  it('can be set only with the master password of just now, and while the vault is open', async () => {
    const at = await scene('official', { items });
    const window = await at.unlocked();
    const proof = await window.session.proveMasterPassword(at.password());
    await window.session.lock();
    await assert.rejects(window.session.setPin(secretFromText(PIN), proof), locked);
    await window.unlock();
    await assert.rejects(window.session.setPin(secretFromText(PIN), proof), locked);
    assert.equal(await window.session.hasPin(), false);
  });

  it('takes the place of the one before', async () => {
    const { at, window } = await withPin();
    await setPin(window, at.account.password, 'another');
    await window.session.lock();
    await assert.rejects(tryPin(window), wrong(4));
    await tryPin(window, 'another');
  });

  it('holds no more once the master password has changed', async () => {
    const { at, window } = await withPin();
    at.server.clock.advance(1);
    await changeMasterPassword(at.account, { password: 'another password' });
    at.account.revisionDate = at.server.clock.iso();
    await assert.rejects(window.session.sync(), { name: 'SessionDroppedError' });
    await window.reaches('locked');
    await assert.rejects(tryPin(window), { name: 'SessionDroppedError' });
    await window.session.signInAgain();
    await window.caughtUp();
    await assert.rejects(tryPin(window), removed('masterPasswordChanged'));
    assert.equal(await window.session.hasPin(), false);
    await window.unlock('another password');
  });

  it('is removed once the vault is open with another master password, or a sync brings a policy against it', async () => {
    const at = await scene('official', {
      items,
      organizations: [{ name: 'Org', policies: [{ ...noPins, enabled: false }] }],
    });
    const window = await at.unlocked();
    await setPin(window, at.account.password);
    at.server.clock.advance(1);
    await changeMasterPassword(at.account, { password: 'another password' });
    at.account.revisionDate = at.server.clock.iso();
    await assert.rejects(window.session.sync(), { name: 'SessionDroppedError' });
    await window.session.signInAgain();
    await window.unlock('another password');
    await until('the PIN is gone', async () => !(await window.session.hasPin()));
    await setPin(window, 'another password');
    assert.equal(await window.session.hasPin(), true);
    (at.account.policies[0] as { enabled: boolean }).enabled = true;
    await window.session.sync({ force: true });
    assert.equal(await window.session.hasPin(), false);
  });

  it('cannot be set where a policy forbids it', async () => {
    const at = await scene('official', { items, organizations: [{ name: 'Org', policies: [noPins] }] });
    const window = await at.unlocked();
    await assert.rejects(setPin(window, at.account.password), forbidden);
    assert.equal(await window.session.hasPin(), false);
  });

  it('opens nothing, and is removed, where a policy has come to forbid it', async () => {
    const at = await scene('official', {
      items,
      organizations: [{ name: 'Org', policies: [{ ...noPins, enabled: false }] }],
    });
    const window = await at.unlocked();
    await setPin(window, at.account.password);
    await window.session.lock();
    (at.account.policies[0] as { enabled: boolean }).enabled = true;
    await window.session.sync({ force: true });
    await assert.rejects(tryPin(window), forbidden);
    window.is('locked');
    assert.equal(await window.session.hasPin(), false);
    await window.unlock();
  });

  it('is known in every window while it is there, also where none hears of the secrets of another', async () => {
    const at = await scene('official', { items });
    at.secrets.inBrowser = true;
    const window = await at.unlocked();
    const other = await at.open();
    const known = (hasPin: boolean) =>
      until(`all know: ${hasPin}`, () => [window, other].every(({ facts }) => facts.hasPin === hasPin));
    await known(false);
    await setPin(window, at.account.password);
    assert.equal(window.facts.hasPin, true);
    await known(true);
    assert.equal((await at.open()).facts.hasPin, true);
    await other.session.removePin();
    assert.equal(other.facts.hasPin, false);
    await known(false);
  });

  it('goes with the sign-out', async () => {
    const { at, window } = await withPin();
    await window.session.signOut();
    await at.quiet();
    assert.ok(at.isEmpty);
  });

  it('opens nothing where the vault is locked meanwhile', async () => {
    const { window } = await withPin();
    await window.session.lock();
    const trying = tryPin(window);
    await window.session.lock();
    await assert.rejects(trying, locked);
    window.is('locked');
  });

  it('counts for nothing where its record is spoiled', async () => {
    const { at, window } = await withPin();
    await window.session.lock();
    at.secrets.corrupt('pin', '{"pinId":1}');
    assert.equal(await window.session.hasPin(), false);
    await assert.rejects(tryPin(window), removed('gone'));
  });
});
