import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { createPrivateKey, hkdfSync } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { secretFromText } from '../../../src/base/secretBytes';
import { deriveMasterKey, derivePasswordHash, type KdfConfig } from '../../../src/bitwarden/crypto/kdf';
import { unwrapSymmetricKey } from '../../../src/bitwarden/crypto/keyWrapping';
import { stretchMasterKey } from '../../../src/bitwarden/crypto/masterKey';
import { openBytes } from '../../../src/bitwarden/crypto/open';
import { createAccount } from '../../server/accounts';
import type { Account } from '../../server/model';
import { startServer, type TestServer } from '../../server/server';
import { decodeLong } from '../../support/cbor';
import { type Keepers, keeperMachines } from '../../support/keepers';
import { anyKeyFromBase64 } from '../../support/keys';
import { type V2Options, v2Kinds } from '../../server/v2Keys';
import type { MaskedNeedle, Order, Report, SaltOfList, Step } from '../../support/memory/client';
import { masked } from '../../support/memory/masked';

/** As large as an extension host may have it: in a small one the next objects soon write over what V8 has moved away. */
const YOUNG_GENERATION = '--min-semi-space-size=64';
const ITEMS = 300;
const ORGANIZATIONS = 3;
const RSA_NUMBERS = 6;
const PASSWORD = 'Zx7.qK-82 vLpW/3 tRm,Nd5 hGs_Yb9';
const OTHER_PASSWORD = 'kV3/wT.61 bXnC-8 eJy,Sf2 mQa_Ru4';
const pbkdf2: KdfConfig = { type: 'pbkdf2', iterations: 20_000 };
const argon2id: KdfConfig = { type: 'argon2id', iterations: 3, memoryMiB: 16, parallelism: 4 };

/**
 * Text cannot be wiped. What V8 leaves of it is written over when that memory is used for something else, but for what it
 * has moved out of there before. In pieces of 16 bytes, of which the password has two; one copy for each unlock would be
 * forty.
 */
const MORE_OF_TEXT = 10;

/** The secrets of the account that Vaultside holds as bytes at some time or other. */
async function secretsOf(account: Account): Promise<Record<string, Uint8Array>> {
  const password = secretFromText(account.password);
  const masterKey = await deriveMasterKey(password, account.salt, account.kdf);
  const userKey = anyKeyFromBase64(account.plainUserKey);
  const organizations = new Map(account.organizations.map(({ id, plainKey }) => [id, anyKeyFromBase64(plainKey)]));
  const itemKeys = account.ciphers.map(({ key, organizationId }) => {
    const outer = organizationId === null ? userKey : organizations.get(organizationId)!;
    return unwrapSymmetricKey(key!, outer);
  });
  const rsa = numbersOf(openBytes(account.wrappedPrivateKey!, userKey, 'privateKey'));
  const signingKey = account.v2Keys && openBytes(account.v2Keys.wrappedSigningKey, userKey, 'coseKey');
  const contentKeys = account.ciphers.flatMap(({ blob }, at) => {
    if (blob === null) return [];
    const { wrapped_cek: wrapped } = JSON.parse(blob) as { wrapped_cek: string };
    return [unwrapSymmetricKey(wrapped, itemKeys[at]!).bytes];
  });
  return {
    'master password': password,
    'master key': masterKey,
    'stretched master key': stretchMasterKey(masterKey).bytes,
    'password hash': derivePasswordHash(masterKey, password),
    'user key': userKey.bytes,
    ...Object.fromEntries([...organizations.values()].map(({ bytes }, at) => [`organisation key ${at}`, bytes])),
    ...Object.fromEntries(itemKeys.map(({ bytes }, at) => [`item key ${at}`, bytes])),
    ...Object.fromEntries(contentKeys.map((bytes, at) => [`content key ${at}`, bytes])),
    ...Object.fromEntries(rsa.map((bytes, at) => [`private key, number ${at}`, bytes])),
    // libcrypto has the lowest byte first.
    ...Object.fromEntries(rsa.map((bytes, at) => [`private key, number ${at} in libcrypto`, bytes.toReversed()])),
    ...(signingKey && { 'signing key': seedOf(signingKey) }),
  };
}

function isSaltOfList(message: Report | SaltOfList): message is SaltOfList {
  return 'salt' in message;
}

/** What is secret of an RSA key. */
function numbersOf(pkcs8: Uint8Array): Uint8Array[] {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const { d, p, q, dp, dq, qi } = key.export({ format: 'jwk' });
  return [d, p, q, dp, dq, qi].map((number) => Buffer.from(number!, 'base64url'));
}

/** Of Ed25519 under -4, of ML-DSA-44 under -2. */
function seedOf(signingKey: Uint8Array): Uint8Array {
  const cose = decodeLong(signingKey) as ReadonlyMap<number, Uint8Array>;
  return cose.get(-4) ?? cose.get(-2)!;
}

/** HKDF of the user key (see deriveLocalKey). */
function listKeyOf({ plainUserKey, v2Keys }: Account, salt: string): Uint8Array {
  const purpose = `vaultside: items listed by ${version}, security version ${v2Keys?.securityVersion ?? 1}`;
  const userKey = anyKeyFromBase64(plainUserKey);
  return new Uint8Array(hkdfSync('sha256', userKey.bytes, Buffer.from(salt, 'base64'), purpose, 32));
}

/** /proc/self/mem is Linux's; what is in memory is the same elsewhere. */
const onLinux = process.platform === 'linux' ? describe : () => undefined;

onLinux('In the memory of the process', function () {
  this.timeout(300_000);
  const servers: TestServer[] = [];
  const machine = keeperMachines();
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  /** An account with items and organisations, all of which have keys of their own. */
  function accountWith(kdf: KdfConfig, v2?: V2Options, password = PASSWORD): Promise<Account> {
    const items = Array.from({ length: ITEMS }, (_, at) => {
      const organization = at % 10 === 0 ? `Organisation ${at % ORGANIZATIONS}` : undefined;
      return {
        name: `Item ${at}`,
        password: `not-a-real-password-${at}`,
        ownKey: true,
        ...(v2 !== undefined && at % 2 === 0 && { sealed: true }),
        ...(organization && { organization }),
      };
    });
    const organizations = Array.from({ length: ORGANIZATIONS }, (_, at) => ({ name: `Organisation ${at}` }));
    return createAccount({ ...{ kdf, password, items, organizations }, ...(v2 && { v2 }) });
  }

  /** What another process finds in its own memory, at each step of these that searches. */
  async function found(
    kdf: KdfConfig,
    steps: readonly Step[],
    preloaded?: string,
    v2?: V2Options,
    keepers?: Keepers,
  ): Promise<{ readonly report: Report; readonly names: readonly string[] }> {
    return foundOf([await accountWith(kdf, v2)], steps, { preloaded, keepers });
  }

  /** As found, with a server for each of the accounts; of several the names of the secrets say whose they are. */
  async function foundOf(
    accounts: readonly Account[],
    steps: readonly Step[],
    { preloaded, keepers }: { preloaded?: string | undefined; keepers?: Keepers | undefined },
  ): Promise<{ readonly report: Report; readonly names: readonly string[] }> {
    const nameOf = (at: number, name: string) => (accounts.length === 1 ? name : `account ${at + 1}: ${name}`);
    const needles: MaskedNeedle[] = [];
    const ofOrder: Order['accounts'][number][] = [];
    for (const [at, account] of accounts.entries()) {
      const { clientId, clientSecret, password, v2Keys } = account;
      const server = await startServer({ dialect: v2Keys ? 'official' : 'vaultwarden', accounts: [account] });
      servers.push(server);
      const secrets = Object.entries(await secretsOf(account));
      const ofEachItem = v2Keys ? 1.5 * ITEMS : ITEMS;
      assert.equal(secrets.length, 5 + ORGANIZATIONS + ofEachItem + 2 * RSA_NUMBERS + (v2Keys ? 1 : 0));
      needles.push(...secrets.map(([name, bytes]) => ({ name: nameOf(at, name), masked: masked(bytes) })));
      const { base, api, identity } = server.urls;
      ofOrder.push({
        urls: { webVault: base, api, identity },
        key: { clientId, clientSecret },
        password: masked(Buffer.from(password)),
      });
    }
    const order: Order = {
      accounts: ofOrder,
      needles,
      steps,
      keepers: keepers && { runtime: keepers.runtime, storage: keepers.storage },
    };
    const support = join(__dirname, '../../support/memory');
    const execArgv = [
      '--expose-gc',
      YOUNG_GENERATION,
      ...(preloaded === undefined ? [] : ['--require', join(support, preloaded)]),
    ];
    const client = fork(join(support, 'client.js'), { execArgv });
    client.send(order);
    const answers = new Promise<Report>((resolve) => {
      client.on('message', (message: Report | SaltOfList) => {
        if (isSaltOfList(message)) {
          const { salt, account } = message;
          const name = nameOf(account, 'key of the sealed list');
          const needle = { name, masked: masked(listKeyOf(accounts[account]!, salt)) };
          needles.push(needle);
          client.send(needle);
        } else resolve(message);
      });
    });
    const ends = once(client, 'exit').then(([code]) => assert.fail(`the client ended with ${String(code)}`));
    const report = await Promise.race([answers, ends]);
    return { report, names: needles.map(({ name }) => name).sort() };
  }

  /** Does everything, and plants copies after a lock: these have to be found, and nothing before. */
  async function checkLock(kdf: KdfConfig, preloaded?: string, v2?: V2Options): Promise<void> {
    const steps = [...everything, 'lock', 'search', 'plant', 'search'] as const;
    const { report, names } = await found(kdf, steps, preloaded, v2);
    assert.deepEqual(report[steps.indexOf('search')], {});
    assert.deepEqual(Object.keys(report[steps.length - 1] ?? {}).sort(), names, 'what is there is found');
  }

  const everything: readonly Step[] = [
    'unlock',
    'listKey',
    'readAll',
    'reprompt',
    'mistype',
    'verify',
    'giveUpUnlocking',
    'unlock',
  ];

  for (const [how, kdf, preloaded] of [
    ['PBKDF2', pbkdf2, undefined],
    ['Argon2id of the host', argon2id, undefined],
    ['Argon2id in the worker', argon2id, 'withoutHostArgon2.js'],
  ] as const) {
    it(`a lock leaves no copy of any key, of the password hash and of the master password, after ${how}`, () =>
      checkLock(kdf, preloaded));
  }

  for (const v2 of v2Kinds) {
    it(`a lock leaves no copy of any key in an account with V2 encryption, ${v2.userKey} and ${v2.signature}`, () =>
      checkLock(pbkdf2, undefined, v2));
  }

  it('a lock leaves no copy after a PIN was set and used', async () => {
    const pin = ['unlock', 'listKey', 'setPin', 'lock', 'mistypePin', 'unlockWithPin', 'readAll'] as const;
    const { report } = await found(pbkdf2, [...pin, 'lock', 'search']);
    assert.deepEqual(report[pin.length + 1], {});
  });

  for (const v2 of [undefined, v2Kinds[0]]) {
    it(`the keeper has one copy of the user key and nothing else, and windows that it unlocks leave none; ${v2 ? 'V2' : 'V1'}`, async () => {
      const at = machine();
      const steps = [
        ...(['unlock', 'kept', 'reload', 'reload', 'readAll', 'searchKeeper', 'lock', 'search', 'unlock'] as const),
        ...(['kept', 'reload', 'lock', 'search'] as const),
      ];
      const { report } = await found(pbkdf2, steps, undefined, v2, at);
      const { 'user key': pieces = 0, ...more } = report[steps.indexOf('searchKeeper')] ?? {};
      assert.deepEqual(more, {});
      // In pieces of 16 bytes: 64 of the classic kind, 32 of the others.
      assert.equal(pieces, v2 ? 2 : 4);
      assert.deepEqual(report[steps.indexOf('search')], {});
      assert.deepEqual(report[steps.lastIndexOf('search')], {});
      await at.areGone();
    });
  }

  it('a lock of one of two accounts leaves nothing of it in window and keeper, and the other one can be used', async () => {
    const at = machine();
    const first = await accountWith(pbkdf2);
    const other = await accountWith(pbkdf2, undefined, OTHER_PASSWORD);
    // The same user id at two servers.
    const second = { ...other, id: first.id, clientId: first.clientId };
    const use = (which: 'useFirst' | 'useSecond') => [which, 'unlock', 'kept', 'listKey', 'readAll'] as const;
    const steps = [
      ...[...use('useFirst'), ...use('useSecond')],
      ...(['reload', 'useFirst', 'readAll', 'useSecond', 'readAll', 'searchKeeper', 'search'] as const),
      ...(['useFirst', 'lock', 'searchKeeper', 'search', 'useSecond', 'readAll', 'lockAll', 'search'] as const),
    ];
    const { report } = await foundOf([first, second], steps, { keepers: at });
    const [bothKept, bothOpen, oneKept, oneOpen, none] = Object.values(report);
    const open = (account: number) =>
      ['organisation key 0', 'organisation key 1', 'organisation key 2', 'user key'].map(
        (name) => `account ${account}: ${name}`,
      );
    assert.deepEqual(bothKept, { 'account 1: user key': 4, 'account 2: user key': 4 });
    assert.deepEqual(Object.keys(bothOpen ?? {}).sort(), [...open(1), ...open(2)]);
    assert.deepEqual(oneKept, { 'account 2: user key': 4 });
    assert.deepEqual(Object.keys(oneOpen ?? {}).sort(), open(2));
    assert.deepEqual(none, {});
    await at.areGone();
  });

  it('an open vault holds the user key and the keys of organisations, nothing that the master password makes', async () => {
    const { report } = await found(pbkdf2, ['unlock', 'listKey', 'readAll', 'reprompt', 'search']);
    const names = Object.keys(report[4] ?? {}).sort();
    assert.deepEqual(names, ['organisation key 0', 'organisation key 1', 'organisation key 2', 'user key']);
  });

  it('a master password that came as text does not become more copies with every unlock', async () => {
    const once: readonly Step[] = ['unlockByText', 'lock'];
    const look: readonly Step[] = ['useMemory', 'search'];
    const steps = [...once, ...once, ...look, ...Array.from({ length: 20 }, () => once).flat(), ...look];
    const { report } = await found(pbkdf2, steps);
    const pieces = (at: number) => report[at]?.['master password'] ?? 0;
    const [first, last] = [pieces(steps.indexOf('search')), pieces(steps.length - 1)];
    assert.ok(last - first <= MORE_OF_TEXT, `${first} pieces after two unlocks, ${last} after twenty more`);
  });
});
