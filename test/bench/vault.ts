/** Vaultside and the official CLI on the same server and vault. Arguments: numbers of items (1000 10000 unless given). */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import nodeFetch from 'node-fetch';
import { clientIdentity } from '../../src/bitwarden/http/clientIdentity';
import type { Fetch } from '../../src/bitwarden/http/fetch';
import { HttpClient } from '../../src/bitwarden/http/client';
import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { resolveServer } from '../../src/bitwarden/http/servers';
import { systemClock } from '../../src/ui/adapters';
import { FolderFiles } from '../../src/platform/folderFiles';
import { contentRef } from '../../src/vault/fields';
import { FolderWatch } from '../../src/platform/folderWatch';
import { groupTree } from '../../src/vault/groups';
import type { OpenVault } from '../../src/vault/openVault';
import { Session } from '../../src/account/session';
import { Bw } from '../support/bw';
import { MemorySecretStore } from '../support/memorySecretStore';
import { Steps } from '../support/steps';
import { kdfs } from './kdfs';
import { compare, inTurn, judged, longestTask } from './measure';
import { password, type Served } from './serve';
import { secretFromText } from '../../src/base/secretBytes';

const ROUNDS = 3;
/** Ten times as fast as the official CLI. */
const AIM = 10;
const LONGEST_TASK_MS = 50;

async function main(): Promise<void> {
  const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1_000, 10_000];
  for (const items of sizes) {
    for (const [title, kdf] of kdfs) {
      console.log(`\n=== ${items} items, ${title} ===`);
      await contest(items, kdf);
    }
  }
}

async function contest(items: number, kdf: KdfConfig): Promise<void> {
  const server = fork(join(__dirname, 'serve.js'));
  const folder = await mkdtemp(join(tmpdir(), 'vaultside-bench-'));
  const served = await order(server, { kdf, items });
  const bw = await Bw.create(served.ca);
  try {
    const session = await signIn(served, folder);
    const unlock = async (): Promise<OpenVault> => {
      await session.unlock(secretFromText(password));
      if (session.state.kind !== 'unlocked') throw new Error('not unlocked');
      return session.state.vault;
    };
    await bw.login(served.url, served.clientId, served.clientSecret);
    await bw.unlock(password);
    const [first] = await bw.json<{ id: string; name: string }[]>(['list', 'items', '--search', 'needle']);
    const id = first?.id ?? '';

    compare(
      'Unlock to the first list',
      AIM,
      await inTurn(
        [
          {
            name: 'Vaultside',
            run: async () => {
              await session.lock();
              return groupTree(await unlock());
            },
          },
          {
            name: 'bw unlock, bw list items',
            run: async () => {
              await bw.unlock(password);
              await bw.ok(['list', 'items']);
            },
          },
        ],
        ROUNDS,
      ),
    );
    const vault = await unlock();
    const against = (title: string, run: () => unknown, args: readonly string[]) =>
      inTurn(
        [
          { name: 'Vaultside', run },
          { name: `bw ${args.slice(0, 2).join(' ')}`, run: () => bw.ok(args) },
        ],
        ROUNDS,
      ).then((results) => compare(title, AIM, results));
    await against('List all names', () => vault.items.map(({ name }) => name), ['list', 'items']);
    await against('Get one password', () => vault.read(id, contentRef('password')), ['get', 'password', id]);
    await against('Search', () => vault.search('needle'), ['list', 'items', '--search', 'needle']);

    const longest = await longestTask(async () => {
      await session.lock();
      const opened = await unlock();
      await groupTree(opened);
      await opened.search('needle');
    });
    console.log('\nLongest task on this thread while the vault is unlocked, listed and searched');
    console.log(`  ${longest.toFixed(0)} ms (aim: ${LONGEST_TASK_MS} ms, ${judged(longest <= LONGEST_TASK_MS)})`);
    // A sync may be under way since the last unlock; it has to end before its server does.
    await session.sync().catch(() => undefined);
    session.dispose();
  } finally {
    server.disconnect();
    await bw.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function signIn({ url, ca, clientId, clientSecret }: Served, folder: string): Promise<Session> {
  const agent = new Agent({ ca });
  const silent = () => undefined;
  const log = { debug: silent, info: silent, warn: console.warn, error: console.error };
  const session = new Session({
    secrets: new MemorySecretStore().view(new Steps()),
    files: new FolderFiles(folder),
    changes: new FolderWatch(folder),
    clock: systemClock,
    log,
    connect: (device) => {
      const fetch: Fetch = (address, init) => nodeFetch(address, { ...init, agent });
      return Promise.resolve(new HttpClient(fetch, clientIdentity(process.platform, device)));
    },
  });
  await session.start();
  await session.signIn(resolveServer({ region: 'selfHosted', base: url }), { clientId, clientSecret });
  return session;
}

function order(server: ChildProcess, what: { kdf: KdfConfig; items: number }): Promise<Served> {
  return new Promise((resolve, reject) => {
    server.once('message', (served) => resolve(served as Served));
    server.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}`)));
    server.send(what);
  });
}

void main();
