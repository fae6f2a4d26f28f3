import { deepEqual, equal } from 'node:assert/strict';
import { itemTypes } from '../../server/itemTypes';
import { type Json, login, name, sealed, OfficialServer } from './officialServer';

/** Each case names the place in bitwarden/server (ac309aa) that says so. */
describe('embedded server as the official one: models', () => {
  it(
    'binds the names it knows and drops the rest without a word (CipherResponseModel.cs:115-149)',
    OfficialServer.test(async (official) => {
      const answer = await official.created(
        login({ login: { username: name, shoeSize: 43 }, card: { number: name }, mood: 1 }),
      );
      equal('mood' in answer, false);
      deepEqual(answer.login, {
        ...{ uri: null, uris: null, username: name, password: null, passwordRevisionDate: null, totp: null },
        ...{ autofillOnPageLoad: null, fido2Credentials: null },
      });
      deepEqual(
        itemTypes.map((type) => [type.name, answer[type.name] === null]),
        itemTypes.map((type) => [type.name, type.name !== 'login']),
      );
    }),
  );

  it(
    'appends uri to uris, unless a list comes after it (CipherLoginModel.cs:36-53)',
    OfficialServer.test(async (official) => {
      const [one, two] = [sealed('https://one.example'), sealed('https://two.example')];
      const urisOf = async (given: Json) => {
        const answer = await official.created(login({ login: given }));
        return ((answer.login as Json).uris as Json[]).map(({ uri }) => uri);
      };
      deepEqual(await urisOf({ uris: [{ uri: one }], uri: one }), [one, one]);
      deepEqual(await urisOf({ uri: one, uris: [{ uri: two }] }), [two]);
    }),
  );

  for (const [what, body, field] of [
    ['notes', login({ notes: '' }), 'Notes'],
    ['a password', login({ login: { password: '' } }), 'Password'],
    ['an address', login({ login: { uris: [{ uri: '' }] } }), 'Uri'],
    ['a field', login({ fields: [{ type: 0, name, value: '' }] }), 'Value'],
    ['a card number', { type: 3, name, card: { number: '' } }, 'Number'],
    ['the object of another type', login({ card: { number: '' } }), 'Number'],
    ['text in the clear', login({ notes: 'in the clear' }), 'Notes'],
    ['two parts where there are three', login({ notes: '2.AAAA|AAAA' }), 'Notes'],
    ['what is no base64', login({ notes: '2.AAAA|A*AA|AAAA' }), 'Notes'],
  ] as const) {
    it(
      `takes no empty or clear text for an encrypted one: ${what} (EncryptedStringAttribute.cs:34-72)`,
      OfficialServer.test((official) =>
        official.refused('POST ciphers', body, 400, `${field} is not a valid encrypted string.`),
      ),
    );
  }

  for (const [what, body] of [
    ['no object of the type', { type: 1, name }],
    ['the object of another type', { type: 1, name, card: {} }],
    ['no type', { name, login: {} }],
    ['a type that is not there', { type: 99, name, login: {} }],
  ] as const) {
    it(
      `breaks on ${what} (CipherRequestModel.cs:166, 254, 322)`,
      OfficialServer.test((official) =>
        official.refused('POST ciphers', body, 500, 'An unhandled server error has occurred.'),
      ),
    );
  }

  it(
    'lets no edit change the type (CipherRequestModel.cs:128)',
    OfficialServer.test(async (official) => {
      const { mine } = official.items;
      await official.refused(`PUT ciphers/${mine.id}`, { type: 3, name, card: {} }, 500);
      const { json } = await official.send(`PUT ciphers/${mine.id}`, { type: 3, name, card: {}, login: {} });
      deepEqual([json.type, json.card], [1, null]);
    }),
  );

  it(
    'wants both parts of the password history (CipherPasswordHistoryModel.cs:22-24)',
    OfficialServer.test(async (official) => {
      const history = (entry: Json) => login({ passwordHistory: [entry] });
      await official.refused('POST ciphers', history({ password: name }), 400, 'The LastUsedDate field is required.');
      const lastUsedDate = new Date().toISOString();
      await official.refused('POST ciphers', history({ lastUsedDate }), 400, 'The Password field is required.');
      await official.created(history({ password: name, lastUsedDate }));
    }),
  );

  it(
    'wants an encrypted folder name (FolderRequestModel.cs:12)',
    OfficialServer.test(async (official) => {
      const folder = `folders/${official.account.folders[0]?.id ?? ''}`;
      for (const line of ['POST folders', `PUT ${folder}`]) {
        await official.refused(line, { name: 'in the clear' }, 400, 'Name is not a valid encrypted string.');
        await official.refused(line, { name: '' }, 400, 'The Name field is required.');
        equal((await official.send(line, { name })).status, 200);
      }
    }),
  );

  it(
    'keeps what it stores in PascalCase but for SSN, nulls left out (CipherIdentityData.cs:24, JsonHelpers)',
    OfficialServer.test(async (official) => {
      const answer = await official.created({ type: 4, name, identity: { ssn: name, firstName: null } });
      deepEqual(JSON.parse(String(answer.data)), { Name: name, SSN: name });
    }),
  );

  it(
    'compares the key of a request with the account’s, where both say one (CiphersController.cs:1656-1681)',
    OfficialServer.test(async (official) => {
      const { shared } = official.items;
      const [known, other] = ['0'.repeat(32), 'f'.repeat(32)];
      await official.created(login({ encryptedByKeyId: other }));
      official.account.userKeyId = known;
      await official.created(login({ encryptedByKeyId: known }));
      await official.refused(
        'POST ciphers',
        login({ encryptedByKeyId: other }),
        400,
        'Cipher was not encrypted with the current user key. Please try again.',
      );
      const { organizationId } = shared;
      equal(
        (await official.send(`PUT ciphers/${shared.id}`, login({ organizationId, encryptedByKeyId: other }))).status,
        200,
      );
      for (const encryptedByKeyId of ['', 'F'.repeat(32), '0']) {
        await official.refused('POST ciphers', login({ encryptedByKeyId }), 400, 'EncryptedByKeyId');
      }
    }),
  );

  it(
    'says what is wrong with JSON that is none in the model state',
    OfficialServer.test(async (official) => {
      const headers = { Authorization: `Bearer ${official.caller.token ?? ''}`, 'Content-Type': 'application/json' };
      for (const body of ['{"name":', '[]', '']) {
        const answer = await fetch(`${official.caller.server.urls.api}/folders`, { method: 'POST', headers, body });
        const { message } = (await answer.json()) as Json;
        deepEqual([answer.status, message], [400, 'The model state is invalid.']);
      }
    }),
  );

  it(
    'keeps hidden values for members who cannot see them (CipherService.cs ValidateViewPasswordUserAsync)',
    OfficialServer.test(async (official) => {
      const { hidden } = official.items;
      const { organizationId } = hidden;
      const before = hidden.typed?.password;
      const change = login({ organizationId, login: { username: name, password: sealed('guessed') } });
      equal((await official.send(`PUT ciphers/${hidden.id}`, change)).status, 200);
      deepEqual([hidden.typed?.password, hidden.typed?.username], [before, name]);
    }),
  );
}).timeout(20_000);
