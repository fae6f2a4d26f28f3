import type { PlainItem } from '../server/items';

/** One of everything that the official CLI shows in full. */
export const itemsForTheCli: readonly PlainItem[] = [
  {
    name: 'Everything login',
    notes: 'Several\nlines, and ünïcödé 🔑',
    username: 'user@example.test',
    password: 'päss wörd "quoted" \\ 🔒',
    totp: 'JBSWY3DPEHPK3PXP',
    uris: ['https://example.test/login', { uri: 'https://other.example.test', match: 3 }],
    fields: [
      { name: 'plain', value: 'text value' },
      { type: 'hidden', name: 'secret', value: 'hidden value' },
      { type: 'boolean', name: 'flag', value: 'true' },
      { type: 'linked', name: 'same as user', linkedId: 100 },
    ],
    passwordHistory: [{ password: 'the one before', lastUsedDate: '2026-01-02T03:04:05.000Z' }],
    folder: 'Work/Nested',
    favorite: true,
    reprompt: true,
  },
  { name: 'Own key login', password: 'under a key of its own', uris: ['https://own.example.test'], ownKey: true },
  { type: 'secureNote', name: 'A note', notes: 'noted' },
  {
    type: 'card',
    name: 'A card',
    details: { cardholderName: 'Test Person', brand: 'Visa', number: '4111111111111111', expMonth: '1', code: '000' },
  },
  { type: 'identity', name: 'A person', details: { firstName: 'Test', lastName: 'Person', ssn: '000-00-0000' } },
  {
    name: 'Shared login',
    organization: 'Org',
    collections: ['Team'],
    username: 'shared',
    password: 'shared password',
  },
  {
    name: 'Shared under its own key',
    organization: 'Org',
    collections: ['Team'],
    password: 'twice wrapped',
    ownKey: true,
  },
  { name: 'Steam', totp: 'steam://HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ' },
  { name: 'Archived', password: 'x', archived: true },
  { name: 'Trashed', password: 'x', trashed: true },
];
