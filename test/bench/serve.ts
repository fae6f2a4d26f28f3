/** The server of the bench, in a process of its own so that it does not show in anybody's figures. */
import type { KdfConfig } from '../../src/bitwarden/crypto/kdf';
import { createAccount } from '../server/accounts';
import { largeVault } from '../server/manyItems';
import { startServer } from '../server/server';
import { createLoopbackTls } from '../support/tls';

export interface Served {
  readonly url: string;
  readonly ca: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export const password = 'not-a-real-master-password';

if (require.main === module) {
  process.once('message', (order: { kdf: KdfConfig; items: number }) => void serve(order));
}

async function serve({ kdf, items }: { kdf: KdfConfig; items: number }): Promise<void> {
  const tls = await createLoopbackTls();
  const account = await createAccount({ email: 'bench@example.test', password, kdf, ...largeVault(items) });
  const server = await startServer({ dialect: 'official', accounts: [account], tls });
  const { clientId, clientSecret } = account;
  process.send?.({ url: server.url, ca: tls.ca, clientId, clientSecret } satisfies Served);
  process.once('disconnect', () => void server.close());
}
