import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { misbehaviours } from '../../server/misbehaviours';
import { createLoopbackTls, type LoopbackTls } from '../../support/tls';
import { ConnectProxy } from '../network/connectProxy';
import { until } from '../host/until';
import { typeInKey } from './typeInKey';
import { suite } from './suite';
import { Vaultside } from './vaultside';

/** A host that only the proxy can resolve, and one whose certificate is trusted only if we say so. */
const host = 'vault.example.test';

describe('The network that VS Code is told to use', function () {
  this.timeout(120_000);
  let folder: string;
  let tls: LoopbackTls;
  let authority: string;

  before(async () => {
    tls = await createLoopbackTls([host]);
    folder = mkdtempSync(join(tmpdir(), 'vaultside-authority-'));
    authority = join(folder, 'authority.pem');
    writeFileSync(authority, tls.ca);
  });

  after(() => rmSync(folder, { recursive: true }));

  /** Enters address and key, up to the server's first answer. */
  async function enterKey(vaultside: Vaultside, address: string): Promise<void> {
    const { workbench, server } = vaultside;
    await typeInKey(workbench, { server: address, ...server.account });
  }

  it('goes through the proxy of the settings, to a server of the company’s own authority', async () => {
    const ports = new Map<string, number>();
    const proxy = await ConnectProxy.start(ports);
    const vaultside = await Vaultside.open({
      server: { tls: { key: tls.key, cert: tls.cert }, hub: true },
      settings: { 'http.proxy': proxy.url },
      env: { NODE_EXTRA_CA_CERTS: authority },
    });
    try {
      ports.set(`${host}:443`, Number(new URL(vaultside.server.url).port));
      // The end of an answer must also be recognised behind everything that VS Code puts between us and the socket.
      vaultside.server.faults.arm('/api/sync', misbehaviours.lateEnd);
      await enterKey(vaultside, `https://${host}`);
      await vaultside.quickInput.waitFor('Unlock Vault');
      await vaultside.enterMasterPassword();
      await vaultside.waitForState('unlocked');
      await until('the hub to be listened to', () => vaultside.server.hub.listeners === 1);
      assert.deepEqual(new Set(proxy.asked), new Set([`CONNECT ${host}:443`]));
      assert.ok(vaultside.server.requests.count('/api/sync') > 0);
    } finally {
      await vaultside.close();
      await proxy.close();
    }
  });
});

suite(
  'A certificate that nobody vouches for',
  async () => {
    const { key, cert } = await createLoopbackTls([host]);
    return { server: { tls: { key, cert } } };
  },
  (vaultside) => {
    it('is refused, and told as that', async () => {
      const { server, quickInput, workbench } = vaultside();
      await workbench.runCommand('Bitwarden: Sign In with API Key');
      await quickInput.choose('Self-hosted');
      await quickInput.waitForMessage(/Address of your server|Connects to/);
      await quickInput.submit(server.url);
      // An unknown authority cannot be told from an incomplete chain here.
      await quickInput.waitForMessage(/127\.0\.0\.1:\d+ does not send the certificates that vouch for its own\./);
      await quickInput.waitForMessage('if it is signed by an authority of your own, install that authority');
      assert.equal(server.requests.count(), 0);
    });
  },
);
