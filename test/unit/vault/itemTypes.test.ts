import assert from 'node:assert/strict';
import { itemTypes, type KnownItemType } from '../../../src/bitwarden/wire/itemTypes';
import { fieldLabel } from '../../../src/ui/labels';
import { typeGroupName, typeName } from '../../../src/ui/itemWords';
import type { PlainItem } from '../../server/items';
import { itemTypes as serverTypes } from '../../server/itemTypes';
import { renamed } from '../../server/misbehaviours';
import { fieldRef, refText } from '../../support/fieldRef';
import { dialects, scenes } from '../../support/window';

interface Sample {
  readonly item: Omit<PlainItem, 'name' | 'type'>;
  /** The labels in their order; masked ones in brackets. */
  readonly shows: readonly string[];
}

/** One item of each type, with every value that it can have. A new type does not compile without one. */
const samples: Readonly<Record<KnownItemType, Sample>> = {
  login: {
    item: { username: 'a', password: 'b', totp: 'c', uris: ['https://d.test'] },
    shows: ['Username', '[Password]', '[TOTP code]', 'Website'],
  },
  secureNote: { item: { notes: 'a' }, shows: ['[Notes]'] },
  card: {
    item: details('cardholderName brand number expMonth expYear code'),
    shows: ['Cardholder name', 'Brand', '[Number]', 'Expiration month', 'Expiration year', '[Security code]'],
  },
  identity: {
    item: details(
      'title firstName middleName lastName address1 address2 address3 city state postalCode country company email',
      'phone ssn username passportNumber licenseNumber',
    ),
    shows: [
      ...['Title', 'First name', 'Middle name', 'Last name', 'Username', 'Company'],
      ...['[Social Security number]', '[Passport number]', '[License number]'],
      ...['Email', 'Phone', 'Address 1', 'Address 2', 'Address 3'],
      ...['City / Town', 'State / Province', 'ZIP / Postal code', 'Country'],
    ],
  },
  sshKey: {
    item: details('privateKey publicKey keyFingerprint'),
    shows: ['[Private key]', 'Public key', 'Fingerprint'],
  },
  bankAccount: {
    item: details(
      'bankName nameOnAccount accountType accountNumber routingNumber branchNumber pin swiftCode iban bankContactPhone',
    ),
    shows: [
      ...['Bank name', 'Name on account', 'Account type', '[Account number]', '[Routing number]', 'Branch number'],
      ...['[PIN]', 'SWIFT code', '[IBAN]', 'Bank phone'],
    ],
  },
  driversLicense: {
    item: details(
      'firstName middleName lastName dateOfBirth licenseNumber issuingCountry issuingState issueDate expirationDate',
      'issuingAuthority licenseClass',
    ),
    shows: [
      ...['First name', 'Middle name', 'Last name', '[Date of birth]', '[License number]', 'Issuing country'],
      ...['Issuing state', 'Issue date', 'Expiration date', 'Issuing authority', 'License class'],
    ],
  },
  passport: {
    item: details(
      'surname givenName dateOfBirth sex birthPlace nationality issuingCountry passportNumber passportType',
      'nationalIdentificationNumber issuingAuthority issueDate expirationDate',
    ),
    shows: [
      ...['Surname', 'Given name', '[Date of birth]', '[Sex]', '[Place of birth]', 'Nationality', 'Issuing country'],
      ...['[Passport number]', 'Passport type', '[National identification number]', 'Issuing authority', 'Issue date'],
      'Expiration date',
    ],
  },
};

/** Wire names, each with a value of its own. */
function details(...names: readonly string[]): Pick<PlainItem, 'details'> {
  const all = names.join(' ').split(' ');
  return { details: Object.fromEntries(all.map((name) => [name, `value of ${name}`])) };
}

const types = Object.keys(samples) as KnownItemType[];

describe('Types of items', () => {
  const scene = scenes();

  it('are those of the protocol, by its numbers', () => {
    const numbers = (list: readonly { name: string; number: number }[]) =>
      list.map(({ name, number }) => [name, number]);
    assert.deepEqual(numbers(itemTypes), numbers(serverTypes));
  });

  it('have words, each of its own', () => {
    for (const words of [typeName, typeGroupName]) {
      assert.equal(new Set(types.map((type) => words(type))).size, types.length);
    }
  });

  for (const dialect of dialects) {
    for (const type of types) {
      it(`${dialect}: ${type} goes through a server whole, each value under its name`, async () => {
        const { item, shows } = samples[type];
        const { vault } = await (await scene(dialect, { items: [{ name: 'Sample', type, ...item }] })).unlocked();
        const [only] = vault.items;
        assert.deepEqual([only?.type, only?.closed], [type, undefined]);
        const fields = vault.fields(only!.id);
        const shown = fields.map((field) => [fieldLabel(field), field.masked] as const);
        assert.deepEqual(
          shown.map(([label, masked]) => (masked ? `[${label}]` : label)),
          shows,
        );
        for (const [name, value] of Object.entries(item.details ?? {})) {
          assert.equal(vault.read(only!.id, fieldRef(name)), value);
        }
        assert.ok(fields.every(({ state }) => state === 'there'));
      });
    }
  }

  it('give their values in any spelling of their names, in their usual place', async () => {
    const at = await scene('official', {
      items: [{ name: 'Sample', type: 'identity', details: { address1: 'x', ssn: '078-05-1120', username: 'robin' } }],
    });
    at.server.faults.arm('/api/sync', renamed({ ssn: 'SSN', username: 'Username', address1: 'ADDRESS1' }));
    const { vault } = await at.unlocked();
    const [only] = vault.items;
    assert.equal(only?.username, 'robin');
    assert.deepEqual(
      vault.fields(only.id).map(({ ref, masked }) => [refText(ref), masked]),
      [
        ['username', false],
        ['ssn', true],
        ['address1', false],
      ],
    );
    assert.equal(vault.read(only.id, fieldRef('ssn')), '078-05-1120');
  });

  it('may have values that came after ours: masked, last, and in words', async () => {
    const at = await scene('official', {
      items: [{ name: 'Sample', type: 'card', details: { brand: 'a', code: 'b', expYear: 'c', number: '4111' } }],
    });
    at.server.faults.arm('/api/sync', renamed({ brand: 'cardColour', code: 'newPIN', expYear: 'URL' }));
    const { vault } = await at.unlocked();
    assert.deepEqual(
      vault.fields(vault.items[0]!.id).map((field) => [fieldLabel(field), field.masked]),
      [
        ['Number', true],
        ['Card colour', true],
        ['URL', true],
        ['New PIN', true],
      ],
    );
  });
});
