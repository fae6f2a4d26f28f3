/**
 * A process of its own that asks a hostile server for everything: what its memory grows to shows from outside. Arguments:
 * origin, and the first steps of paths under which the server keeps its bombs.
 */
import { prelogin, requestToken } from '../../../src/bitwarden/api/identity';
import { ServerApi } from '../../../src/bitwarden/api/serverApi';
import type { ServerUrls } from '../../../src/bitwarden/http/servers';
import { readSyncAnswer } from '../../../src/bitwarden/wire/syncAnswer';
import { elementKeys, readAccount } from '../../../src/vault/encryptedVault';
import { peakMiB } from '../../support/peakMemory';
import { httpClient } from './loopback';

export interface Outcome {
  readonly peakMiB: number;
  /** By path and call: the name of the error. */
  readonly failures: Readonly<Record<string, string>>;
}

async function ask(origin: string, paths: readonly string[]): Promise<Outcome> {
  const http = await httpClient();
  const failures: Record<string, string> = {};
  for (const path of paths) {
    const base = `${origin}/${path}`;
    const urls: ServerUrls = { webVault: base, api: `${base}/api`, identity: `${base}/identity` };
    const { accounts, vault } = new ServerApi(http, urls, 'a.b.c');
    const calls = {
      token: () => requestToken(http, urls, { clientId: 'user.x', clientSecret: 'y' }),
      prelogin: () => prelogin(http, urls, 'a@b.c'),
      profile: () => accounts.getProfile(),
      revisionDate: () => accounts.getRevisionDate(),
      apiKey: () => accounts.viewApiKey(() => ({ otp: '123456' })),
      sync: async () => {
        const members = await vault.fetchSync(async (answer) => {
          const [keyOf, found] = [elementKeys('host'), new Map<string, Uint8Array>()];
          for await (const piece of readSyncAnswer(answer, 'host')) {
            if (!piece.isElement) found.set(keyOf(piece), piece.bytes);
            else keyOf(piece);
          }
          return found;
        });
        readAccount((name) => members.get(name), 'host');
      },
    };
    for (const [name, call] of Object.entries(calls)) {
      failures[`${path} ${name}`] = await call().then(
        () => 'none',
        (error: unknown) => (error as Error).name,
      );
    }
  }
  return { peakMiB: peakMiB(), failures };
}

if (require.main === module) {
  const [origin = '', ...paths] = process.argv.slice(2);
  void ask(origin, paths).then((outcome) => process.send?.(outcome));
}
