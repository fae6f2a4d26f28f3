import assert from 'node:assert/strict';
import { VaultCache } from '../../../src/account/storage/cache';
import { Unlocker } from '../../../src/account/unlocker';
import { EncryptedVault } from '../../../src/vault/encryptedVault';
import { Steps } from '../../support/steps';
import type { CoseSymmetricKey } from '../../../src/bitwarden/crypto/cose/symmetricKey';
import type { PlainItem } from '../../server/items';
import { makeV2Keys, type V2Options } from '../../server/v2Keys';
import { anyKeyFromBase64 } from '../../support/keys';
import { rsaPair } from '../../server/accounts';
import { randomBytes } from 'node:crypto';
import { encryptWithPublicKey } from '../../support/rsa';
import { until } from '../../support/until';
import { type EditorWindow, type Scene, scenes } from '../../support/window';

const COUNT = 120;
const items = Array.from({ length: COUNT }, (_, at): PlainItem => ({
  name: `Item ${at}`,
  username: `user ${at}`,
  uris: [`https://host${at}.example.test`],
  ...(at < 20 && { organization: 'Acme' }),
}));
const organizations = [{ name: 'Acme' }];

const listOf = ({ files, accountId }: Scene) => files.files.get(`${accountId}.list`);
const sealed = (at: Scene) => until('the list is sealed', () => listOf(at) !== undefined);

async function unlockedWithList(at: Scene): Promise<EditorWindow> {
  const window = await at.unlocked();
  await sealed(at);
  return window;
}

/** Something has changed at the server. */
function revise(at: Scene): void {
  at.server.clock.advance(1);
  at.account.revisionDate = at.server.clock.iso();
}

describe('The list of items that is kept', () => {
  const scene = scenes();

  it('opens the vault again, in another window too, and has nothing of it in the clear', async () => {
    const at = await scene('official', { items, organizations });
    const window = await unlockedWithList(at);
    const names = window.vault.items.map(({ name }) => name);
    assert.ok(at.fileTexts.every((text) => !/Item 1|user 1|host1/.test(text.replaceAll(at.urls.api, ''))));
    await window.session.lock();
    const other = await at.open();
    for (const each of [window, other]) {
      await each.unlock();
      assert.deepEqual(
        each.vault.items.map(({ name }) => name),
        names,
      );
      const [found] = (await each.vault.search('host7.example')).items;
      assert.equal(found?.name, 'Item 7');
      assert.equal(each.read('Item 7', 'username'), 'user 7');
    }
  });

  it('shows what was changed elsewhere since then', async () => {
    const at = await scene('official', { items, organizations });
    const window = await unlockedWithList(at);
    await window.session.lock();
    const [changed, gone] = at.account.ciphers;
    changed!.name = gone!.name;
    at.account.ciphers.splice(at.account.ciphers.indexOf(gone!), 1);
    revise(at);
    await window.session.sync();
    await window.unlock();
    assert.equal(window.vault.items.length, COUNT - 1);
    assert.equal(window.vault.item(changed!.id)?.name, 'Item 1');
  });

  for (const [what, wrappedKey] of [
    ['does not open any more', () => '4.broken'],
    [
      'is another one by now',
      ({ account }: Scene) => encryptWithPublicKey(Buffer.from(account.publicKey ?? '', 'base64'), randomBytes(64)),
    ],
  ] as const) {
    it(`does not show items of an organisation whose key ${what}`, async () => {
      const at = await scene('official', { items, organizations });
      const window = await unlockedWithList(at);
      await window.session.lock();
      Object.assign(at.account.organizations[0]!, { wrappedKey: wrappedKey(at) });
      revise(at);
      await window.session.sync();
      await window.unlock();
      assert.equal(window.vault.items.length, COUNT);
      assert.equal(window.vault.items.filter(({ name }) => name !== undefined).length, COUNT - 20);
    });
  }

  it('does not keep an address that is believed no more', async () => {
    const v2: V2Options = { userKey: 'xAes256Gcm', signature: 'ed25519', securityVersion: 1 };
    const at = await scene('official', { items, organizations, v2 });
    for (const { typed } of at.account.ciphers) {
      for (const uri of typed?.uris as { uriChecksum: unknown }[]) uri.uriChecksum = null;
    }
    const window = await unlockedWithList(at);
    assert.equal((await window.vault.search('host7.example')).items.length, 1);
    await window.session.lock();
    const userKey = anyKeyFromBase64(at.account.plainUserKey) as CoseSymmetricKey;
    Object.assign(at.account, makeV2Keys(userKey, rsaPair(), { ...v2, securityVersion: 2 }));
    revise(at);
    await window.session.sync();
    await window.unlock();
    assert.equal((await window.vault.search('Item 7')).items.length > 0, true);
    assert.equal((await window.vault.search('host7.example')).items.length, 0);
  });

  it('that is spoiled, or cannot be written, costs nothing but time', async () => {
    const at = await scene('official', { items, organizations });
    at.files.beforeWrite = (name) => {
      if (name.endsWith('.list')) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    const window = await at.unlocked();
    await until('the log says so', () => window.logged.some((line) => line.includes('list of items')));
    assert.equal(window.facts.problem, undefined);
    at.files.beforeWrite = () => undefined;
    await window.session.lock();
    await window.unlock();
    await sealed(at);
    await window.session.lock();
    listOf(at)!.content = Buffer.alloc(100_000, 'spoiled');
    await window.unlock();
    assert.equal(window.vault.items.length, COUNT);
    await until('another one is sealed', () => !Buffer.from(listOf(at)!.content).includes('spoiled'));
  });

  it('keeps no lock waiting, however long it takes to be read', async () => {
    const at = await scene('official', { items, organizations });
    const { session } = await unlockedWithList(at);
    assert.ok(session.state.kind === 'unlocked');
    const files = at.files.view(new Steps());
    const never = new Promise<never>(() => undefined);
    const slow = { ...files, read: (name: string) => (name.endsWith('.list') ? never : files.read(name)) };
    const file = await new VaultCache(slow).file(at.accountId);
    assert.ok(file);
    const cached = await file.read();
    const read = Promise.resolve({ cached, encrypted: await EncryptedVault.of(cached.elements, 'host') });
    const userKey = anyKeyFromBase64(at.account.plainUserKey);
    const locking = new AbortController();
    const { account } = session.state;
    const opened = { account, userKey, passwordHash: undefined, file, read };
    void new Unlocker(new VaultCache(slow)).openVault(opened, locking.signal);
    await read;
    assert.ok(userKey.bytes.length > 0);
    locking.abort();
    assert.throws(() => userKey.bytes);
  });

  it('goes with the vault, and with the account', async () => {
    const at = await scene('official', { items, organizations });
    const window = await unlockedWithList(at);
    at.account.securityStamp = 'another';
    revise(at);
    await window.session.sync().catch(() => undefined);
    await window.session.signInAgain();
    assert.equal(listOf(at), undefined);
    await window.unlock();
    await sealed(at);
    await window.session.signOut();
    assert.ok(at.isEmpty);
  });

  it('is not left behind by a window that seals it while another one signs out', async () => {
    const at = await scene('official', { items, organizations });
    const window = await at.signedIn();
    const other = await at.open();
    let signedOut: Promise<void> | undefined;
    at.files.beforeWrite = (name) => {
      if (name.endsWith('.list')) signedOut ??= other.session.signOut();
    };
    await window.unlock();
    await until('the other window signs out', () => signedOut !== undefined);
    await signedOut;
    await window.reaches('signedOut');
    await until('nothing is left', () => at.isEmpty);
  });
});
