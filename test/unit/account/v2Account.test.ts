import assert from 'node:assert/strict';
import type { FieldRef } from '../../../src/vault/fields';
import { wrapSymmetricKey } from '../../../src/bitwarden/crypto/keyWrapping';
import { sealBytes } from '../../../src/bitwarden/crypto/seal';
import { cheapArgon2, rsaPair } from '../../server/accounts';
import type { PlainItem } from '../../server/items';
import { lockWith } from '../../server/masterPassword';
import type { Account } from '../../server/model';
import { upgradeToV2 } from '../../server/upgrade';
import { makeV2Keys, v2Kinds, type V2Options } from '../../server/v2Keys';
import { CoseSymmetricKey } from '../../../src/bitwarden/crypto/cose/symmetricKey';
import { anyKeyFromBase64, generateKey } from '../../support/keys';
import { generateSigningKey, signCbor } from '../../support/sign';
import { refText } from '../../support/fieldRef';
import { type EditorWindow, scenes } from '../../support/window';

const xAes: V2Options = { userKey: 'xAes256Gcm', signature: 'mlDsa44' };

const items: readonly PlainItem[] = [
  { name: 'Plain', folder: 'Work/Deep', username: 'robin', password: 'of the user key', uris: ['https://a.example'] },
  { name: 'Own key', username: 'kim', password: 'of its own key', ownKey: true, uris: ['https://b.example'] },
  { name: 'Shared', organization: 'Org', collections: ['Col'], password: 'of the organisation' },
  { name: 'Shared, own key', organization: 'Org', collections: ['Col'], password: 'of both', ownKey: true },
  { type: 'card', name: 'Card', details: { number: '4111', cardholderName: 'R' } },
];
const organizations = [{ name: 'Org', collections: ['Col'] }];

const passwords = {
  Plain: 'of the user key',
  'Own key': 'of its own key',
  Shared: 'of the organisation',
  'Shared, own key': 'of both',
};

/** What the tree, the pickers and the search offer of an item is told without reading it. */
function offersAll(window: EditorWindow): void {
  const wanted = ['username', 'password', 'uri.0', 'number', 'notes'].map((name) => ({
    name,
    fits: (ref: FieldRef) => refText(ref) === name,
    opens: name === 'uri.0',
  }));
  const offered: Readonly<Record<string, readonly string[]>> = {
    Plain: ['username', 'password', 'uri.0'],
    'Own key': ['username', 'password', 'uri.0'],
    Shared: ['password'],
    'Shared, own key': ['password'],
    Card: ['number'],
  };
  for (const [item, names] of Object.entries(offered)) {
    const id = window.itemId(item);
    const states = new Map(window.vault.fields(id).map(({ ref, state }) => [refText(ref), state]));
    for (const name of names) assert.equal(states.get(name), 'there', `${item}: ${name}`);
    const found = window.vault.thoseThere(id, wanted);
    assert.deepEqual(
      found.map(({ name }) => name),
      names,
      item,
    );
    assert.ok(window.vault.hasFields(id), item);
  }
}

describe('an account with V2 encryption', () => {
  const scene = scenes();

  for (const v2 of v2Kinds) {
    describe(`${v2.userKey}, ${v2.signature}`, () => {
      it('unlocks, and all of it can be read: folders, organisations, keys of items', async () => {
        const at = await scene('official', { v2, items, organizations });
        assert.match(at.account.ciphers[0]!.name!, /^7\./);
        const window = await at.signedIn();
        const password = at.password();
        await window.session.unlock(password);
        await window.caughtUp();
        assert.ok(password.every((byte) => byte === 0));
        assert.deepEqual(
          window.vault.items.map(({ name }) => name),
          ['Card', 'Own key', 'Plain', 'Shared', 'Shared, own key'],
        );
        for (const [name, value] of Object.entries(passwords)) assert.equal(window.read(name, 'password'), value);
        assert.equal(window.read('Own key', 'uri.0'), 'https://b.example');
        assert.equal(window.read('Plain', 'uri.0'), 'https://a.example');
        assert.deepEqual([window.vault.folders[0]?.name, window.vault.collections[0]?.name], ['Work/Deep', 'Col']);
        const [found] = (await window.vault.search('kim')).items;
        assert.equal(found?.name, 'Own key');
      });

      it('offers what is there of each item', async () => {
        const at = await scene('official', { v2, items, organizations });
        offersAll(await at.unlocked());
      });

      it('knows a wrong password, offline too, and locks', async () => {
        const at = await scene('official', { v2, items, organizations });
        const window = await at.unlocked();
        await window.session.lock();
        assert.throws(() => window.vault);
        await at.server.close();
        await assert.rejects(window.session.unlock(at.password('wrong')), { name: 'WrongMasterPasswordError' });
        await window.unlock();
        assert.equal(window.read('Plain', 'password'), passwords.Plain);
      });

      it('rotates the API key, and shows it', async () => {
        const at = await scene('official', { v2, items, organizations });
        const window = await at.unlocked();
        const before = at.account.clientSecret;
        await window.session.rotateApiKey(at.verification());
        assert.notEqual(at.account.clientSecret, before);
        assert.ok(at.holdsCurrentKey);
        assert.equal(await window.session.viewApiKey(at.verification()), at.account.clientSecret);
        await window.caughtUp();
        assert.equal(window.read('Shared', 'password'), passwords.Shared);
      });
    });
  }

  it('unlocks with Argon2id', async () => {
    const at = await scene('official', { v2: xAes, items, organizations, kdf: cheapArgon2 });
    const window = await at.unlocked();
    assert.equal(window.read('Plain', 'password'), passwords.Plain);
  });

  it('unlocks without a signed public key, which not every server sends', async () => {
    const at = await scene('official', { v2: xAes, items, organizations });
    at.account.v2Keys = { ...at.account.v2Keys!, signedPublicKey: null };
    const window = await at.unlocked();
    assert.equal(window.read('Shared', 'password'), passwords.Shared);
  });

  it('takes changes that come while it is unlocked', async () => {
    const at = await scene('official', { v2: xAes, items, organizations });
    const window = await at.unlocked();
    at.account.ciphers.splice(0, 1);
    at.server.touch();
    await window.session.sync({ force: true });
    assert.equal(window.vault.items.length, items.length - 1);
    assert.equal(window.read('Own key', 'password'), passwords['Own key']);
  });

  describe('is not opened, nor is anything shown, when its keys do not fit', () => {
    const other = CoseSymmetricKey.generate('xAes256Gcm');
    const state = (text: Map<string, number>) => signCbor(text, 2, generateSigningKey('ed25519')).toString('base64');
    const changes: Readonly<Record<string, (account: Account) => void>> = {
      'a private key under another user key': (account) => {
        account.wrappedPrivateKey = makeV2Keys(other, rsaPair(), xAes).wrappedPrivateKey;
      },
      'no private key': (account) => (account.wrappedPrivateKey = ''),
      'a private key of V1': (account) =>
        (account.wrappedPrivateKey = sealBytes(Buffer.alloc(99), generateKey(), 'privateKey')),
      'a signing key under another user key': (account) => {
        const { wrappedSigningKey } = makeV2Keys(other, rsaPair(), xAes).v2Keys!;
        account.v2Keys = { ...account.v2Keys!, wrappedSigningKey };
      },
      'a security state that somebody else signed': (account) => {
        account.v2Keys = { ...account.v2Keys!, securityState: state(new Map([['version', 2]])) };
      },
      'a public key that somebody else signed': (account) => {
        const { signedPublicKey } = makeV2Keys(other, rsaPair(), xAes).v2Keys!;
        account.v2Keys = { ...account.v2Keys!, signedPublicKey };
      },
      'a security state cut off': (account) => {
        const { securityState } = account.v2Keys!;
        account.v2Keys = { ...account.v2Keys!, securityState: securityState.slice(0, 40) };
      },
      'nothing signed at all': (account) => (account.v2Keys = null),
    };
    for (const [what, change] of Object.entries(changes)) {
      it(what, async () => {
        const at = await scene('official', { v2: xAes, items, organizations });
        const { v2Keys } = at.account;
        change(at.account);
        const window = await at.signedIn();
        await assert.rejects(window.session.unlock(at.password()), { name: 'AccountStateError' });
        window.is('locked');
        assert.ok(v2Keys);
      });
    }

    it('while it is unlocked, what was there before stays', async () => {
      const at = await scene('official', { v2: xAes, items, organizations });
      const window = await at.unlocked();
      at.account.v2Keys = { ...at.account.v2Keys!, securityState: state(new Map([['version', 2]])) };
      at.account.ciphers.splice(0, 1);
      at.server.touch();
      await window.session.sync({ force: true }).catch(() => undefined);
      window.is('unlocked');
      assert.equal(window.vault.items.length, items.length);
      assert.equal(window.read('Plain', 'password'), passwords.Plain);
    });
  });

  it('with a broken private key of V1 opens but for its organisations, as ever', async () => {
    const at = await scene('official', { items, organizations });
    at.account.wrappedPrivateKey = sealBytes(Buffer.alloc(99), generateKey(), 'privateKey');
    const window = await at.unlocked();
    assert.equal(window.read('Plain', 'password'), passwords.Plain);
    assert.equal(
      window.vault.items.find(({ name }) => name === 'Shared'),
      undefined,
    );
  });
});

describe('an account that comes from V1 to V2 encryption', () => {
  const scene = scenes();

  for (const v2 of v2Kinds) {
    it(`stays unlocked and readable, with ${v2.userKey} and ${v2.signature}`, async () => {
      const at = await scene('official', { items, organizations });
      const window = await at.unlocked();
      await upgradeToV2(at.account, v2);
      at.server.touch();
      await window.session.sync({ force: true });
      window.is('unlocked');
      assert.match(at.account.ciphers[0]!.name!, /^7\./);
      for (const [name, value] of Object.entries(passwords)) assert.equal(window.read(name, 'password'), value);
      offersAll(window);
      await window.session.proveMasterPassword(at.password());

      await window.session.lock();
      await window.unlock();
      offersAll(window);
      assert.equal(window.read('Plain', 'password'), passwords.Plain);
    });
  }

  it('opens with the V1 key that the master password still leads to', async () => {
    const at = await scene('official', { items, organizations });
    const { password, kdf, salt, plainUserKey } = at.account;
    await upgradeToV2(at.account, xAes);
    Object.assign(at.account, await lockWith(anyKeyFromBase64(plainUserKey), { password, kdf, salt }));
    const window = await at.unlocked();
    for (const [name, value] of Object.entries(passwords)) assert.equal(window.read(name, 'password'), value);
    offersAll(window);
    await window.session.proveMasterPassword(at.password());
  });

  describe('is not opened with a token', () => {
    const tokens: Readonly<Record<string, (account: Account, v1Key: string) => void>> = {
      'that is missing': (account) => (account.upgradeToken = null),
      'whose V2 key is one that the server made': (account, v1Key) => {
        const forged = CoseSymmetricKey.generate('xAes256Gcm');
        account.upgradeToken = {
          wrappedUserKey1: account.upgradeToken!.wrappedUserKey1,
          wrappedUserKey2: wrapSymmetricKey(forged, anyKeyFromBase64(v1Key)),
        };
      },
      'whose V1 key is another one': (account) => {
        const v2Key = anyKeyFromBase64(account.plainUserKey);
        account.upgradeToken = {
          wrappedUserKey1: wrapSymmetricKey(generateKey(), v2Key),
          wrappedUserKey2: account.upgradeToken!.wrappedUserKey2,
        };
      },
      'that leads to a V1 key': (account, v1Key) => {
        const v1 = anyKeyFromBase64(v1Key);
        account.upgradeToken = { wrappedUserKey1: wrapSymmetricKey(v1, v1), wrappedUserKey2: wrapSymmetricKey(v1, v1) };
      },
    };
    for (const [what, change] of Object.entries(tokens)) {
      it(what, async () => {
        const at = await scene('official', { items, organizations });
        const { password, kdf, salt, plainUserKey } = at.account;
        await upgradeToV2(at.account, xAes);
        Object.assign(at.account, await lockWith(anyKeyFromBase64(plainUserKey), { password, kdf, salt }));
        change(at.account, plainUserKey);
        const window = await at.signedIn();
        await assert.rejects(window.session.unlock(at.password()), { name: 'AccountStateError' });
        window.is('locked');
      });
    }
  });
});
