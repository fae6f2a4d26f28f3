import { deepEqual, equal, match } from 'node:assert/strict';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { createAccount } from '../../server/accounts';
import { itemTypes } from '../../server/itemTypes';
import type { Account } from '../../server/model';
import { generateKey } from '../../support/keys';
import { type Caller, withServer } from './caller';

type Json = Record<string, unknown>;

const name = sealText('name', generateKey());
const login = (change: Json = {}) => ({ type: 1, name, login: {}, ...change });

/** What was measured on a real Vaultwarden 1.37 beside the recordings, and what its source says where that is named. */
describe('embedded server as Vaultwarden, beside the recordings', () => {
  let account: Account;
  let caller: Caller;

  const serve =
    (test: () => Promise<void> | void, mail = true) =>
    async () => {
      account = await createAccount({
        folders: ['F'],
        organizations: [{ name: 'Org', collections: ['Team', { name: 'Read', readOnly: true }] }],
        items: [
          { name: 'mine', username: 'u', password: 'p' },
          { name: 'read-only', organization: 'Org', collections: ['Team'], edit: false },
        ],
      });
      await withServer({ dialect: 'vaultwarden', accounts: [account], mail }, async (given) => {
        caller = given;
        await caller.signIn();
        await test();
      });
    };

  const send = (line: string, body?: unknown) => {
    const [method = '', path = ''] = line.split(' ');
    return caller.api(method, path, body);
  };
  const message = async (line: string, body?: unknown) => {
    const { status, json } = await send(line, body);
    equal(status, 400, line);
    return json.message;
  };
  const idOf = (at: number) => account.ciphers[at]?.id ?? '';

  it(
    'writes no more into a token than a real one',
    serve(() => {
      const claims = JSON.parse(Buffer.from((caller.token ?? '').split('.')[1] ?? '', 'base64url').toString()) as Json;
      deepEqual(
        Object.keys(claims).sort(),
        ['amr', 'client_id', 'device', 'devicetype', 'email', 'email_verified', 'exp', 'iss', 'name', 'nbf'].concat(
          ...['premium', 'scope', 'sstamp', 'sub'],
        ),
      );
      deepEqual([claims.iss, claims.devicetype], [`${new URL(caller.server.url).origin}|login`, '25']);
    }),
  );

  it(
    'chooses by the scope whose key it wants',
    serve(async () => {
      const form = caller.tokenForm();
      const [organization] = account.organizations;
      const ids = { user: form.client_id ?? '', organization: `organization.${organization?.id ?? ''}` };
      for (const [client_id, scope] of [
        [ids.organization, 'api'],
        [ids.user, 'api.organization'],
      ] as const) {
        const { status, json } = await caller.connect({ ...form, client_id, scope });
        deepEqual([status, json.message], [400, 'Malformed client_id']);
      }
      const client_secret = organization?.apiKey ?? '';
      const scope = 'api.organization';
      equal((await caller.connect({ ...form, client_id: ids.organization, client_secret, scope })).status, 200);
      equal((await caller.connect({ ...form, scope: 'everything' })).json.message, 'Scope not supported');
    }),
  );

  it(
    'is alive outside the API, too',
    serve(async () => {
      for (const url of [`${caller.server.url}/alive`, `${caller.server.urls.api}/alive`]) {
        const answer = await fetch(url);
        match(answer.headers.get('content-type') ?? '', /^application\/json/);
        match(await answer.text(), /^"\d{4}-/);
      }
    }),
  );

  it(
    'says that clients may archive, and turns nothing else on',
    serve(async () => {
      const { featureStates } = (await send('GET config')).json;
      deepEqual(featureStates, { 'pm-19148-innovation-archive': true });
    }),
  );

  it(
    'tells a code that was never sent from one that is wrong',
    serve(async () => {
      account.hasMasterPassword = false;
      for (const path of ['api-key', 'rotate-api-key', 'security-stamp']) {
        match(
          String(await message(`POST accounts/${path}`, { otp: '000000' })),
          /^Protected action token not found, try/,
        );
      }
      await send('POST accounts/request-otp');
      equal(await message('POST accounts/api-key', { otp: 'x' }), 'Token is invalid');
    }),
  );

  it(
    'sends no code without mail',
    serve(async () => {
      match(String(await message('POST accounts/request-otp')), /^Email is disabled for this server\. Either enable/);
      equal(account.otp, null);
    }, false),
  );

  it(
    'verifies a password by itself',
    serve(async () => {
      const { masterPasswordHash } = account;
      deepEqual((await send('POST accounts/verify-password', { masterPasswordHash })).json, {
        Object: 'masterPasswordPolicy',
      });
      equal(await message('POST accounts/verify-password', { masterPasswordHash: 'x' }), 'Invalid password');
    }),
  );

  it(
    'sends no copy of the content, and null for the other types',
    serve(async () => {
      const { ciphers, profile, domains } = (await send('GET sync')).json as Record<string, Json> & { ciphers: Json[] };
      for (const cipher of ciphers) {
        equal('data' in cipher, false);
        deepEqual(
          itemTypes.filter(({ name: type }) => cipher[type] === null).map(({ name: type }) => type),
          itemTypes.map(({ name: type }) => type).filter((type) => type !== 'login'),
        );
      }
      equal('verifyDevices' in (profile ?? {}), false);
      deepEqual(Object.keys(((domains?.globalEquivalentDomains ?? []) as Json[])[0] ?? {}).sort(), [
        'domains',
        'excluded',
        'type',
      ]);
    }),
  );

  it(
    'drops what JavaScript clients send by mistake, and keeps what it does not know (ciphers.rs update_cipher_from_data)',
    serve(async () => {
      const body = login({
        login: { response: null, username: name, shoeSize: 43, uris: [{ uri: name, response: null }] },
      });
      const { json } = await send('POST ciphers', body);
      deepEqual(json.login, {
        username: name,
        shoeSize: 43,
        uris: [{ uri: name }],
        uri: name,
      });
    }),
  );

  it(
    'refuses in its own words (ciphers.rs)',
    serve(async () => {
      const organizationId = account.organizations[0]?.id;
      const readOnlyCollection = account.collections[1]?.id;
      for (const [line, body, said] of [
        ['POST ciphers', { type: 6, name, bankAccount: {} }, 'Invalid type'],
        ['POST ciphers', { type: 1, name }, 'Data missing'],
        ['POST ciphers', login({ folderId: 'nowhere' }), 'Invalid folder'],
        ['POST ciphers', login({ organizationId: 'nowhere' }), "You don't have permission to add item to organization"],
        [
          'POST ciphers/create',
          { cipher: login({ organizationId }), collectionIds: ['x'] },
          'Invalid collection ID provided',
        ],
        [
          'POST ciphers/create',
          { cipher: login({ organizationId }), collectionIds: [readOnlyCollection] },
          'No rights to modify the collection',
        ],
        ['PUT ciphers/nowhere', login(), "Cipher doesn't exist"],
        [`PUT ciphers/${idOf(1)}`, login({ organizationId }), 'Cipher is not write accessible'],
        [`PUT ciphers/${idOf(1)}/delete`, undefined, "Cipher can't be deleted by user"],
        [`PUT ciphers/${idOf(1)}/restore`, undefined, "Cipher can't be restored by user"],
        [`DELETE ciphers/${idOf(1)}`, undefined, "Cipher can't be deleted by user"],
        ['PUT ciphers/nowhere/archive', undefined, "Cipher doesn't exist"],
        ['PUT ciphers/share', { ciphers: [], collectionIds: ['x'] }, 'You must select at least one cipher.'],
        ['PUT ciphers/move', { ids: [idOf(0)], folderId: 'nowhere' }, 'Invalid folder'],
        [`GET ciphers/${idOf(0)}/attachment/nothing`, undefined, "Attachment doesn't exist"],
      ] as const) {
        equal(await message(line, body), said, line);
      }
    }),
  );

  it(
    'stops at the first of many that it must not change; what came before stays changed (ciphers.rs)',
    serve(async () => {
      equal(await message('PUT ciphers/delete', { ids: [idOf(0), 'nowhere', idOf(1)] }), "Cipher doesn't exist");
      deepEqual(
        account.ciphers.map(({ deletedDate }) => deletedDate !== null),
        [true, false],
      );
      const { data } = (await send('PUT ciphers/restore', { ids: [idOf(0)] })).json as { data: Json[] };
      deepEqual(
        data.map(({ object, deletedDate }) => [object, deletedDate]),
        [['cipherDetails', null]],
      );
      equal(await message('DELETE ciphers', { ids: [idOf(0), 'nowhere'] }), "Cipher doesn't exist");
      equal(account.ciphers.length, 1);
    }),
  );

  it(
    'archives for the user alone: again, read-only, and without another revision date',
    serve(async () => {
      const { revisionDate } = account.ciphers[1]!;
      caller.server.clock.advance(5);
      for (let at = 0; at < 2; at++) equal((await send(`PUT ciphers/${idOf(1)}/archive`)).status, 200);
      equal(account.ciphers[1]?.revisionDate, revisionDate);
      equal((await send(`PUT ciphers/${idOf(1)}/unarchive`)).json.archivedDate, null);
    }),
  );

  it(
    'refuses edits of personal items by policy, too (ciphers.rs enforce_personal_ownership_policy)',
    serve(async () => {
      account.policies.push({ id: 'p', organizationId: 'o', type: 5, enabled: true, data: null });
      for (const line of ['POST ciphers', `PUT ciphers/${idOf(0)}`]) {
        match(String(await message(line, login())), /^Due to an Enterprise Policy/);
      }
    }),
  );
}).timeout(20_000);
