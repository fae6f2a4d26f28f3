import assert from 'node:assert/strict';
import { cipherRequest } from '../../../../src/bitwarden/wire/cipherRequest';
import type { ItemEdit } from '../../../../src/vault/edit/itemEdit';
import { type Choice, Merge, partKey } from '../../../../src/vault/edit/merge';
import { receivedItem, type ReceivedItem } from '../../../../src/vault/edit/receivedItem';
import { sealEdit } from '../../../../src/vault/edit/sealEdit';
import { HiddenByOrganizationError, LockedError, RepromptRequiredError } from '../../../../src/vault/errors';
import { Keyring } from '../../../../src/vault/keyring';
import { MasterPasswordProof } from '../../../../src/vault/masterPasswordProof';
import { encryptItem } from '../../../server/encryptItem';
import type { PlainItem } from '../../../server/items';
import { generateKey } from '../../../support/keys';

const plain: PlainItem = {
  ...{ name: 'Item', notes: 'noted', username: 'me', password: 'first' },
  uris: ['https://a.test', 'https://b.test'],
  fields: [
    { name: 'one', value: '1' },
    { type: 'hidden', name: 'two', value: '2' },
  ],
};

describe('An edit and what has changed elsewhere', () => {
  const key = generateKey();
  const keyring = new Keyring(key);
  const place = { organizationId: null, collectionIds: [], folderId: null };

  function received(item: PlainItem, more: object = {}, under = key): ReceivedItem {
    const { typed, ...rest } = encryptItem(item, under, place, '2026-01-02T03:04:05Z');
    return receivedItem(Buffer.from(JSON.stringify({ ...rest, login: typed, ...more })))!;
  }

  /** As sealEdit and a server make it. */
  function edited({ element }: ReceivedItem, edit: ItemEdit): ReceivedItem {
    const item = receivedItem(Buffer.from(JSON.stringify(element)))!;
    const body = cipherRequest(element, { changes: sealEdit(item, edit, keyring, 0), encryptedFor: 'u' });
    return receivedItem(Buffer.from(JSON.stringify({ ...body, id: item.cipher.id })))!;
  }

  const base = received(plain);
  const mergeWith = (theirs: PlainItem, mine: ItemEdit) => new Merge({ base, theirs: received(theirs), mine }, keyring);
  const conflicts = ({ conflicts: parts }: Merge) => parts.map((part) => partKey(part));
  const choosing = (merge: Merge, choice: Choice) =>
    merge.edit(new Map(conflicts(merge).map((part) => [part, choice])));

  it('go together where everything was only encrypted anew', () => {
    const mine: ItemEdit = {
      name: 'x',
      content: { password: 'y' },
      uris: [{ from: 1 }],
      fields: [{ from: 0, value: 'z' }],
    };
    const merge = mergeWith(plain, mine);
    assert.deepEqual([conflicts(merge), merge.edit()], [[], mine]);
  });

  it('go together in different parts, and in different entries of a list', () => {
    const theirs = {
      ...plain,
      notes: 'theirs',
      fields: [{ name: 'new', value: 'n' }, plain.fields![0]!, { ...plain.fields![1]!, value: '22' }],
    };
    const merge = mergeWith(theirs, { content: { password: 'mine' }, fields: [{ from: 1 }, { from: 0, value: '11' }] });
    assert.deepEqual(conflicts(merge), []);
    assert.deepEqual(merge.edit(), {
      content: { password: 'mine' },
      fields: [{ from: 2 }, { from: 1, value: '11' }, { from: 0 }],
    });
    const removed = mergeWith(
      { ...plain, uris: ['https://b.test'] },
      { uris: [{ from: 0 }, { from: 1, match: 'exact' }, { uri: 'c' }] },
    );
    assert.deepEqual(removed.edit().uris, [{ from: 0, match: 'exact' }, { uri: 'c' }]);
  });

  it('do not go together where the same was changed to something else', () => {
    const theirs: PlainItem = {
      ...{ ...plain, name: 'T', notes: 't', password: 't', favorite: true, reprompt: true },
      ...{ uris: ['https://t.test'], fields: [{ name: 'one', value: 't' }] },
    };
    const mine: ItemEdit = {
      ...{ name: 'M', notes: 'm', content: { password: 'm', username: 'me' }, favorite: true, folderId: 'f' },
      ...{ uris: [{ from: 0, match: 'never' }], fields: [{ from: 0, value: 'm' }] },
    };
    const merge = mergeWith(theirs, mine);
    assert.deepEqual(conflicts(merge), ['name', 'notes', 'content.password', 'uris', 'fields']);
    const both = { content: {}, favorite: true, folderId: 'f' };
    assert.deepEqual(choosing(merge, 'theirs'), both);
    const taken = edited(received(theirs), choosing(merge, 'mine'));
    const again = new Merge({ base: taken, theirs: taken, mine: {} }, keyring);
    const proof = new MasterPasswordProof(keyring);
    const value = (kind: 'name' | 'notes' | 'uris' | 'fields') => again.value({ kind }, 'theirs', proof);
    assert.deepEqual([value('name'), value('notes')], ['M', 'm']);
    assert.deepEqual(value('uris'), [{ uri: 'https://a.test', match: 'never' }]);
    assert.deepEqual(value('fields'), [{ type: 'text', name: 'one', value: 'm', linkedTo: undefined }]);
    assert.equal(merge.edit(new Map([['notes', 'both']])).notes, 't\n\nm');
  });

  it('can be looked at side by side, unless that is not for everybody', () => {
    const theirs = { ...plain, password: 'theirs' };
    const merge = mergeWith(theirs, { content: { password: 'mine' } });
    const part = { kind: 'content', name: 'password' } as const;
    const sides = (['base', 'theirs', 'mine'] as const).map((side) => merge.value(part, side));
    assert.deepEqual(sides, ['first', 'theirs', 'mine']);
    const asking = new Merge({ base, theirs: received({ ...theirs, reprompt: true }), mine: { notes: 'x' } }, keyring);
    assert.throws(() => asking.value({ kind: 'notes' }, 'theirs'), RepromptRequiredError);
    assert.throws(
      () => asking.value({ kind: 'notes' }, 'theirs', new MasterPasswordProof(new Keyring(generateKey()))),
      RepromptRequiredError,
    );
    assert.equal(asking.value({ kind: 'notes' }, 'theirs', new MasterPasswordProof(keyring)), 'noted');
    const hidden = new Merge({ base, theirs: received(theirs, { viewPassword: false }), mine: {} }, keyring);
    assert.throws(() => hidden.value(part, 'theirs'), HiddenByOrganizationError);
    assert.throws(() => hidden.value({ kind: 'fields' }, 'base'), HiddenByOrganizationError);
  });

  it('are a matter of choice where nobody knows any more how it was: the key is another one', () => {
    const former = received(plain, {}, generateKey());
    const mine: ItemEdit = { notes: 'mine', content: { username: 'me' }, uris: [{ from: 0 }] };
    const merge = new Merge({ base: former, theirs: received(plain), mine }, keyring);
    assert.deepEqual(conflicts(merge), ['notes', 'uris']);
    assert.equal(merge.value({ kind: 'notes' }, 'base'), undefined);
    assert.deepEqual(merge.edit().uris, [{ from: 0 }]);
    assert.deepEqual(conflicts(new Merge({ base: undefined, theirs: received(plain), mine }, keyring)), [
      'notes',
      'uris',
    ]);
  });

  it('are nothing that anybody can see after a lock', () => {
    const own = new Keyring(generateKey());
    own.wipe();
    assert.throws(() => new Merge({ base, theirs: base, mine: { name: 'x' } }, own), LockedError);
  });
});
