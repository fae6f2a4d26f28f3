import assert from 'node:assert/strict';
import { HiddenByOrganizationError, LockedError, RepromptRequiredError } from '../../../src/vault/errors';
import type { PlainItem } from '../../server/items';
import { fieldRef, refText } from '../../support/fieldRef';
import { dialects, scenes } from '../../support/window';

const changed = '2025-03-03T03:04:05.000Z';
const before = '2024-01-01T00:00:00.000Z';
const full: PlainItem = {
  name: 'full',
  password: 'the one of today',
  passwordChanged: changed,
  passwordHistory: [
    { password: 'the one before', lastUsedDate: changed },
    { password: 'the first one', lastUsedDate: before },
  ],
  passkeys: [{ rpId: 'example.org', userName: 'robin', creationDate: before }],
  attachments: [{ fileName: 'codes.txt', size: 412 }],
};

describe('What there is to know of an item beside its fields', () => {
  const scene = scenes();

  for (const dialect of dialects) {
    for (const kind of [{}, { ownKey: true }, ...(dialect === 'official' ? [{ sealed: true }] : [])]) {
      it(`is read from ${dialect}, ${Object.keys(kind)[0] ?? 'under the key of the account'}`, async () => {
        const window = await (await scene(dialect, { items: [{ ...full, ...kind }] })).unlocked();
        const { vault } = window;
        const details = vault.details(window.itemId('full')) ?? assert.fail();
        assert.deepEqual(details.passkeys, [{ site: 'example.org', user: 'robin', created: Date.parse(before) }]);
        assert.deepEqual(
          details.attachments.map(({ name, size }) => [name, size]),
          [['codes.txt', 412]],
        );
        assert.deepEqual(
          details.formerPasswords.map(({ field, until }) => [refText(field.ref), field.state, until]),
          [
            ['formerPassword.0', 'there', Date.parse(changed)],
            ['formerPassword.1', 'there', Date.parse(before)],
          ],
        );
        assert.equal(details.passwordChanged, Date.parse(changed));
        assert.ok(details.created !== undefined && details.edited !== undefined);
        assert.equal(vault.read(window.itemId('full'), fieldRef('formerPassword.0')), 'the one before');
        assert.ok(!vault.fields(window.itemId('full')).some(({ ref }) => ref.kind === 'formerPassword'));
      });
    }
  }

  it('holds no former password that the item asks the master password for, or that its organisation hides', async () => {
    const organizations = [{ name: 'Org', collections: ['Team'] }];
    const hidden = { ...full, name: 'hidden', organization: 'Org', collections: ['Team'], viewPassword: false };
    const items = [hidden, { ...full, name: 'guarded', reprompt: true }];
    const window = await (await scene('official', { items, organizations })).unlocked();
    const { vault } = window;
    assert.equal(vault.details(window.itemId('hidden'))?.formerPasswords[0]?.field.state, 'withheld');
    assert.throws(() => vault.read(window.itemId('hidden'), fieldRef('formerPassword.0')), HiddenByOrganizationError);
    assert.throws(() => vault.read(window.itemId('guarded'), fieldRef('formerPassword.0')), RepromptRequiredError);
  });

  it('names nothing that does not open, and no date that is none', async () => {
    const at = await scene('official', { items: [full] });
    const [cipher] = at.account.ciphers;
    Object.assign(cipher!.attachments[0]!, { fileName: 'not encrypted' });
    Object.assign(cipher!, { creationDate: 'long ago' });
    const window = await at.unlocked();
    const { vault } = window;
    const details = vault.details(window.itemId('full')) ?? assert.fail();
    assert.deepEqual([details.attachments[0]?.name, details.created], [undefined, undefined]);
  });

  it('is gone after a lock', async () => {
    const window = await (await scene('official', { items: [full] })).unlocked();
    const { vault } = window;
    const id = window.itemId('full');
    await window.session.lock();
    assert.throws(() => vault.details(id), LockedError);
  });
});
