/** The server of the bench, in a process of its own so that it does not show in anybody's figures. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createAccount } from '../server/accounts';
import { newApiKey } from '../server/apiKey';
import { encryptItem } from '../server/encryptItem';
import { manyItems } from '../server/manyItems';
import { lockWith } from '../server/masterPassword';
import type { Account } from '../server/model';
import { startServer } from '../server/server';
import { anyKeyFromBase64 } from '../support/keys';
import { createLoopbackTls } from '../support/tls';
import { kdfs } from './kdfs';
import { type VaultKind, vaultKinds } from './vaultKinds';

export interface Served {
  readonly url: string;
  readonly ca: string;
  /** Accounts with the same vault, one for each of the `kdfs`. */
  readonly keys: readonly { readonly clientId: string; readonly clientSecret: string }[];
}

export const password = 'not-a-real-master-password';

/** Forks this file. */
export class BenchServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly served: Served,
    readonly items: number,
  ) {}

  static async start(items: number, kind: VaultKind): Promise<BenchServer> {
    const child = fork(join(__dirname, 'serve.js'), [String(items), String(vaultKinds.indexOf(kind))]);
    return new BenchServer(child, (await answerOf(child)) as Served, items);
  }

  /** Gives an item another name, as another client of the user would, and tells the first account. Resolves with its id. */
  async changeOne(): Promise<string> {
    const changed = answerOf(this.child);
    this.child.send('change');
    return (await changed) as string;
  }

  close(): void {
    this.child.disconnect();
  }
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the server ended with ${String(code)}`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer);
    });
  });
}

if (require.main === module) {
  const [items = 0, kind = 0] = process.argv.slice(2).map(Number);
  void serve(items, vaultKinds[kind] ?? vaultKinds[0]);
}

async function serve(count: number, { ownKey, v2 }: VaultKind): Promise<void> {
  const tls = await createLoopbackTls();
  const items = manyItems(count).map((item) => ({ ...item, ownKey }));
  const first = await createAccount({ email: 'bench@example.test', password, premium: true, items, ...(v2 && { v2 }) });
  const userKey = anyKeyFromBase64(first.plainUserKey);
  const accounts = await Promise.all(
    kdfs.map(async ([, kdf], at): Promise<Account> => {
      const [id, email] = [randomUUID(), `bench${at}@example.test`];
      const identity = { id, email, clientId: `user.${id}`, clientSecret: newApiKey(), devices: [] };
      return { ...first, ...identity, ...(await lockWith(userKey, { password, kdf, salt: email })) };
    }),
  );
  const server = await startServer({ dialect: 'official', accounts, tls });
  const middle = count >>> 1;
  let changes = 0;
  process.on('message', () => {
    const former = first.ciphers[middle];
    const item = items[middle];
    if (former === undefined || item === undefined) throw new Error('nothing to change');
    // To the start of the list and back to its end: the farthest that an item can move.
    const name = `${changes++ % 2 === 0 ? 'aaa' : 'zzz'} renamed`;
    const date = new Date().toISOString();
    Object.assign(former, encryptItem({ ...item, name }, userKey, former, date), { id: former.id });
    for (const account of accounts) account.revisionDate = date;
    server.tell({ kind: 'item', what: 'changed', cipher: former });
    process.send?.(former.id);
  });
  process.once('disconnect', () => void server.close());
  const keys = accounts.map(({ clientId, clientSecret }) => ({ clientId, clientSecret }));
  process.send?.({ url: server.url, ca: tls.ca, keys } satisfies Served);
}
