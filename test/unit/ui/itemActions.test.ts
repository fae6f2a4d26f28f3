import assert from 'node:assert/strict';
import { mainField } from '../../../src/ui/itemActions';
import { fieldLabel, whoseValue } from '../../../src/ui/labels';
import type { PlainItem } from '../../server/items';
import { scenes } from '../../support/window';

const organizations = [{ name: 'Northwind', collections: ['Team'] }];
const hidden = { organization: 'Northwind', collections: ['Team'], viewPassword: false } as const;

describe('What people come to an item for', () => {
  const scene = scenes();

  const cases: [what: string, item: Omit<PlainItem, 'name'>, label: string | undefined][] = [
    [
      'of a login the password',
      { username: 'robin', password: 'x', totp: 'x', uris: ['https://a.example'] },
      'Password',
    ],
    ['of a login without one the code', { username: 'robin', totp: 'x' }, 'TOTP code'],
    ['of a login without either the username', { username: 'robin', notes: 'x' }, 'Username'],
    ['of a login with nothing else its first secret', { uris: ['https://a.example'], notes: 'x' }, 'Notes'],
    ['of a login whose password is hidden the username', { username: 'robin', password: 'x', ...hidden }, 'Username'],
    ['of a card the number', { type: 'card', details: { brand: 'Visa', number: '4111', code: '1' } }, 'Number'],
    ['of an SSH key the public one', { type: 'sshKey', details: { privateKey: 'x', publicKey: 'y' } }, 'Public key'],
    [
      'of a bank account its number',
      { type: 'bankAccount', details: { pin: '1', accountNumber: '2' } },
      'Account number',
    ],
    [
      'of a note the text',
      { type: 'secureNote', notes: 'x', fields: [{ type: 'hidden', name: 'y', value: 'z' }] },
      'Notes',
    ],
    [
      'of an identity the e-mail address',
      { type: 'identity', details: { title: 'Mx', email: 'r@a.example' } },
      'Email',
    ],
    ['of an item without values nothing', { notes: '' }, undefined],
  ];
  for (const [what, item, label] of cases) {
    it(`is ${what}`, async () => {
      const { vault } = await (
        await scene('official', { items: [{ name: 'One', ...item }], organizations })
      ).unlocked();
      const [one] = vault.items;
      const field = mainField(one!, vault.fields(one!.id));
      assert.equal(field && fieldLabel(field), label);
    });
  }

  it('is called by the name of the item and its user in a notice, both shortened', async () => {
    const items: PlainItem[] = [
      { name: 'GitHub', username: 'robin-demo', password: 'x' },
      { name: `Line\nend ${'long '.repeat(100)}`, username: 'u'.repeat(500), password: 'x' },
      { name: 'No user', password: 'x' },
    ];
    const { vault } = await (await scene('official', { items })).unlocked();
    const [github, long, without] = vault.items.map((item) =>
      whoseValue(
        item,
        vault.fields(item.id).find(({ masked }) => masked)!,
      ),
    );
    assert.equal(github, 'Password of GitHub (robin-demo)');
    assert.equal(without, 'Password of No user');
    assert.ok(long!.startsWith('Password of Line end long') && long!.length < 110, long);
  });
});
