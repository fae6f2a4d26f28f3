import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HiddenByOrganizationError } from '../../../src/vault/errors';
import type { OpenVault } from '../../../src/vault/openVault';
import { openValue, readThroughGate } from '../../../src/ui/gate';
import { scenes, type Scene } from '../../support/window';

const secret = 'marked-secret-7Q';

async function unlocked(at: Scene) {
  const window = await at.unlocked();
  const { vault, session } = window;
  const read = (name: string, key: string, prove = () => Promise.resolve<undefined>(undefined)) =>
    readThroughGate(vault, window.itemId(name), key, prove);
  return { window, vault, session, read };
}

const item = {
  username: 'robin',
  password: secret,
  totp: secret,
  notes: secret,
  uris: ['https://example.org'],
  fields: [{ type: 'hidden' as const, name: 'Token', value: secret }],
};

describe('Gate before every value', () => {
  const scene = scenes();

  it('reads at once what needs no master password', async () => {
    const { read } = await unlocked(await scene('official', { items: [{ name: 'plain', ...item }] }));
    assert.equal(await read('plain', 'password', () => assert.fail('asked')), secret);
  });

  for (const key of ['password', 'totp', 'notes', 'custom.0']) {
    it(`asks for the master password before ${key} of an item with reprompt, each time`, async () => {
      const at = await scene('official', { items: [{ name: 'guarded', reprompt: true, ...item }] });
      const { window, vault, session, read } = await unlocked(at);
      assert.equal(await read('guarded', key), undefined, 'read without a proof');
      let asked = 0;
      const prove = () => {
        asked++;
        return session.proveMasterPassword(at.password());
      };
      for (const time of [1, 2]) {
        assert.equal(await readThroughGate(vault, window.itemId('guarded'), key, prove), secret);
        assert.equal(asked, time);
      }
    });
  }

  it('lets nothing through that the organisation hides, asked or not', async () => {
    const items = [{ name: 'hidden', organization: 'Org', collections: ['Team'], viewPassword: false, ...item }];
    const organizations = [{ name: 'Org', collections: ['Team'] }];
    const { vault, session, read } = await unlocked(await scene('official', { items, organizations }));
    for (const key of ['password', 'totp', 'custom.0']) {
      await assert.rejects(read('hidden', key), HiddenByOrganizationError);
    }
    assert.equal(session.state.kind, 'unlocked');
    assert.equal(vault.items[0]?.viewPassword, false);
  });

  it('lists usernames and addresses, and no other value', async () => {
    const { vault } = await unlocked(await scene('official', { items: [{ name: 'plain', reprompt: true, ...item }] }));
    const [only] = vault.items;
    assert.ok(only);
    const open = vault.fields(only.id).map((field) => [field.key, openValue(vault, only, field)]);
    assert.deepEqual(Object.fromEntries(open), {
      username: 'robin',
      'uri.0': 'https://example.org',
      password: undefined,
      totp: undefined,
      notes: undefined,
      'custom.0': undefined,
    });
  });

  it('is the only place in the user interface that reads values', () => {
    const read: (keyof OpenVault)[] = ['read'];
    const files = readdirSync('src/ui', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const readers = files.filter((name) =>
      new RegExp(`\\bvault\\??\\.(?:${read.join('|')})\\b`).test(readFileSync(join('src/ui', name), 'utf8')),
    );
    assert.deepEqual(readers, ['gate.ts']);
  });
});
