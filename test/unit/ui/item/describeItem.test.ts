import assert from 'node:assert/strict';
import { describeItem } from '../../../../src/ui/item/describeItem';
import { isFromPage, type ItemCard } from '../../../../src/ui/item/messages';
import type { PlainItem } from '../../../server/items';
import { scenes } from '../../../support/window';

const secret = 'marked-secret-7Q';
const until = '2025-03-03T12:00:00.000Z';

const login: PlainItem = {
  name: 'GitHub',
  folder: 'Work',
  username: 'robin',
  password: secret,
  passwordChanged: until,
  passwordHistory: [{ password: `${secret}-before`, lastUsedDate: until }],
  totp: secret,
  uris: [{ uri: 'https://github.com/login', match: 1 }, 'otpauth://totp/x?secret=ABC'],
  notes: 'first line\nsecond line',
  fields: [
    { type: 'hidden', name: 'Token', value: secret },
    { type: 'text', name: 'Team', value: 'Platform' },
    { type: 'boolean', name: 'SSO', value: 'true' },
    { type: 'linked', name: 'Sign-in name', linkedId: 100 },
    { type: 'linked', name: 'Sign-in word', linkedId: 101 },
  ],
  passkeys: [{ rpId: 'github.com', userName: 'robin', creationDate: until }],
  attachments: [{ fileName: 'codes.txt', size: 412 }],
};

type Described = Omit<ItemCard, 'number'>;
const rowsOf = (card: Described) => card.sections.flatMap(({ rows }) => rows);
const texts = (card: Described) => Object.fromEntries(rowsOf(card).map(({ label, text }) => [label, text]));

describe('An item as its page shows it', () => {
  const scene = scenes();

  async function described(item: PlainItem): Promise<Described> {
    const organizations = [{ name: 'Northwind', collections: ['Team'] }];
    const window = await (await scene('official', { items: [item], organizations })).unlocked();
    return describeItem(window.vault, window.vault.item(window.itemId(item.name))!);
  }

  it('is whole, with what is no secret in clear', async () => {
    const card = await described(login);
    assert.deepEqual([card.title, card.subtitle, card.icon], ['GitHub', 'Login · Work', 'globe']);
    assert.deepEqual(texts(card), {
      Username: 'robin',
      'Password · changed Mar 3, 2025': undefined,
      'TOTP code': undefined,
      'Website · host': 'https://github.com/login',
      'Website 2': undefined,
      Token: undefined,
      Team: 'Platform',
      SSO: 'Yes',
      'Sign-in name → Username': 'robin',
      'Sign-in word → Password': 'linked to Password',
      Notes: 'first line\nsecond line',
      'github.com · created Mar 3, 2025': 'robin',
      'codes.txt': '412 byte',
      'until Mar 3, 2025': undefined,
    });
    assert.deepEqual(
      card.sections.map(({ title }) => title),
      [undefined, 'Custom fields', undefined, 'Passkeys', 'Attachments', 'Password history'],
    );
    assert.match(card.footer.join(), /Edited .+,Created /);
  });

  it('holds no secret of any kind of item', async () => {
    const items: PlainItem[] = [
      login,
      { ...login, name: 'asks', reprompt: true, notes: secret, fields: [{ name: 'PIN', value: secret }] },
      {
        name: 'key',
        type: 'sshKey',
        details: { privateKey: secret, publicKey: 'ssh-ed25519 AAAA', keyFingerprint: 'SHA256:x' },
      },
      { name: 'card', type: 'card', details: { number: `4111${secret}`, code: secret } },
    ];
    for (const item of items) assert.ok(!JSON.stringify(await described(item)).includes(secret), item.name);
  });

  it('tells of an item that asks for the master password what identifies it, and how much else there is', async () => {
    const card = await described({ ...login, reprompt: true });
    const clear = Object.entries(texts(card)).filter(([, text]) => text !== undefined);
    assert.deepEqual(clear, [
      ['Username', 'robin'],
      ['Website · host', 'https://github.com/login'],
      ['Sign-in name → Username', 'robin'],
      ['Sign-in word → Password', 'linked to Password'],
      ['••••••••', '412 byte'],
    ]);
    assert.ok(!/github\.com"|codes\.txt/.test(JSON.stringify(card)));
  });

  it('offers what people come for, and for each value what can be done with it', async () => {
    const card = await described(login);
    assert.deepEqual(
      card.actions.map(({ does, key, label, letter }) => [does, key, label, letter]),
      [
        ['copy', 'content.password', 'Copy Password', 'C'],
        ['open', 'uri.0', 'Open Website', 'O'],
      ],
    );
    const can = Object.fromEntries(rowsOf(card).map((row) => [row.key, row.can.join()]));
    assert.equal(can['content.password'], 'reveal,copy');
    assert.equal(can['content.username'], 'copy');
    assert.equal(can['content.totp'], 'copy');
    assert.equal(can['uri.0'], 'open,copy');
    assert.equal(can['formerPassword.0'], 'reveal,copy');
    assert.equal(can['custom.3'], '');
  });

  it('shows a card as a person reads it, and nothing of a number that is too short to be one', async () => {
    const details = { brand: 'Visa', cardholderName: 'Robin Demo', expMonth: '4', expYear: '2031' };
    const face = async (number: string, reprompt = false) =>
      (await described({ name: 'c', type: 'card', details: { ...details, number }, reprompt })).face;
    assert.deepEqual(await face('4111 1111 1111 1234'), {
      ...{ brand: 'Visa', number: '•••• 1234', holder: 'Robin Demo', expires: '04/2031' },
    });
    assert.equal((await face('3782 822463 10005'))?.number, '•••• 10005');
    assert.equal((await described({ name: 'c', type: 'card', details: { expYear: '2031' } })).face?.expires, '2031');
    assert.equal((await face('12345'))?.number, '••••');
    assert.equal((await face('4111 1111 1111 1234', true))?.number, '••••');
  });

  it('says of what the organization hides that it does', async () => {
    const { folder, ...ours } = login;
    assert.ok(folder);
    const card = await described({ ...ours, organization: 'Northwind', collections: ['Team'], viewPassword: false });
    assert.equal(card.subtitle, 'Login · Northwind / Team');
    assert.equal(texts(card)['Password · changed Mar 3, 2025'], 'hidden by your organization');
    assert.equal(texts(card)['until Mar 3, 2025'], 'hidden by your organization');
    assert.ok(!card.actions.some(({ key }) => key === 'content.password'));
  });

  it('takes no message but its own', () => {
    assert.ok(isFromPage({ kind: 'ready' }));
    assert.ok(isFromPage({ kind: 'act', does: 'copy', key: 'content.password', card: 1 }));
    for (const other of [
      undefined,
      null,
      7,
      {},
      { kind: 'act', does: 'delete', key: 'x', card: 1 },
      { kind: 'act', does: 'copy', card: 1 },
      { kind: 'act', does: 'copy', key: 'x' },
      { kind: 'act', does: 'copy', key: 'x', card: 1, part: 7 },
    ]) {
      assert.ok(!isFromPage(other), JSON.stringify(other));
    }
  });
});
