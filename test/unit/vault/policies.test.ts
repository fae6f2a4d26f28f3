import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copySecret } from '../../../src/base/secretBytes';
import { AesCbcHmacKey } from '../../../src/bitwarden/crypto/aesCbcHmac';
import { sealText } from '../../../src/bitwarden/crypto/seal';
import { notesRef } from '../../../src/vault/fields';
import { EncryptedVault } from '../../../src/vault/encryptedVault';
import { Keyring } from '../../../src/vault/keyring';
import { OpenVault } from '../../../src/vault/openVault';
import { mayOwnItems } from '../../../src/vault/policies';

const key = AesCbcHmacKey.take(copySecret(randomBytes(64)));

type Wire = Readonly<Record<string, unknown>>;

const bytes = (value: Wire) => Buffer.from(JSON.stringify(value));
const item = (id: string, type: number, organizationId?: string) =>
  bytes({ id, type, name: sealText(id, key), notes: sealText(`of ${id}`, key), organizationId });

const organization = { name: 'O', enabled: true, type: 2, usePolicies: true };

/** A login, a note and a card of the user, and a card of each of two organisations, a and b, whose keys are not known. */
function open(policies: readonly Wire[], ofA: Wire = {}): Promise<OpenVault> {
  const organizations = [
    { ...organization, id: 'a', ...ofA },
    { ...organization, id: 'b' },
  ];
  const elements = new Map<string, Uint8Array>([['profile', bytes({ id: 'u1', email: 'a@b.c', organizations })]]);
  policies.forEach((policy, at) =>
    elements.set(`policies/${at}`, bytes({ id: `${at}`, organizationId: 'a', enabled: true, data: null, ...policy })),
  );
  for (const [id, type, of] of [
    ['card', 3],
    ['cardA', 3, 'a'],
    ['cardB', 3, 'b'],
    ['login', 1],
    ['note', 2],
  ] as const) {
    elements.set(`ciphers/${id}`, item(id, type, of));
  }
  return EncryptedVault.of(elements, 'host').then((vault) =>
    OpenVault.open(vault, new Keyring(AesCbcHmacKey.take(copySecret(key.bytes)))),
  );
}

const everything = ['card', 'cardA', 'cardB', 'login', 'note'];
const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).sort();

describe('policies of organisations', () => {
  for (const [what, policies, shown, ofA] of [
    ['cards, where no type is named', [{ type: 15 }], ['cardB', 'login', 'note']],
    ['the types that are named', [{ type: 15, data: [1, 2, 99, 'x'] }], ['card', 'cardA', 'cardB']],
    [
      'those of several organisations',
      [
        { type: 15, data: [1] },
        { type: 15, organizationId: 'b' },
      ],
      ['cardA', 'note'],
    ],
    ['nothing, with an empty list', [{ type: 15, data: [] }], everything],
    ['nothing, where it is off', [{ type: 15, enabled: false }], everything],
    ['nothing, where the organisation has no policies', [{ type: 15 }], everything, { usePolicies: false }],
    ['the same for an owner', [{ type: 15 }], ['cardB', 'login', 'note'], { type: 0 }],
    [
      'the same where the user is not known as a member',
      [{ type: 15, organizationId: 'c' }],
      ['cardA', 'cardB', 'login', 'note'],
    ],
  ] as [string, Wire[], string[], Wire?][]) {
    it(`restrict types: ${what}`, async () => {
      const vault = await open(policies, ofA);
      assert.deepEqual(ids(vault.items), shown);
      assert.deepEqual(ids(await vault.searchAll('')), shown);
      assert.deepEqual(
        everything.filter((id) => vault.item(id) !== undefined),
        shown,
      );
    });
  }

  it('leave nothing of a restricted item to read or to change', async () => {
    const vault = await open([{ type: 15 }]);
    assert.deepEqual(ids(await vault.searchAll('card')), []);
    assert.deepEqual(ids(await (await open([])).searchAll('card')), ['card']);
    assert.throws(() => vault.read('card', notesRef), /no such item/);
    assert.deepEqual([vault.fields('card'), vault.details('card'), vault.rights('card')], [[], undefined, undefined]);
    assert.equal(vault.read('note', notesRef), 'of note');
  });

  it('keep an item of a restricted type hidden when it changes, and the others in their order', async () => {
    let vault = await open([{ type: 15 }]);
    const change = (id: string, type: number) => ({ key: `ciphers/${id}`, json: item(id, type) });
    vault = await vault.apply([change('card', 3), change('another', 3), change('a', 2), change('note', 2)]);
    assert.deepEqual(
      vault.items.map(({ id }) => id).filter((id) => id !== 'cardB'),
      ['a', 'login', 'note'],
    );
    vault = await vault.apply([{ key: 'policies/0', json: undefined }]);
    assert.deepEqual(ids(vault.items), ['a', 'another', ...everything]);
  });

  it('say who may own items', async () => {
    const may = async (policies: readonly Wire[], ofA?: Wire) => mayOwnItems((await open(policies, ofA)).policies);
    const policy = { type: 5 };
    assert.deepEqual(
      [await may([]), await may([policy]), await may([{ type: 5, enabled: false }])],
      [true, false, true],
    );
    for (const [type, expected] of [
      [0, true],
      [1, true],
      [2, false],
      [3, false],
      [4, false],
    ] as const) {
      assert.equal(await may([policy], { type }), expected, `${type}`);
    }
    assert.equal(await may([policy, { type: 5, organizationId: 'b' }], { type: 0 }), false);
  });

  it('hold owners to all but a limit of the timeout', async () => {
    const types = async (type: number) => {
      const policies = [2, 9, 14].map((each) => ({ type: each, data: { minutes: 5 } }));
      return (await open(policies, { type })).policies.map((each) => each.type);
    };
    assert.deepEqual(
      [await types(0), await types(1)],
      [
        [2, 14],
        [2, 9, 14],
      ],
    );
  });
});
