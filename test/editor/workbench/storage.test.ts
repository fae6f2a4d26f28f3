import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../host/until';
import { suite } from './suite';
import type { Vaultside } from './vaultside';

suite(
  'What is stored',
  {
    account: { items: [{ name: 'Login', username: 'somebody', password: 'something' }] },
    // So that the default applies.
    settings: { 'vaultside.clipboard.clearAfterSeconds': undefined },
    files: {
      '.vscode/settings.json': JSON.stringify({
        'vaultside.clipboard.clearAfterSeconds': 1,
        'vaultside.signIn.useEnvironment': true,
      }),
    },
    env: { BW_CLIENTID: 'user.00000000-0000-0000-0000-000000000000', BW_CLIENTSECRET: 'of-the-environment' },
  },
  (vaultside) => {
    beforeEach(async () => {
      await vaultside().beginSignedOut();
      vaultside().server.requests.clear();
      // The environment also has a key. A setting of the folder must not have it used without asking.
      await vaultside().signIn();
      await vaultside().quickInput.cancel();
    });

    it('is the vault as the server sent it, for this user alone, until sign-out', async () => {
      const { storage } = vaultside();
      const { accountId } = vaultside();
      assert.deepEqual(
        vaultside().storedFiles(),
        vaultside().filesOfAccount,
        'neither locks nor temporary files are left',
      );
      const file = join(storage, `${accountId}.vault`);
      if (process.platform !== 'win32') {
        assert.equal(statSync(file).mode & 0o777, 0o600);
        assert.equal(statSync(storage).mode & 0o777, 0o700);
      }
      const answer = await syncBody(vaultside());
      const pieces = piecesOf(readFileSync(file, 'utf8'));
      const differing = pieces.filter(([, json]) => !answer.includes(json)).map(([key]) => key);
      assert.deepEqual(differing, [], 'each piece is there to the letter');
      const { ciphers, ...members } = JSON.parse(answer) as { ciphers: { id: string }[] };
      const expected = [...Object.keys(members), ...ciphers.map(({ id }) => `ciphers/${id}`)];
      assert.deepEqual(pieces.map(([key]) => key).sort(), expected.sort());

      await vaultside().signOut();
      await until('all files to be gone', () => vaultside().storedFiles().length === 0);
      const { id } = vaultside().server.account;
      assert.ok(!readdirSync(storage).some((name) => name.includes(id)), 'nothing left names the user');
      assert.equal(statSync(join(storage, `${accountId}.signedOut`)).size, 0);
    });

    it('is not what a folder says about settings: the clipboard keeps its time and the key is asked for', async () => {
      await vaultside().unlock();
      await vaultside().workbench.runCommand('Bitwarden: Copy Password');
      await vaultside().searchFor('Login', 'Login');
      await vaultside().workbench.waitForStatus('vaultside.copied', / · (30|29|28|27|26|25) s/);
    });
  },
);

/** Key and JSON of each line that is no header. */
function piecesOf(file: string): readonly (readonly [string, string])[] {
  return file.split('\n').flatMap((line) => {
    const [, key, json] = /^[\da-f]{8} ([^@ ]\S*) (.*)$/.exec(line) ?? [];
    return key === undefined || json === undefined ? [] : [[key, json] as const];
  });
}

/** What the server answers to the same request of another client. */
async function syncBody({ server }: Vaultside): Promise<string> {
  const [request] = server.requests.to('GET /api/sync');
  assert.ok(request);
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => !['host', 'connection'].includes(name)),
  ) as Record<string, string>;
  const answer = await fetch(`${server.urls.api}/sync?${request.query}`, { headers });
  return answer.text();
}
