import assert from 'node:assert/strict';
import { readCipher } from '../../../../src/bitwarden/wire/ciphers';

const spelled = (spell: (name: string) => string, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((each) => spelled(spell, each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [spell(name), spelled(spell, each)]));
};

const identity = {
  id: 'a',
  type: 4,
  name: '2.name',
  viewPassword: false,
  deletedDate: '2026-01-01T00:00:00Z',
  identity: { ssn: '2.ssn', firstName: '2.first', postalCode: '2.code', licenseNumber: '2.licence' },
  fields: [{ type: 3, name: '2.field', linkedId: 412 }],
};
const login = {
  id: 'a',
  type: 1,
  name: '2.name',
  login: { username: '2.u', password: '2.p', totp: '2.t', uris: [{ uri: '2.uri', uriChecksum: '2.sum', match: 4 }] },
};

const read = (wire: unknown) => readCipher(Buffer.from(JSON.stringify(wire)));

describe('Wire names', () => {
  for (const [how, spell] of [
    ['with a capital first', (name: string) => name.charAt(0).toUpperCase() + name.slice(1)],
    ['in lower case', (name: string) => name.toLowerCase()],
    ['in capitals', (name: string) => name.toUpperCase()],
  ] as const) {
    it(`are read ${how}`, () => {
      for (const item of [identity, login]) {
        assert.ok(read(item)?.name);
        assert.deepEqual(read(spelled(spell, item)), read(item));
      }
    });
  }
});
