import { GeneratorHistory } from '../../../src/account/generatorHistory';
import type { SessionStore } from '../../../src/account/sessionStore';
import { parseAccountRecord, parseSessionRecord } from '../../../src/account/storage/accountRecord';
import { VaultCache } from '../../../src/account/storage/cache';
import { type AccountFile, accountFile, KEEPER_FILE } from '../../../src/account/storage/fileNames';
import { readFormerCache } from '../../../src/account/storage/formerCache';
import { KeeperSecret } from '../../../src/account/storage/keeperSecret';
import { Records } from '../../../src/account/storage/records';
import {
  formatHeader,
  formatLine,
  lastHeaderOf,
  parseHeader,
  readLines,
} from '../../../src/account/storage/vaultLines';
import { copySecret } from '../../../src/base/secretBytes';
import { TimeSlices } from '../../../src/base/timeSlices';
import { openItemList } from '../../../src/vault/itemList';
import { Keyring } from '../../../src/vault/keyring';
import { anyText, fuzz, type Parser } from '../../support/fuzz';
import { generateKey } from '../../support/keys';
import { ManualClock } from '../../support/manualClock';
import { MemoryFileStore } from '../../support/memoryFileStore';
import { MemorySecretStore } from '../../support/memorySecretStore';
import { Steps } from '../../support/steps';

const id = '0c5b1b4e-37f6-4f5e-9d3d-6a4c1d9e0f11';
const modifiedAt = 1_790_000_000_000;
const json = (value: unknown) => JSON.stringify(value);

/** What is stored on a machine, which is all the same input. */
class Stored {
  readonly #clock = new ManualClock();
  readonly #files = new MemoryFileStore(this.#clock);
  readonly #secrets = new MemorySecretStore();
  readonly files = this.#files.view(new Steps());
  /** As in a browser, where nobody waits for what another window has stored. */
  readonly secrets = { ...this.#secrets.view(new Steps()), tellsWindows: false };
  readonly clock = this.#clock;
  readonly records = new Records(this.secrets, this.files, this.clock);
  readonly cache = new VaultCache(this.files);

  put(kinds: readonly AccountFile[], content: Uint8Array): void {
    for (const kind of kinds) this.#files.files.set(accountFile(id, kind), { content, modifiedAt });
    this.#files.files.set(KEEPER_FILE, { content, modifiedAt });
  }

  putSecrets(text: string): void {
    this.secrets.get = () => Promise.resolve(text);
  }
}

const stored = new Stored();
const reading = (kinds: readonly AccountFile[], read: () => Promise<unknown>): Parser => ({
  parse: (input) => {
    stored.put(kinds, input);
    stored.putSecrets(anyText(input));
    return read();
  },
});

describe('Fuzzed: what is stored', () => {
  const kdf = { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 } as const;
  const unlock = { kdf, salt: 'a@b.example', masterKeyEncryptedUserKey: '2.a|b|c' };
  const header = { id: 'h1', base: undefined, revision: 12, securityStamp: 'stamp', unlock };
  const lines = [
    formatLine({ key: 'profile', json: Buffer.from('{"id":"u1","email":"a@b.example"}') }),
    formatLine({ key: 'ciphers/c1', json: Buffer.from('{"id":"c1","type":1}') }),
    formatHeader(header),
    formatLine({ key: 'ciphers/c1', json: undefined }),
    formatHeader({ ...header, id: 'h2', base: 'h1' }),
  ];
  fuzz('files of vaults', () => [Buffer.concat(lines), Buffer.concat(lines.slice(0, 3)), ...lines], {
    readLines: { parse: (input) => [...readLines(input)] },
    lastHeaderOf: { parse: lastHeaderOf },
    'VaultCache.header': reading(['vault'], () => stored.cache.header(id)),
    'VaultCache.read': reading(['vault'], () => stored.cache.read(id)),
  });

  fuzz('headers and key settings', () => [json(header), json(kdf)], {
    parseHeader: { parse: (input) => parseHeader({ key: '@', json: input }) },
    'VaultCache.lastKdf': reading(['kdf'], () => stored.cache.lastKdf(id)),
  });

  const former = Buffer.from(
    `${json({ ...header, servers: {} })}\n{"profile":{"id":"u1","email":"a@b.c"},"ciphers":[]}`,
  );
  fuzz('a vault of version 0.1', () => [former], {
    readFormerCache: { parse: (input) => readFormerCache(input, new TimeSlices()) },
  });

  const servers = {
    webVault: 'https://a.example',
    api: 'https://a.example/api',
    identity: 'https://a.example/identity',
  };
  const account = { userId: id, email: 'a@b.c', clientId: `user.${id}`, clientSecret: 's', keyId: 'k', servers };
  const pin = { pinId: 'p', wrappedUserKey: '2.a|b|c', salt: 's', boundTo: 'b', version: 3 };
  const marks = { keyId: 'k', signal: 3, since: 4, base: '/run', timeout: 'never', pinId: 'p', tries: 2, version: 3 };
  const secret = { secret: Buffer.alloc(32, 1).toString('base64'), version: 3 };
  const { marks: read, pins } = stored.records;
  fuzz(
    'records',
    () =>
      [
        { ...account, version: 3 },
        { keyId: 'k', accessToken: 't', expiresAt: 5 },
        { keyId: 'k', dropped: 'keyRejected' },
        pin,
        marks,
        secret,
      ].map(json),
    {
      parseAccountRecord: { parse: (input) => parseAccountRecord(id, anyText(input)) },
      parseSessionRecord: { parse: (input) => parseSessionRecord(anyText(input)) },
      'Records.account': reading(['account'], () => stored.records.account(id)),
      'Records.session': reading(['session'], () => stored.records.session(id)),
      Pins: reading(['pin'], () => pins.read(id)),
      rotation: reading(['rotation'], () => read.rotation(id)),
      lockSignal: reading(['lockSignal'], () => read.nextLockSignal(id)),
      kept: reading(['kept'], () => read.kept(id)),
      vaultTimeout: reading(['timeout'], () => read.vaultTimeout(id)),
      KeeperSecret: reading([], () => new KeeperSecret(stored.secrets, stored.files, stored.clock).read()),
    },
  );

  const keyring = new Keyring(generateKey());
  const store = { accountId: id, opened: { keyring } } as unknown as SessionStore;
  const history = new GeneratorHistory({
    store,
    files: stored.files,
    signOuts: stored.records.signOuts,
    isCurrent: () => Promise.resolve(true),
    clock: stored.clock,
  });
  const salt = Buffer.alloc(32, 7);
  const entry = (length: number) => Buffer.concat([Buffer.alloc(9), Buffer.of(0, length), Buffer.alloc(length, 0x61)]);
  fuzz('generated passwords', () => [Buffer.concat([entry(5), entry(20)]), entry(0)], {
    'GeneratorHistory, sealed': {
      parse: (input) => {
        const key = keyring.deriveKey('generated', salt);
        const sealed = key.seal(Buffer.alloc(12), copySecret(input), Buffer.alloc(0));
        stored.put(['generated'], Buffer.concat([salt, sealed]));
        return history.entries();
      },
    },
    'GeneratorHistory, as it is': reading(['generated'], () => history.entries()),
  });

  const block = Buffer.concat([salt, Buffer.of(0, 0, 0, 40), Buffer.alloc(40)]);
  fuzz('lists of items', () => [block], {
    openItemList: {
      parse: async (input) => {
        for await (const { rows } of openItemList(input, new Map(), keyring, new TimeSlices())) return rows;
        return [];
      },
    },
  });
});
