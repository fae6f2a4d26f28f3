import { deepEqual, equal, ok } from 'node:assert/strict';
import { type Json, OfficialServer } from './officialServer';

/** Each case names the place in bitwarden/server (ac309aa) that says so. */
describe('embedded server as the official one: accounts', () => {
  it(
    'makes up settings for addresses that nobody has, half of them with a salt (Identity AccountsController.cs:45-75, 285)',
    OfficialServer.test(async ({ account, caller }) => {
      const ask = async (email: string) => {
        const body = JSON.stringify({ email });
        const url = `${caller.server.urls.identity}/accounts/prelogin`;
        const answer = await fetch(url, { method: 'POST', body });
        return (await answer.json()) as { kdf: number; kdfIterations: number; salt: string | null };
      };
      const emails = Array.from({ length: 100 }, (_, at) => `nobody${String(at)}@example.test`);
      const made = await Promise.all(emails.map(ask));
      deepEqual(
        [...new Set(made.map(({ kdfIterations }) => kdfIterations))].sort((a, b) => a - b),
        [3, 5000, 100_000, 600_000],
      );
      const salts = made.filter(({ salt }) => salt !== null).length;
      ok(salts > 25 && salts < 75, `${String(salts)} of 100`);
      deepEqual(await ask(emails[0] ?? ''), made[0]);
      equal((await ask(account.email)).salt, null, 'from before salts had a column of their own');
      account.salt = 'another salt';
      equal((await ask(account.email)).salt, 'another salt');
    }),
  );

  it(
    'has no profile without a key pair, in the vault alone (UserAccountKeysQuery.cs:18, SyncController.cs:133-137)',
    OfficialServer.test(async (official) => {
      official.account.wrappedPrivateKey = null;
      equal((await official.send('GET accounts/profile')).status, 500);
      const { profile } = (await official.send('GET sync')).json as { profile: Json };
      deepEqual([profile.privateKey, profile.accountKeys], [null, null]);
      const { json } = await official.caller.connect();
      deepEqual(['PrivateKey' in json, 'AccountKeys' in json], [false, false]);
    }),
  );

  it(
    'answers for one that is gone (SyncController.cs:94-97)',
    OfficialServer.test(async (official) => {
      official.caller.server.accounts.splice(0);
      await official.refused('GET sync', undefined, 400, 'User not found.');
      equal((await official.send('GET accounts/revision-date')).text, '-62135596800000');
      equal((await official.send('GET accounts/profile')).status, 401);
      equal((await official.caller.connect(official.caller.tokenForm(official.account))).json.error, 'invalid_client');
    }),
  );

  for (const [line, field, message] of [
    ['POST accounts/security-stamp', '', 'Incorrect password.'],
    ['POST accounts/api-key', '', 'User verification failed.'],
    ['POST accounts/rotate-api-key', '', 'User verification failed.'],
    ['POST accounts/verify-password', 'MasterPasswordHash', 'Invalid password.'],
  ] as const) {
    it(
      `has words of its own for a wrong password: ${line} (AccountsController.cs:383-395, UserService.cs:701)`,
      OfficialServer.test(async (official) => {
        const { status, json } = await official.send(line, { masterPasswordHash: 'd3Jvbmc=' });
        equal(status, 400);
        deepEqual(json.validationErrors, { [field]: [message] });
      }),
    );
  }

  it(
    'sends what there is of V2 encryption, and leaves out the rest (UserDecryptionResponseModel.cs:17-28)',
    OfficialServer.test(async (official) => {
      const decryption = async () =>
        ((await official.send('GET sync')).json as { userDecryption: Json }).userDecryption;
      const without = await decryption();
      deepEqual(Object.keys(without), ['masterPasswordUnlock']);
      equal((without.masterPasswordUnlock as Json).containedKeyId, null);
      official.account.userKeyId = '0'.repeat(32);
      official.account.upgradeToken = { wrappedUserKey1: '7.AAAA', wrappedUserKey2: '2.AAAA|AAAA|AAAA' };
      const { masterPasswordUnlock, v2UpgradeToken, userKeyId } = await decryption();
      deepEqual(v2UpgradeToken, official.account.upgradeToken);
      deepEqual(
        [(masterPasswordUnlock as Json).containedKeyId, userKeyId],
        [official.account.userKeyId, official.account.userKeyId],
      );
    }),
  );

  it(
    'names the device by a word, and the organisations of the user, in the token',
    OfficialServer.test(async (official) => {
      const claims = (token: unknown) =>
        JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString()) as Json;
      const { devicetype, orguser } = claims(official.caller.token);
      deepEqual([devicetype, orguser], ['LinuxCLI', official.account.organizations.map(({ id }) => id)]);
      const [organization] = official.account.organizations;
      const answer = await official.caller.connect({
        ...official.caller.tokenForm(),
        client_id: `organization.${organization?.id ?? ''}`,
        client_secret: organization?.apiKey ?? '',
        scope: 'api.organization',
      });
      equal(claims(answer.json.access_token).sub, organization?.id);
    }),
  );
}).timeout(20_000);
