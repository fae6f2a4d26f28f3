import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { browserStorage } from '../leaks/browserStorage';
import { needlesOf, textMark } from '../leaks/marks';
import { childProcesses } from '../leaks/processes';
import { filesUnder, Scanner, type Place } from '../leaks/scan';
import { MarkedSession } from '../leaks/session';
import { describeFailuresIn } from './failure';

describe('Secrets', function () {
  this.timeout(240_000);
  let session: MarkedSession;

  describeFailuresIn(() => session.vaultside.workbench);

  before(async () => {
    session = await MarkedSession.open();
  });

  after(async () => {
    await session.close();
  });

  it('are not found in anything that a whole session leaves behind, and no name after sign-out', async () => {
    await session.useEverything();
    const during = await session.places();
    assertLookedEverywhere(during);
    const outsideTheVault = during.filter(({ name }) => !vaultFile.test(name)).map(withoutShown);
    assert.deepEqual(new Scanner(await session.secrets()).leaksIn(during), []);
    assert.deepEqual(new Scanner(session.names()).leaksIn(during.map(withoutShown)), []);
    assert.deepEqual(new Scanner(session.publicNames()).leaksIn(outsideTheVault), []);
    const { own, other } = await session.sentToServers();
    assert.ok(own.every((sent) => sent.length > 0));
    assert.deepEqual(other, [[], []]);

    await session.signOut();
    const afterwards = await session.places();
    assert.deepEqual(new Scanner(await session.secrets()).leaksIn(afterwards), []);
    const shownNames = new Scanner([...session.names(), ...session.publicNames()]);
    assert.deepEqual(shownNames.leaksIn(afterwards.map(withoutShown)), []);
    assert.ok(!afterwards.some(({ name }) => vaultFile.test(name)), 'the cached vault is gone');
  });

  it('would be found in files, in the storage of the browser and in processes, in every encoding', async () => {
    const mark = textMark('planted', `pl änted "${randomBytes(8).toString('hex')}" & more`);
    const scanner = new Scanner([mark]);
    for (const { encoding, bytes } of needlesOf(mark)) {
      const around = { name: 'here', bytes: Buffer.concat([randomBytes(7), bytes, randomBytes(5)]) };
      assert.ok(scanner.leaksIn([around]).includes(`planted (${encoding}) in here`), encoding);
    }
    for (const shift of [0, 1, 2]) {
      const base64 = Buffer.concat([randomBytes(shift), mark.bytes, randomBytes(2)]).toString('base64');
      assert.notDeepEqual(scanner.leaksIn([{ name: 'here', bytes: Buffer.from(base64) }]), [], `base64 from ${shift}`);
    }
    assert.deepEqual(scanner.leaksIn([{ name: 'here', bytes: randomBytes(1_000_000) }]), []);

    const text = Buffer.from(mark.bytes).toString();
    const folder = await mkdtemp(join(tmpdir(), 'vaultside-planted-'));
    await writeFile(join(folder, 'file'), text);
    assert.deepEqual(scanner.leaksIn(filesUnder(folder)), [`planted (as it is) in ${join(folder, 'file')}`]);
    await rm(folder, { recursive: true });

    const { page } = session.vaultside.vscode;
    const script = JSON.stringify(text);
    await page.evaluate(`localStorage.setItem('planted', ${script})`);
    await page.evaluate(`new Promise((resolve, reject) => {
      const opening = indexedDB.open('planted', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('store');
      opening.onerror = reject;
      opening.onsuccess = () => {
        const writing = opening.result.transaction('store', 'readwrite');
        writing.objectStore('store').put({ inner: new TextEncoder().encode(${script}) }, 'key');
        writing.oncomplete = () => resolve(opening.result.close());
      };
    })`);
    assert.deepEqual(scanner.leaksIn(await browserStorage(page)), [
      'planted (as it is) in localStorage planted',
      'planted (as it is) in IndexedDB planted store key > inner',
    ]);
    await page.evaluate(`localStorage.removeItem('planted'); indexedDB.deleteDatabase('planted')`);

    if (process.platform !== 'linux') return;
    const sleeper = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)', text], {
      env: { PLANTED: text },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // A process that has just been started may have no arguments yet.
    await once(sleeper.stdout, 'data');
    assert.deepEqual(scanner.leaksIn(childProcesses()), [
      `planted (as it is) in arguments of process ${sleeper.pid}`,
      `planted (as it is) in environment of process ${sleeper.pid}`,
    ]);
    sleeper.kill();
    await once(sleeper, 'exit');
  });
});

const vaultFile = /globalStorage.vaultside\.vaultside.[\w-]+\.vault$/;

const loggedByVSCode = /^.*(?:MainThreadTreeViews#\$set(?:Title|Message)|DialogService#prompt) .*$/gm;

/** Without what VS Code itself logs of what it shows, at the level of Trace: see SECURITY.md. */
function withoutShown({ name, bytes }: Place): Place {
  if (!name.endsWith('window.log')) return { name, bytes };
  return { name, bytes: Buffer.from(bytes.toString('latin1').replaceAll(loggedByVSCode, ''), 'latin1') };
}

/** Asserts that the right places were searched: in the wrong ones nothing would be found either. */
function assertLookedEverywhere(places: readonly Place[]): void {
  const text = (pattern: RegExp) => {
    const found = places.filter(({ name }) => pattern.test(name));
    assert.notEqual(found.length, 0, `${pattern} was looked at`);
    return Buffer.concat(found.map(({ bytes }) => bytes)).toString();
  };
  text(vaultFile);
  text(/settings\.json$/);
  text(/^IndexedDB vscode-web-state-db/);
  assert.match(text(/Vaultside for Bitwarden\.log$/), /ApiKeyRejectedError/);
  assert.match(text(/remoteexthost\.log$/), /\[trace\]/);
  assert.match(text(/^IndexedDB vscode-web-db vscode-logs-store .*window\.log/), /\[trace\]/);
  // VS Code encrypts the entry with a key that this build gets from the test.
  assert.notEqual(text(/^localStorage secrets\.provider/).length, 0);
  if (process.platform !== 'linux') return;
  text(/^environment of process/);
  assert.match(text(/^arguments of process/), /keeper\.js/, 'the keeper has the user key then');
}
