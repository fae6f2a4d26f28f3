import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { createAccount } from '../../server/accounts';
import { changeMasterPassword } from '../../server/masterPassword';
import type { Account } from '../../server/model';
import { dialects, withServer } from './caller';

describe('embedded server: account and API key', () => {
  let account: Account;
  beforeEach(async () => {
    account = await createAccount();
  });

  for (const dialect of dialects) {
    it(`${dialect}: rotation kills the old secret at once, and no token`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        await caller.signIn();
        const oldForm = caller.tokenForm();
        const before = (await caller.api('GET', 'accounts/revision-date')).text;
        caller.server.clock.advance(5);
        const proof = { masterPasswordHash: account.masterPasswordHash };
        const { status, json } = await caller.api('POST', 'accounts/rotate-api-key', proof);
        equal(status, 200);
        equal(json.object, 'apiKey');
        match(String(json.apiKey), /^[A-Za-z0-9]{30}$/);
        notEqual(json.apiKey, oldForm.client_secret);
        equal((await caller.connect(oldForm)).status, 400);
        equal((await caller.connect({ ...oldForm, client_secret: String(json.apiKey) })).status, 200);
        const after = await caller.api('GET', 'accounts/revision-date');
        equal(after.status, 200);
        equal(after.text !== before, dialect === 'vaultwarden');
        equal((await caller.api('POST', 'accounts/api-key', proof)).json.apiKey, json.apiKey);
      }));

    it(`${dialect}: neither shows nor rotates the key without proof`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        await caller.signIn();
        const secret = account.clientSecret;
        for (const proof of [{ masterPasswordHash: 'wrong' }, { otp: '000000' }, {}]) {
          equal((await caller.api('POST', 'accounts/rotate-api-key', proof)).status, 400);
          equal((await caller.api('POST', 'accounts/api-key', proof)).text.includes(secret), false);
        }
        equal(account.clientSecret, secret);
      }));

    it(`${dialect}: takes a mailed code ${dialect === 'official' ? 'until the stamp changes' : 'once'}`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        account.hasMasterPassword = false;
        await caller.signIn();
        equal((await caller.api('POST', 'accounts/request-otp')).status, 200);
        const { otp } = account;
        match(otp ?? '', /^\d{6}$/);
        equal((await caller.api('POST', 'accounts/verify-otp', { otp: 'nope' })).status, 400);
        equal((await caller.api('POST', 'accounts/verify-otp', { otp })).status, 200);
        for (const path of ['accounts/rotate-api-key', 'accounts/verify-otp']) {
          equal((await caller.api('POST', path, { otp })).status, dialect === 'official' ? 200 : 400);
        }
        account.otp = otp;
        caller.server.changeSecurityStamp();
        await caller.signIn();
        equal((await caller.api('POST', 'accounts/rotate-api-key', { otp })).status, 400);
      }));

    it(`${dialect}: takes no mailed code after ${dialect === 'official' ? '9' : '10'} minutes`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        const { clock } = caller.server;
        account.hasMasterPassword = false;
        await caller.signIn();
        clock.stop();
        // The official server counts in steps of three minutes: this is the first second of one.
        clock.advance(180 - (Math.floor(clock.now() / 1000) % 180));
        equal((await caller.api('POST', 'accounts/request-otp')).status, 200);
        const { otp } = account;
        const seconds = dialect === 'official' ? 9 * 60 : 10 * 60 + 1;
        clock.advance(seconds - 2);
        equal((await caller.api('POST', 'accounts/verify-otp', { otp })).status, 200);
        account.otp = otp;
        clock.advance(2);
        for (const path of ['verify-otp', 'api-key', 'rotate-api-key']) {
          const { status, text } = await caller.api('POST', `accounts/${path}`, { otp });
          equal(status, 400);
          equal(text.includes('Token has expired'), dialect === 'vaultwarden', text);
        }
      }));

    it(`${dialect}: a changed security stamp ${dialect === 'official' ? 'leaves tokens alone' : 'kills tokens'}`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        await caller.signIn();
        const stamp = account.securityStamp;
        const proof = { masterPasswordHash: account.masterPasswordHash };
        equal((await caller.api('POST', 'accounts/security-stamp', proof)).status, 200);
        notEqual(account.securityStamp, stamp);
        equal((await caller.api('GET', 'accounts/profile')).status, dialect === 'official' ? 200 : 401);
        await caller.signIn();
        equal((await caller.api('GET', 'accounts/profile')).json.securityStamp, account.securityStamp);
      }));

    it(`${dialect}: tokens run out`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        await caller.signIn();
        caller.server.clock.advance((dialect === 'official' ? 3600 : 7200) - 60);
        equal((await caller.api('GET', 'accounts/revision-date')).status, 200);
        caller.server.clock.advance(61);
        equal((await caller.api('GET', 'accounts/revision-date')).status, 401);
        await caller.signIn();
        equal((await caller.api('GET', 'accounts/revision-date')).status, 200);
        caller.server.expireTokens();
        equal((await caller.api('GET', 'accounts/revision-date')).status, 401);
      }));

    it(`${dialect}: a new master password needs a new hash, and the API key stays`, () =>
      withServer({ dialect, accounts: [account] }, async (caller) => {
        const { masterPasswordHash, clientSecret } = account;
        await changeMasterPassword(account, { password: 'another master password' });
        await caller.signIn();
        equal((await caller.api('POST', 'accounts/api-key', { masterPasswordHash })).status, 400);
        const proof = { masterPasswordHash: account.masterPasswordHash };
        equal((await caller.api('POST', 'accounts/api-key', proof)).json.apiKey, clientSecret);
      }));
  }

  it('an access code is something to verify by for the official server alone, and never fits', async () => {
    const answers = { official: 'User verification failed.', vaultwarden: 'No validation provided' };
    for (const dialect of dialects) {
      await withServer({ dialect, accounts: [account] }, async (caller) => {
        await caller.signIn();
        const { status, json } = await caller.api('POST', 'accounts/api-key', { authRequestAccessCode: 'code' });
        equal(status, 400);
        deepEqual(json.validationErrors, { '': [answers[dialect]] });
      });
    }
  });

  it('official: explains failed verification in the model state, and takes hash and code together', () =>
    withServer({ dialect: 'official', accounts: [account] }, async (caller) => {
      await caller.signIn();
      const wrong = await caller.api('POST', 'accounts/api-key', { masterPasswordHash: 'wrong' });
      equal(wrong.json.message, 'The model state is invalid.');
      deepEqual(wrong.json.validationErrors, { '': ['User verification failed.'] });
      const both = { masterPasswordHash: account.masterPasswordHash, otp: '000000' };
      equal((await caller.api('POST', 'accounts/api-key', both)).status, 200);
    }));

  it('vaultwarden: says "Invalid password", and will not take hash and code together', () =>
    withServer({ dialect: 'vaultwarden', accounts: [account] }, async (caller) => {
      await caller.signIn();
      const wrong = await caller.api('POST', 'accounts/api-key', { masterPasswordHash: 'wrong' });
      equal(wrong.json.message, 'Invalid password');
      const both = { masterPasswordHash: account.masterPasswordHash, otp: '000000' };
      equal((await caller.api('POST', 'accounts/api-key', both)).json.message, 'No validation provided');
    }));
}).timeout(20_000);
