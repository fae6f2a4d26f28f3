import assert from 'node:assert/strict';
import { receivedItem, whyReadOnly } from '../../../../src/vault/edit/receivedItem';
import { newItemFrom } from '../../../../src/vault/edit/wholeEdit';
import { Keyring } from '../../../../src/vault/keyring';
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
const edit = { content: { username: 'you' }, fields: [{ from: 1 }, { from: 0, value: '3' }] };

describe('An item as it was received', () => {
  const key = generateKey();
  const keyring = new Keyring(key);

  function element(item: PlainItem): Record<string, unknown> {
    const place = { organizationId: null, collectionIds: [], folderId: null };
    const { typed, ...rest } = encryptItem(item, key, place, '2026-01-02T03:04:05Z');
    return { ...rest, ...(item.type === 'secureNote' ? {} : { login: typed }) };
  }
  const received = (json: object) => receivedItem(Buffer.from(JSON.stringify(json)))!;

  it('is read-only where a part of it stands in `data` alone, which is not sent', () => {
    const note = element({ name: 'Note', type: 'secureNote', notes: 'n' });
    const login = element(plain);
    const inData = ({ name, notes, ...rest }: Record<string, unknown>) => ({
      ...rest,
      data: JSON.stringify({ Name: name, Notes: notes }),
    });
    assert.equal(whyReadOnly(received(note), keyring), undefined);
    assert.equal(whyReadOnly(received(login), keyring), undefined);
    for (const item of [inData(note), inData(login), { ...inData(note), name: note.name }]) {
      assert.equal(whyReadOnly(received(item), keyring), 'unknown');
    }
  });

  it('becomes with its edit a new item, which has all of it', () => {
    assert.deepEqual(newItemFrom(received(element(plain)), edit, keyring), {
      type: 'login',
      edit: {
        ...{ name: 'Item', notes: 'noted', folderId: null, favorite: false, reprompt: false },
        content: { username: 'you', password: 'first' },
        uris: [
          { uri: 'https://a.test', match: null },
          { uri: 'https://b.test', match: null },
        ],
        fields: [
          { type: 'hidden', name: 'two', value: '2' },
          { type: 'text', name: 'one', value: '3' },
        ],
      },
    });
  });

  it('gives away to a new item nothing that asks for the master password, or is hidden', () => {
    for (const more of [{ reprompt: 1 }, { viewPassword: false }]) {
      const made = newItemFrom(received({ ...element(plain), ...more }), edit, keyring)?.edit;
      assert.deepEqual([made?.name, made?.content, made?.notes, made?.uris], ['Item', { username: 'you' }, '', []]);
      assert.deepEqual(made?.fields, [{ type: 'text', name: '', value: '3' }]);
    }
  });
});
