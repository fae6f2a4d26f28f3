import assert from 'node:assert/strict';
import { rowArgument } from '../../../src/ui/commands/rowArgument';

describe('What commands are called with', () => {
  const item = { id: 'a' };

  for (const ref of [
    { kind: 'notes' },
    { kind: 'content', name: 'password' },
    { kind: 'uri', index: 0 },
    { kind: 'custom', index: 2 },
  ]) {
    it(`is a field of an item: ${ref.kind}`, () => {
      assert.deepEqual(rowArgument({ item, field: { ref } }), { itemId: 'a', ref });
    });
  }

  for (const field of [
    undefined,
    null,
    {},
    { ref: 'notes' },
    ...['x', 'uri', 'content'].map((kind) => ({ ref: { kind } })),
  ]) {
    it(`is an item where its field is ${JSON.stringify(field)}`, () => {
      assert.deepEqual(rowArgument({ item, field }), { itemId: 'a', ref: undefined });
    });
  }

  for (const odd of [undefined, null, 1, 'a', {}, { item: null }, { item: { id: 1 } }, []]) {
    it(`is nothing that we know where it is ${JSON.stringify(odd)}`, () => assert.equal(rowArgument(odd), undefined));
  }
});
