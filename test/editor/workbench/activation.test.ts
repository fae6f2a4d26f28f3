import assert from 'node:assert/strict';
import { ExtensionProbe } from '../probe/probe';
import { describeFailuresIn } from './failure';
import { Vaultside } from './vaultside';

describe('Starting up', function () {
  this.timeout(90_000);
  let probe: ExtensionProbe<'load'>;
  let vaultside: Vaultside;

  describeFailuresIn(() => vaultside.workbench);

  before(async () => {
    probe = new ExtensionProbe('load');
    vaultside = await Vaultside.open(probe.setup);
  });

  after(async () => {
    await vaultside.close();
    probe.remove();
  });

  /** Modules for files and paths: no network, crypto, compression or threads. */
  const allowed = [
    ...['vscode', 'node:buffer', 'node:fs', 'node:fs/promises'],
    ...['node:path', 'node:timers/promises', 'node:util'],
  ];

  function assertLight(): void {
    const { loaded, used, control, exports, api } = probe.report;
    assert.deepEqual(control, { loaded: ['node:zlib', 'node:dns'], used: ['fetch', 'WebSocket', 'crypto'] });
    assert.deepEqual(
      loaded.filter((name) => !allowed.includes(name)),
      [],
    );
    assert.deepEqual(used, []);
    assert.deepEqual([exports, api], [['activate', 'deactivate'], 'nothing']);
    assert.equal(vaultside.server.requests.count(), 0);
  }

  it('loads neither network nor crypto, asks nothing, and gives other extensions nothing', async () => {
    assertLight();
    assert.equal(await vaultside.quickInput.widget.isVisible(), false);
    assert.deepEqual(await vaultside.workbench.notifications(), []);
  });

  it('does not either where somebody is signed in, until there is something to do', async () => {
    await vaultside.signIn();
    await vaultside.quickInput.cancel();
    const { loaded } = probe.report;
    assert.ok(loaded.includes('https') && loaded.includes('node:crypto'), 'the probe saw what signing in needs');
    vaultside.server.requests.clear();
    await vaultside.vscode.reload();
    await vaultside.waitForState('locked');
    assertLight();
  });
});
