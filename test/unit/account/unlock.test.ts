import assert from 'node:assert/strict';
import { KdfOutOfBoundsError, MacMismatchError } from '../../../src/bitwarden/errors';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import type { OpenVault } from '../../../src/vault/openVault';
import { cheapArgon2 } from '../../server/accounts';
import { cipherTypes, hostileKdf, misbehaviours, tamperedMacs } from '../../server/misbehaviours';
import type { PlainItem } from '../../server/items';
import { until } from '../../support/until';
import { damage } from '../../support/vaultFile';
import { dialects, scenes } from '../../support/window';
import { generateKey } from '../../support/keys';
import { giveShortUserKey, giveUnknownUserKey } from '../../support/unknownUserKey';
import { fieldRef, refText } from '../../support/fieldRef';

const errors = {
  wrongPassword: { name: 'WrongMasterPasswordError' },
  locked: { name: 'LockedError' },
  accountState: { name: 'AccountStateError' },
  unsupportedAccount: { name: 'UnsupportedAccountError' },
  hidden: { name: 'HiddenByOrganizationError' },
  reprompt: { name: 'RepromptRequiredError' },
  notReadable: { name: 'NotReadableError' },
};

const login: PlainItem = {
  name: 'Example',
  username: 'someone@example.test',
  password: 'not-a-real-password',
  totp: 'JBSWY3DPEHPK3PXP',
  uris: ['https://example.test/login', 'https://example.test/other'],
  notes: 'some notes',
  fields: [
    { type: 'text', name: 'shown', value: 'shown value' },
    { type: 'hidden', name: 'hidden', value: 'hidden value' },
    { type: 'boolean', name: 'flag', value: 'true' },
    { type: 'linked', name: 'linked', linkedId: 100 },
  ],
};

const values = {
  username: 'someone@example.test',
  password: 'not-a-real-password',
  totp: 'JBSWY3DPEHPK3PXP',
  'uri.0': 'https://example.test/login',
  'uri.1': 'https://example.test/other',
  notes: 'some notes',
  'custom.0': 'shown value',
  'custom.1': 'hidden value',
  'custom.2': 'true',
};

const secrets = ['password', 'totp', 'notes', 'custom.1'];

function allValues(vault: OpenVault, itemId: string): Record<string, string> {
  const readable = vault.fields(itemId).filter(({ state }) => state === 'there');
  return Object.fromEntries(readable.map(({ ref }) => [refText(ref), vault.read(itemId, ref)]));
}

describe('unlocking and reading', () => {
  const scene = scenes();

  for (const dialect of dialects) {
    describe(dialect, () => {
      for (const [what, options] of Object.entries({
        PBKDF2: {},
        Argon2id: { kdf: cheapArgon2 },
        'a salt that is not the e-mail address': { salt: 'salted' },
        'an address in capitals': { email: ' Dev@Example.TEST ' },
        'an umlaut in the password': { password: 'pässwörd 🔑' },
        'a user key without a MAC': { userKeyWithoutMac: true },
        'an answer of an older server': { server: { oldAnswers: true } },
        'a user key without a MAC on an older server': { userKeyWithoutMac: true, server: { oldAnswers: true } },
      })) {
        it(`opens a vault with ${what}`, async () => {
          const at = await scene(dialect, { ...options, items: [login] });
          const window = await at.signedIn();
          const password = at.password();
          await window.session.unlock(password);
          await window.caughtUp();
          assert.ok(
            password.every((byte) => byte === 0),
            'the password is wiped',
          );
          assert.deepEqual(allValues(window.vault, window.itemId('Example')), values);
        });

        it(`knows a wrong password from a right one with ${what}`, async () => {
          const at = await scene(dialect, { ...options, items: [login] });
          const window = await at.signedIn();
          for (const wrong of ['wrong', '', at.account.password.toUpperCase()]) {
            const password = at.password(wrong);
            await assert.rejects(window.session.unlock(password), errors.wrongPassword);
            assert.ok(
              password.every((byte) => byte === 0),
              'the password is wiped',
            );
          }
          window.is('locked');
          await window.unlock();
        });
      }

      it('believes no user key without a MAC that does not open the private key', async () => {
        const at = await scene(dialect, { userKeyWithoutMac: true });
        const [iv, ciphertext] = at.account.masterKeyEncryptedUserKey.slice(2).split('|');
        // Garbles the second block of the key and flips a bit of the third, where the key for MACs begins.
        const tampered = Buffer.from(ciphertext!, 'base64');
        tampered[16]! ^= 1;
        at.account.masterKeyEncryptedUserKey = `0.${iv!}|${tampered.toString('base64')}`;
        const window = await at.signedIn();
        await assert.rejects(window.session.unlock(at.password('wrong')), errors.wrongPassword);
        await assert.rejects(window.session.unlock(at.password()), errors.accountState);
        window.is('locked');
      });

      it('does not call the password wrong where the private key that confirms a user key without a MAC is damaged, or missing', async () => {
        for (const options of [{}, { keyPair: false }]) {
          const at = await scene(dialect, { userKeyWithoutMac: true, ...options });
          if (options.keyPair !== false) at.account.wrappedPrivateKey = sealText('damaged', generateKey());
          const window = await at.signedIn();
          await assert.rejects(window.session.unlock(at.password('wrong')), errors.wrongPassword);
          await assert.rejects(window.session.unlock(at.password()), errors.accountState);
          window.is('locked');
        }
      });

      it('says of a user key of 32 bytes, as the first accounts had it, that it is of a kind that we do not know', async () => {
        for (const withoutMac of [true, false]) {
          const at = await scene(dialect);
          await giveShortUserKey(at.account, withoutMac);
          const window = await at.signedIn();
          await assert.rejects(window.session.unlock(at.password()), errors.unsupportedAccount);
          window.is('locked');
        }
      });

      it('works after a restart with no server at all', async () => {
        const at = await scene(dialect, { items: [login] });
        const window = await at.signedIn();
        window.crash();
        await at.server.close();
        const reopened = await at.open();
        reopened.is('locked');
        await reopened.unlock();
        assert.equal(reopened.read('Example', 'password'), 'not-a-real-password');
        assert.equal(reopened.facts.problem?.name, 'NetworkError');
        assert.equal(reopened.facts.dropped, undefined);
      });

      it('says what is missing when nothing is cached and no server answers', async () => {
        const at = await scene(dialect);
        at.server.faults.arm(/sync|revision/, misbehaviours.drop);
        const window = await at.signedIn();
        await assert.rejects(window.session.unlock(at.password()), (error: Error) => {
          assert.equal(error.name, 'NothingCachedError');
          assert.equal((error.cause as Error).name, 'NetworkError');
          return true;
        });
      });

      it('refuses KDF settings of a hostile server before it computes anything', async () => {
        for (const kdf of [
          { iterations: 4999 },
          { iterations: 2 ** 31 - 1 },
          { type: 1, iterations: 3, memory: 2 ** 20, parallelism: 4 },
        ]) {
          const at = await scene(dialect);
          at.server.faults.arm(/token|sync|prelogin/, hostileKdf(kdf));
          const window = await at.signedIn();
          await assert.rejects(
            window.session.unlock(at.password()),
            (error: Error) => (error.cause ?? error) instanceof KdfOutOfBoundsError,
          );
          window.is('locked');
        }
      });

      it('says that an account without a master password cannot be unlocked', async () => {
        const at = await scene(dialect, { masterPassword: false });
        const window = await at.signedIn();
        await assert.rejects(window.session.unlock(at.password('anything')), { name: 'NoMasterPasswordError' });
      });

      it('can be cancelled', async () => {
        const at = await scene(dialect, { kdf: { type: 'pbkdf2', iterations: 2_000_000 } });
        const window = await at.signedIn();
        const cancel = new AbortController();
        const unlocking = window.session.unlock(at.password(), cancel.signal);
        setImmediate(() => cancel.abort());
        await assert.rejects(unlocking, { name: 'CancelledError' });
        window.is('locked');
      });

      it('lists an item whose MACs are tampered with, and refuses its values', async () => {
        const at = await scene(dialect, { items: [login, { name: 'Bad', password: 'x' }] });
        at.server.faults.arm('/api/sync', tamperedMacs('password', 'name'));
        const window = await at.unlocked();
        assert.equal(window.vault.items.length, 2);
        assert.deepEqual(
          window.vault.items.map(({ name }) => name),
          [undefined, undefined],
        );
        const item = window.vault.items.find(({ username }) => username !== undefined)!;
        assert.throws(() => window.vault.read(item.id, fieldRef('password')), MacMismatchError);
        assert.equal(window.vault.read(item.id, fieldRef('notes')), 'some notes');
      });

      it('lists items whose own key does not open, and opens the others', async () => {
        const at = await scene(dialect, {
          items: [
            { ...login, ownKey: true },
            { name: 'Other', password: 'y' },
          ],
        });
        at.account.ciphers[0]!.key = at.account.ciphers[0]!.key!.replace(/.{8}$/, 'AAAAAAA=');
        const window = await at.unlocked();
        assert.deepEqual(
          window.vault.items.map(({ name }) => name),
          ['Other', undefined],
        );
        assert.deepEqual(window.vault.fields(at.account.ciphers[0]!.id), []);
        assert.throws(() => window.vault.read(at.account.ciphers[0]!.id, fieldRef('password')), MacMismatchError);
        assert.equal(window.read('Other', 'password'), 'y');
      });

      it('opens items with a key of their own, and their addresses by the checksum', async () => {
        const at = await scene(dialect, { items: [{ ...login, ownKey: true }] });
        const window = await at.unlocked();
        assert.deepEqual(allValues(window.vault, window.itemId('Example')), values);
      });

      it('refuses an address that does not fit its checksum, where there has to be one', async () => {
        const at = await scene(dialect, { items: [{ ...login, ownKey: true }] });
        const uris = at.account.ciphers[0]!.typed!.uris as { uri: string; uriChecksum: string | null }[];
        [uris[0]!.uri, uris[1]!.uri] = [uris[1]!.uri, uris[0]!.uri];
        const window = await at.unlocked();
        for (const key of ['uri.0', 'uri.1']) assert.throws(() => window.read('Example', key), errors.notReadable);
        uris[0]!.uriChecksum = null;
        at.server.clock.advance(1);
        at.server.touch();
        await window.session.sync();
        assert.throws(() => window.read('Example', 'uri.0'), errors.notReadable);
        assert.deepEqual((await window.vault.search('example.test/login')).items, []);
      });

      it('opens the items of an organisation, with its collections', async () => {
        const at = await scene(dialect, {
          organizations: [{ name: 'Acme', collections: ['Servers'] }],
          items: [{ ...login, organization: 'Acme', collections: ['Servers'] }],
        });
        const window = await at.unlocked();
        const { organizations, collections } = window.vault;
        assert.deepEqual(
          organizations.map(({ name }) => name),
          ['Acme'],
        );
        assert.deepEqual(
          collections.map(({ name }) => name),
          ['Servers'],
        );
        const item = window.vault.item(window.itemId('Example'));
        assert.equal(item?.organizationId, organizations[0]?.id);
        assert.deepEqual(item?.collectionIds, [collections[0]?.id]);
        assert.deepEqual(allValues(window.vault, item.id), values);
      });

      it('loses no more than the items of an organisation whose key does not open', async () => {
        const at = await scene(dialect, {
          organizations: [{ name: 'Acme', collections: ['Servers'] }, { name: 'Other' }],
          items: [
            { name: 'Lost', organization: 'Acme', collections: ['Servers'] },
            { name: 'Kept', organization: 'Other' },
            { name: 'Own' },
          ],
        });
        (at.account.organizations[0] as { wrappedKey: string }).wrappedKey = '4.AAAA';
        const window = await at.unlocked();
        assert.deepEqual(
          window.vault.items.map(({ name }) => name),
          ['Kept', 'Own', undefined],
        );
        assert.throws(() => window.vault.read(at.account.ciphers[0]!.id, fieldRef('notes')), errors.notReadable);
      });

      it('never gives hidden values of an item whose passwords the organisation hides', async () => {
        const at = await scene(dialect, {
          organizations: [{ name: 'Acme', collections: ['Servers'] }],
          items: [{ ...login, organization: 'Acme', collections: ['Servers'], viewPassword: false }],
        });
        const window = await at.unlocked();
        const proof = await window.session.proveMasterPassword(at.password());
        const id = window.itemId('Example');
        assert.equal(window.vault.item(id)?.viewPassword, false);
        const withheld = window.vault.fields(id).filter(({ state }) => state === 'withheld');
        assert.deepEqual(
          withheld.map(({ ref }) => refText(ref)),
          ['password', 'totp', 'custom.1'],
        );
        for (const { ref } of withheld) assert.throws(() => window.vault.read(id, ref, proof), errors.hidden);
        assert.equal(window.vault.read(id, fieldRef('username')), 'someone@example.test');
      });

      it('asks for the master password again before each value of an item with reprompt that does not identify it', async () => {
        const at = await scene(dialect, { items: [{ ...login, reprompt: true }] });
        const window = await at.unlocked();
        const id = window.itemId('Example');
        assert.equal(window.vault.item(id)?.reprompt, true);
        const open = window.vault.fields(id).filter(({ masked }) => !masked);
        const openTexts = open.map(({ ref }) => refText(ref));
        assert.ok(openTexts.includes('username') && openTexts.every((text) => /^(username|uri\.\d)$/.test(text)));
        for (const key of [...secrets, 'custom.0']) {
          assert.throws(() => window.vault.read(id, fieldRef(key)), errors.reprompt);
          assert.throws(() => window.vault.read(id, fieldRef(key), {} as never), errors.reprompt);
        }
        await assert.rejects(window.session.proveMasterPassword(at.password('wrong')), errors.wrongPassword);
        const proof = await window.session.proveMasterPassword(at.password());
        for (const key of secrets)
          assert.equal(window.vault.read(id, fieldRef(key), proof), values[key as keyof typeof values]);
        assert.equal(window.vault.read(id, fieldRef('username')), values.username);
      });

      it('lists items of types that it does not know, and opens nothing of them', async () => {
        const at = await scene(dialect, { items: [login, { name: 'Known' }] });
        at.server.faults.arm(
          '/api/sync',
          cipherTypes(42, (index) => index === 0),
        );
        const window = await at.unlocked();
        const unknown = window.vault.items.find(({ name }) => name === 'Example')!;
        assert.deepEqual([unknown.type, unknown.closed], ['unknown', 'unsupported']);
        assert.deepEqual(window.vault.fields(unknown.id), []);
        assert.throws(() => window.vault.read(unknown.id, fieldRef('password')), errors.notReadable);
      });

      it('lists sealed items without a name', async () => {
        const at = await scene(dialect, {
          items: [{ name: 'Sealed', blob: '{"format_version":1}' }, { name: 'Other' }],
        });
        const window = await at.unlocked();
        assert.deepEqual(
          window.vault.items.map(({ name, closed }) => [name, closed]),
          [
            ['Other', undefined],
            [undefined, 'unsupported'],
          ],
        );
      });

      it('recovers from a cached vault that got damaged', async () => {
        const at = await scene(dialect, { items: [login] });
        const window = await at.signedIn();
        damage(at);
        await assert.rejects(window.session.unlock(at.password()), { name: 'NothingCachedError' });
        await window.unlock();
        assert.equal(window.read('Example', 'password'), 'not-a-real-password');
      });

      for (const [what, fetches, spoil] of [
        ['the first half', 1, (content: Buffer) => content.subarray(content.length / 2)],
        ['one of the two headers', 0, (content: Buffer) => content.subarray(0, content.lastIndexOf('\n\n') + 1)],
        [
          'one item',
          1,
          (content: Buffer) => Buffer.from(content.toString('latin1').replace(' ciphers/', ' Ciphers/'), 'latin1'),
        ],
      ] as const) {
        it(`opens with what is left of a cached vault, and has the next sync bring the rest: ${what}`, async () => {
          const at = await scene(dialect, { items: [login, { name: 'Other' }] });
          const window = await at.signedIn();
          at.vaultFile.content = spoil(Buffer.from(at.vaultFile.content));
          at.server.requests.clear();
          await window.session.unlock(at.password()).catch(() => window.unlock());
          await until('it is whole', () => window.vault.items.length === 2 && !window.facts.syncing);
          assert.equal(window.read('Example', 'password'), 'not-a-real-password');
          assert.equal(at.server.requests.count('GET /api/sync'), fetches);
          await window.session.sync();
          assert.equal(at.server.requests.count('GET /api/sync'), fetches, 'no more than once');
        });
      }

      it('takes no vault of another account for its own', async () => {
        const at = await scene(dialect, { items: [login] });
        const window = await at.signedIn();
        const foreign = await scene(dialect, {
          email: 'other@example.test',
          password: 'theirs',
          items: [{ name: 'Foreign' }],
        });
        await foreign.signedIn();
        at.vaultFile.content = foreign.vaultFile.content;
        await assert.rejects(window.session.unlock(at.password('theirs')));
        window.is('locked');
        await window.unlock();
        assert.deepEqual(
          window.vault.items.map(({ name }) => name),
          ['Example'],
        );
      });
    });
  }

  it('says of an account with a user key of a kind that we do not know that it cannot be opened', async () => {
    const at = await scene('official');
    await giveUnknownUserKey(at.account);
    const window = await at.signedIn();
    await assert.rejects(window.session.unlock(at.password('wrong')), errors.wrongPassword);
    await assert.rejects(window.session.unlock(at.password()), errors.unsupportedAccount);
    window.is('locked');
  });

  it('leaves a vault that is open as it is, should it be unlocked again', async () => {
    const at = await scene('official', { items: [login] });
    const window = await at.signedIn();
    await Promise.all([window.unlock(), window.unlock()]);
    const kept = window.vault;
    await window.unlock();
    assert.equal(window.vault, kept);
    assert.equal(window.read('Example', 'password'), login.password);
    assert.equal(window.locks, 0);
  });

  it('counts hidden values of types from the future as secret', async () => {
    const at = await scene('official', { items: [{ ...login, reprompt: true }] });
    at.account.ciphers[0]!.fields![0]!.type = 9;
    const window = await at.unlocked();
    assert.throws(() => window.read('Example', 'custom.0'), errors.reprompt);
  });

  it('describes items without any value', async () => {
    const at = await scene('official', {
      items: [
        { ...login, folder: 'Work', favorite: true, archived: true },
        { type: 'secureNote', name: 'Note', notes: 'text', trashed: true },
        { type: 'identity', name: 'Person', details: { username: 'someone', ssn: '078-05-1120' } },
      ],
    });
    const window = await at.unlocked();
    const [example, note, person] = window.vault.items;
    assert.deepEqual(
      [example?.favorite, example?.archived, example?.trashed, example?.folderId],
      [true, true, false, window.vault.folders[0]?.id],
    );
    assert.deepEqual([note?.type, note?.trashed], ['secureNote', true]);
    assert.deepEqual([person?.type, person?.username], ['identity', 'someone']);
    const texts = JSON.stringify([window.vault.items, window.vault.items.map(({ id }) => window.vault.fields(id))]);
    for (const secret of ['not-a-real-password', 'JBSWY3DPEHPK3PXP', 'some notes', 'hidden value', '078-05-1120']) {
      assert.ok(!texts.includes(secret), secret);
    }
    assert.deepEqual(
      window.vault.fields(person!.id).map(({ ref, masked }) => [refText(ref), masked]),
      [
        ['username', false],
        ['ssn', true],
      ],
    );
  });
});
