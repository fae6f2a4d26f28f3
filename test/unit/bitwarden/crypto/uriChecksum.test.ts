import assert from 'node:assert/strict';
import { listedValue } from '../../../../src/vault/read';
import type { PlainItem } from '../../../server/items';
import { refText } from '../../../support/fieldRef';
import { dialects, scenes, type EditorWindow } from '../../../support/window';

describe('An address without a checksum', () => {
  const scene = scenes();

  const item = { name: 'Example', uris: ['https://first.example.test', 'https://second.example.test'] };

  async function withoutChecksum(
    dialect: (typeof dialects)[number],
    more: Partial<PlainItem>,
    checksum?: unknown,
  ): Promise<EditorWindow> {
    const at = await scene(dialect, { items: [{ ...item, ...more }] });
    const [first] = at.account.ciphers[0]!.typed!.uris as { uriChecksum?: unknown }[];
    assert.ok(first?.uriChecksum, 'the factory writes one');
    if (checksum === undefined) delete first.uriChecksum;
    else first.uriChecksum = checksum;
    return at.unlocked();
  }

  const listed = ({ vault }: EditorWindow) => {
    const [only] = vault.items;
    return vault.fields(only!.id).map((field) => [refText(field.ref), listedValue(vault, only!, field)]);
  };

  for (const checksum of ['', null, ' ', 0, {}, 'not encrypted', '2.AAAA|BBBB|CCCC']) {
    it(`counts as one without where the checksum is ${JSON.stringify(checksum)}`, async () => {
      const keyed = await withoutChecksum('official', { ownKey: true }, checksum);
      assert.deepEqual(
        listed(keyed).map(([, address]) => address),
        [undefined, 'https://second.example.test'],
      );
      assert.equal(keyed.vault.fields(keyed.itemId('Example'))[0]?.state, 'unreadable');
      const plain = await withoutChecksum('official', {}, checksum);
      assert.equal(plain.read('Example', 'uri.0'), 'https://first.example.test');
    });
  }

  for (const dialect of dialects) {
    it(`${dialect}: shows nowhere, and nothing finds it, in an item with a key of its own`, async () => {
      const window = await withoutChecksum(dialect, { ownKey: true });
      assert.throws(() => window.read('Example', 'uri.0'), { name: 'NotReadableError' });
      assert.equal(window.read('Example', 'uri.1'), 'https://second.example.test');
      assert.deepEqual(listed(window), [
        ['uri.0', undefined],
        ['uri.1', 'https://second.example.test'],
      ]);
      assert.deepEqual((await window.vault.search('first.example')).items, []);
      assert.equal((await window.vault.search('second.example')).items.length, 1);
    });

    it(`${dialect}: is as good as any in an item under the key of the user`, async () => {
      const window = await withoutChecksum(dialect, {});
      assert.deepEqual(listed(window), [
        ['uri.0', 'https://first.example.test'],
        ['uri.1', 'https://second.example.test'],
      ]);
      assert.equal((await window.vault.search('first.example')).items.length, 1);
    });
  }
});
