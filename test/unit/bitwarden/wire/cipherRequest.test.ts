import assert from 'node:assert/strict';
import { itemElement, parseExactly } from '../../../../src/bitwarden/wire/boundedJson';
import { cipherRequest } from '../../../../src/bitwarden/wire/cipherRequest';
import { itemTypes } from '../../../../src/bitwarden/wire/itemTypes';
import type { WireObject } from '../../../../src/bitwarden/wire/wireObject';

const request = (element: string, changes: WireObject = {}): string => {
  const parsed = parseExactly(Buffer.from(element), itemElement) as WireObject;
  return JSON.stringify(cipherRequest(parsed, { changes, encryptedFor: 'user-1' }));
};
const body = (element: object, changes?: WireObject) =>
  JSON.parse(request(JSON.stringify(element), changes)) as WireObject;

const answered = {
  ...{ object: 'cipherDetails', id: 'item-1', organizationId: null, folderId: 'folder-1', type: 1, key: '2.k' },
  ...{ data: '{"Name":"stale"}', partialData: 'p', name: '2.n', notes: null, favorite: true, reprompt: 1 },
  ...{ edit: true, viewPassword: true, permissions: { delete: true, restore: true }, organizationUseTotp: true },
  ...{ collectionIds: ['c'], creationDate: 'c', deletedDate: null, archivedDate: '2026-01-02T03:04:05.1234567Z' },
  ...{ revisionDate: '2026-02-03T04:05:06.7654321Z', card: null, identity: null },
  login: {
    ...{ uri: '2.u', uris: [{ uri: '2.u', uriChecksum: '2.c', match: null, future: 1 }], username: '2.x' },
    ...{ password: null, totp: null, autofillOnPageLoad: false, fido2Credentials: [{ keyValue: '2.f' }], future: {} },
  },
  ...{ fields: [{ type: 7, name: null, future: [] }], passwordHistory: [{ password: '2.p', lastUsedDate: 'd' }] },
  attachments: [{ id: 'file-1', url: 'https://x.test', fileName: '2.a', key: '2.b', size: '3', sizeName: '3 Bytes' }],
};

describe('The request that writes an item', () => {
  it('has all of the item as it was received, and nothing that means something else in a request', () => {
    const { uri, ...login } = answered.login;
    assert.deepEqual(body(answered), {
      ...{ type: 1, folderId: 'folder-1', key: '2.k', name: '2.n', notes: null, favorite: true, reprompt: 1, login },
      ...{ archivedDate: answered.archivedDate, fields: answered.fields, passwordHistory: answered.passwordHistory },
      attachments2: { 'file-1': { fileName: '2.a', key: '2.b', lastKnownRevisionDate: answered.revisionDate } },
      ...{ encryptedFor: 'user-1', lastKnownRevisionDate: answered.revisionDate },
    });
    assert.equal(uri, '2.u');
  });

  it('has what was changed in the place of what was received, however that was spelled', () => {
    const changed = body({ ...answered, Notes: '2.old', notes: undefined }, { notes: '2.new', folderId: null });
    assert.deepEqual([changed.notes, changed.Notes, changed.folderId], ['2.new', undefined, null]);
  });

  it('keeps members that we do not know, and each number as it was written', () => {
    const element =
      '{"id":"i","type":2,"name":"2.n","secureNote":{"type":0},"future":{"n":12345678901234567890,"f":1.10}}';
    assert.match(request(element), /"future":\{"n":12345678901234567890,"f":1\.10\}/);
  });

  it('always has the object of its type', () => {
    for (const { number, name } of itemTypes) {
      assert.equal(typeof body({ id: 'i', type: number, name: '2.n', [name]: null })[name], 'object', name);
    }
    assert.deepEqual(body({ id: 'i', type: 2, name: '2.n' }).secureNote, { type: 0 });
  });

  it('is written for servers of the first years, too', () => {
    const { Login, login, ...rest } = body({
      ...{ Id: 'i', Type: 1, Name: '2.n', Favorite: true, RevisionDate: 'r', Data: { Name: 'x' }, Edit: true },
      ...{ OrganizationId: 'o', FolderId: 'f', Key: '2.k', Reprompt: 1 },
      ...{ Login: { Uri: '2.u', Username: '2.x' }, PasswordHistory: null, Attachments: [{ Id: 'f', FileName: '2.a' }] },
    });
    assert.equal(Login, undefined);
    assert.deepEqual(login, { Username: '2.x', uris: [{ uri: '2.u', uriChecksum: null, match: null }] });
    assert.deepEqual(rest, {
      ...{ type: 1, name: '2.n', notes: null, favorite: true, fields: [], passwordHistory: [] },
      ...{ organizationId: 'o', folderId: 'f', key: '2.k', reprompt: 1 },
      ...{ encryptedFor: 'user-1', lastKnownRevisionDate: 'r' },
    });
  });
});
