import assert from 'node:assert/strict';
import type { Cipher } from '../../../../src/bitwarden/wire/model';
import type { EncryptedVault } from '../../../../src/vault/encryptedVault';
import { vaultOfAnswer } from '../../../support/vaultOfAnswer';
import { KdfOutOfBoundsError, MalformedAnswerError } from '../../../../src/bitwarden/errors';
import type { TimeSlices } from '../../../../src/base/timeSlices';
import { CountedSlices } from '../../../support/countedSlices';

const profile = { id: 'u1', email: 'A@b.c ' };

/** What is read of a vault. */
type Model = ReturnType<typeof modelOf>;

async function parse(answer: unknown, slices?: TimeSlices): Promise<Model> {
  const bytes = Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  return modelOf(await vaultOfAnswer(bytes, 'host', slices));
}

function modelOf(vault: EncryptedVault) {
  const { profile, folders, collections, policies, masterPasswordUnlock, upgradeToken } = vault;
  return { profile, folders, collections, policies, masterPasswordUnlock, upgradeToken, ciphers: [...vault.ciphers()] };
}

async function cipher(wire: unknown): Promise<Cipher | undefined> {
  const { ciphers } = await parse({ profile, ciphers: [wire] });
  return ciphers[0];
}

/** Every key of every object with its first letter in upper case, as servers sent them before 2022. */
function pascal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.charAt(0).toUpperCase() + key.slice(1), pascal(inner)]),
  );
}

const login = {
  id: 'c1',
  organizationId: 'o1',
  folderId: 'f1',
  collectionIds: ['k1', 'k2'],
  type: 1,
  key: '2.key',
  name: '2.name',
  notes: '2.notes',
  login: {
    username: '2.user',
    password: '2.pass',
    totp: '2.totp',
    uri: '2.uri',
    uris: [{ uri: '2.uri', uriChecksum: '2.sum', match: 3 }, { uri: '2.uri2' }],
    passwordRevisionDate: '2025-03-03T03:04:05Z',
    fido2Credentials: [
      { credentialId: '2.x', rpId: '2.rp', userName: '2.un', keyValue: '2.k', creationDate: '2025-04-04T03:04:05Z' },
    ],
  },
  card: null,
  fields: [
    { type: 0, name: '2.fn', value: '2.fv', linkedId: null },
    { type: 3, name: '2.fn', value: null, linkedId: 100 },
    { type: 42, name: '2.fn', value: '2.fv', linkedId: undefined },
  ],
  passwordHistory: [{ password: '2.old', lastUsedDate: '2025-03-03T03:04:05Z' }],
  attachments: [
    { id: 'a1', fileName: '2.file', size: '4096', sizeName: '4 KB', key: '2.k', url: 'https://example.test/a1' },
    { id: 'a2', fileName: null, size: '-1' },
    { fileName: '2.without an id' },
  ],
  reprompt: 1,
  favorite: true,
  edit: true,
  permissions: { delete: true, restore: false },
  viewPassword: false,
  organizationUseTotp: true,
  revisionDate: '2026-01-02T03:04:05.1234567Z',
  creationDate: '2025-01-02T03:04:05Z',
  deletedDate: null,
  archivedDate: '2026-02-02T03:04:05Z',
  data: '{"Name":"2.name"}',
  someFutureField: { nested: [1] },
};

const parsedLogin: Cipher = {
  id: 'c1',
  organizationId: 'o1',
  folderId: 'f1',
  collectionIds: ['k1', 'k2'],
  type: 1,
  key: '2.key',
  blob: undefined,
  name: '2.name',
  notes: '2.notes',
  login: {
    username: '2.user',
    password: '2.pass',
    passwordRevisionDate: '2025-03-03T03:04:05Z',
    totp: '2.totp',
    uris: [
      { uri: '2.uri', uriChecksum: '2.sum', match: 3 },
      { uri: '2.uri2', uriChecksum: undefined, match: undefined },
    ],
    passkeys: [{ rpId: '2.rp', userName: '2.un', creationDate: '2025-04-04T03:04:05Z' }],
  },
  details: {},
  fields: [
    { type: 0, name: '2.fn', value: '2.fv', linkedId: undefined },
    { type: 3, name: '2.fn', value: undefined, linkedId: 100 },
    { type: 42, name: '2.fn', value: '2.fv', linkedId: undefined },
  ],
  reprompt: true,
  favorite: true,
  viewPassword: false,
  mayEdit: true,
  mayDelete: true,
  mayRestore: false,
  passwordHistory: [{ password: '2.old', lastUsedDate: '2025-03-03T03:04:05Z' }],
  attachments: [
    { id: 'a1', fileName: '2.file', key: '2.k', size: 4096 },
    { id: 'a2', fileName: undefined, key: undefined, size: undefined },
  ],
  creationDate: '2025-01-02T03:04:05Z',
  revisionDate: '2026-01-02T03:04:05.1234567Z',
  deletedDate: undefined,
  archivedDate: '2026-02-02T03:04:05Z',
  unsupported: false,
};

const bare: Cipher = {
  id: 'c1',
  organizationId: undefined,
  folderId: undefined,
  collectionIds: [],
  type: 2,
  key: undefined,
  blob: undefined,
  name: '2.name',
  notes: undefined,
  login: undefined,
  details: {},
  fields: [],
  reprompt: false,
  favorite: false,
  viewPassword: true,
  mayEdit: true,
  mayDelete: true,
  mayRestore: true,
  passwordHistory: [],
  attachments: [],
  creationDate: undefined,
  revisionDate: undefined,
  deletedDate: undefined,
  archivedDate: undefined,
  unsupported: false,
};

const emptyLogin = {
  username: undefined,
  password: undefined,
  passwordRevisionDate: undefined,
  totp: undefined,
  uris: [],
  passkeys: [],
};

describe('an item as received', () => {
  const blob = '{"format_version":1,"wrapped_cek":"2.x","envelope":"AAAA"}';
  const parsedBlob = { wrappedContentKey: '2.x', envelope: 'AAAA' };
  const cases: [string, unknown, Cipher][] = [
    ['in full', login, parsedLogin],
    ['in full, old casing', pascal(login), parsedLogin],
    ['with nothing but a name', { id: 'c1', type: 2, name: '2.name', secureNote: { type: 0 } }, bare],
    [
      'with null everywhere',
      { ...Object.fromEntries(Object.keys(login).map((key) => [key, null])), id: 'c1', type: 2, name: '2.name' },
      bare,
    ],
    [
      'with wrong types everywhere',
      {
        ...{ id: 'c1', type: 1, name: '2.name', login: [], fields: {}, collectionIds: 'k1', attachments: 7, key: 1 },
        ...{ notes: false, folderId: {}, favorite: 'yes', edit: 1, revisionDate: 5, organizationUseTotp: [] },
      },
      { ...bare, type: 1, login: emptyLogin, mayEdit: false, mayDelete: false, mayRestore: false },
    ],
    [
      'with protections of the wrong type',
      { id: 'c1', type: 2, name: '2.name', reprompt: 'true', viewPassword: 'false' },
      { ...bare, reprompt: true, viewPassword: false },
    ],
    [
      'with one legacy URI',
      { id: 'c1', type: 1, name: '2.name', login: { uri: '2.uri', uris: null } },
      {
        ...bare,
        type: 1,
        login: { ...emptyLogin, uris: [{ uri: '2.uri', uriChecksum: undefined, match: undefined }] },
      },
    ],
    [
      'as a card',
      { id: 'c1', type: 3, name: '2.name', card: { cardholderName: '2.h', Number: '2.n', brand: null, code: '2.c' } },
      { ...bare, type: 3, details: { cardholderName: '2.h', number: '2.n', code: '2.c' } },
    ],
    [
      'as an SSH key',
      { id: 'c1', type: 5, name: '2.name', sshKey: { privateKey: '2.p', publicKey: '2.q', keyFingerprint: '2.f' } },
      { ...bare, type: 5, details: { privateKey: '2.p', publicKey: '2.q', keyFingerprint: '2.f' } },
    ],
    [
      'as a passport',
      { id: 'c1', type: 8, name: '2.name', passport: { surname: '2.s', passportNumber: '2.n' } },
      { ...bare, type: 8, details: { surname: '2.s', passportNumber: '2.n' } },
    ],
    [
      'with a hostile detail name',
      `{"id":"c1","type":4,"name":"2.name","identity":{"__proto__":"2.x","firstName":"2.f"}}`,
      {
        ...bare,
        type: 4,
        details: Object.fromEntries([
          ['__proto__', '2.x'],
          ['firstName', '2.f'],
        ]),
      },
    ],
    [
      'with its content in data alone',
      {
        ...{ id: 'c1', type: 1, name: null, login: null },
        data: JSON.stringify({
          ...{ Name: '2.name', Notes: '2.notes', Username: '2.user', Password: '2.pass' },
          ...{ Uris: [{ Uri: '2.uri', Match: 1 }], Fields: [{ Type: 1, Name: '2.fn', Value: '2.fv' }] },
        }),
      },
      {
        ...bare,
        type: 1,
        notes: '2.notes',
        login: {
          ...emptyLogin,
          username: '2.user',
          password: '2.pass',
          uris: [{ uri: '2.uri', uriChecksum: undefined, match: 1 }],
        },
        fields: [{ type: 1, name: '2.fn', value: '2.fv', linkedId: undefined }],
      },
    ],
    [
      'with its name in data alone',
      { id: 'c1', type: 1, name: null, login: { username: '2.user' }, data: '{"Name":"2.name","Username":"2.other"}' },
      { ...bare, type: 1, login: { ...emptyLogin, username: '2.user' } },
    ],
    [
      'with its content in data as an object',
      { id: 'c1', type: 3, data: { name: '2.name', notes: '2.notes', number: '2.n', expMonth: '2.m' } },
      { ...bare, type: 3, notes: '2.notes', details: { number: '2.n', expMonth: '2.m' } },
    ],
    [
      'sealed in a blob',
      { id: 'c1', type: 1, data: blob },
      { ...bare, type: 1, name: undefined, login: emptyLogin, blob: parsedBlob },
    ],
    [
      'sealed in a blob with a stand-in name',
      { id: 'c1', type: 3, name: '2.name', data: blob },
      { ...bare, type: 3, name: undefined, blob: parsedBlob },
    ],
    [
      'with notes alone',
      { id: 'c1', type: 2, name: null, notes: '2.notes', secureNote: null },
      { ...bare, name: undefined, notes: '2.notes' },
    ],
    [
      'with custom fields alone',
      { id: 'c1', type: 1, fields: [{ type: 0, name: '2.fn', value: '2.fv' }] },
      {
        ...{ ...bare, type: 1, name: undefined, login: emptyLogin },
        fields: [{ type: 0, name: '2.fn', value: '2.fv', linkedId: undefined }],
      },
    ],
    ['with nothing at all', { id: 'c1', type: 2, name: null }, { ...bare, name: undefined, unsupported: true }],
    ['with broken data', { id: 'c1', type: 2, data: '{"Name":' }, { ...bare, name: undefined, unsupported: true }],
    [
      'of a future type',
      { id: 'c1', type: 99, name: '2.name', hologram: { x: '2.x' } },
      { ...bare, type: 99, unsupported: true },
    ],
    ['without a type', { id: 'c1', name: '2.name' }, { ...bare, type: 0, unsupported: true }],
    [
      'with a field without a type, which is then hidden',
      { id: 'c1', type: 2, name: '2.name', fields: [{ value: '2.v' }, null, 'x'] },
      { ...bare, fields: [{ type: 1, name: undefined, value: '2.v', linkedId: undefined }] },
    ],
  ];

  for (const [what, wire, expected] of cases) {
    it(`is read ${what}`, async () => {
      assert.deepEqual(await cipher(typeof wire === 'string' ? JSON.parse(wire) : wire), expected);
    });
  }

  for (const broken of [
    null,
    7,
    'x',
    [],
    {},
    { id: '' },
    { id: 7 },
    { name: '2.name' },
    { ...login, id: 'c1/password' },
  ]) {
    it(`is left out when it is ${JSON.stringify(broken)}, and the next one is not`, async () => {
      const { ciphers } = await parse({ profile, ciphers: [broken, login] });
      assert.deepEqual(ciphers, [parsedLogin]);
    });
  }
});

describe('a vault as received', () => {
  const userDecryption = {
    masterPasswordUnlock: {
      kdf: { kdfType: 0, iterations: 600000, memory: null, parallelism: null },
      masterKeyEncryptedUserKey: '2.key',
      salt: 'salt',
    },
    userKeyId: null,
  };
  const wire = {
    object: 'sync',
    profile: {
      ...{ ...profile, name: 'Ä', securityStamp: 's', premium: true, key: '2.k', privateKey: '2.p' },
      organizations: [
        { id: 'o1', name: 'Org', enabled: true, key: '4.k' },
        { id: 'o2', name: null, type: 1, usePolicies: false },
        { id: 'o1/o2', name: 'Path' },
      ],
    },
    folders: [{ id: 'f1', name: '2.f' }, { id: 'f2' }, null, { id: 'a/b', name: '2.f' }],
    collections: [
      { id: '../k', organizationId: 'o1', name: '2.c' },
      { id: 'k1', organizationId: 'o1', name: '2.c' },
      { id: 'k2', name: '2.c' },
    ],
    ciphers: [login],
    domains: null,
    policies: [{ id: 'p1', organizationId: 'o1', type: 9, enabled: true, data: { minutes: 5 } }, { id: 'p2' }],
    sends: [{ id: 's1' }],
    userDecryption,
  };
  const expected: Model = {
    profile: {
      id: 'u1',
      email: 'A@b.c ',
      securityStamp: 's',
      key: '2.k',
      privateKey: '2.p',
      signed: undefined,
      organizations: [
        { id: 'o1', name: 'Org', enabled: true, role: 'member', usePolicies: true, key: '4.k' },
        { id: 'o2', name: '', enabled: true, role: 'admin', usePolicies: false, key: undefined },
      ],
    },
    folders: [{ id: 'f1', name: '2.f' }],
    collections: [{ id: 'k1', organizationId: 'o1', name: '2.c' }],
    ciphers: [parsedLogin],
    policies: [{ id: 'p1', organizationId: 'o1', type: 9, enabled: true, data: { minutes: 5 } }],
    masterPasswordUnlock: {
      kdf: { type: 'pbkdf2', iterations: 600000 },
      salt: 'salt',
      masterKeyEncryptedUserKey: '2.key',
    },
    upgradeToken: undefined,
  };

  it('is read in full', async () => assert.deepEqual(await parse(wire), expected));

  it('is read in old casing', async () => {
    const vault = await parse(pascal(wire));
    assert.deepEqual(vault.ciphers, expected.ciphers);
    assert.deepEqual(vault.masterPasswordUnlock, expected.masterPasswordUnlock);
    assert.deepEqual(vault.profile, expected.profile);
  });

  it('is read with the wrapped user key by its other name alone', async () => {
    const { masterKeyEncryptedUserKey: key, ...unlock } = userDecryption.masterPasswordUnlock;
    const answer = { profile, userDecryption: { masterPasswordUnlock: { ...unlock, masterKeyWrappedUserKey: key } } };
    assert.deepEqual((await parse(answer)).masterPasswordUnlock, expected.masterPasswordUnlock);
  });

  it('is read with the private key among the account keys', async () => {
    const accountKeys = { publicKeyEncryptionKeyPair: { wrappedPrivateKey: '2.q', publicKey: 'x' } };
    const privateKey = async (more: object) => (await parse({ profile: { ...profile, ...more } })).profile.privateKey;
    assert.equal(await privateKey({ accountKeys }), '2.q');
    assert.equal(await privateKey(pascal({ accountKeys, privateKey: null }) as object), '2.q');
    assert.equal(await privateKey({ accountKeys, privateKey: '2.p' }), '2.p');
    assert.equal(await privateKey({ accountKeys: { publicKeyEncryptionKeyPair: null } }), undefined);
  });

  it('is read after a byte order mark', async () => {
    assert.deepEqual(await parse(`\uFEFF${JSON.stringify(wire)}`), expected);
  });

  it('is read from a view into a larger buffer', async () => {
    const large = Buffer.from(`###${JSON.stringify(wire)}###`);
    const view = new Uint8Array(large.buffer, large.byteOffset + 3, large.length - 6);
    assert.deepEqual(modelOf(await vaultOfAnswer(view, 'host')), expected);
  });

  it('needs no more than a profile', async () => {
    const vault = await parse({ profile, folders: null, ciphers: null, constructor: [{}], toString: [1] });
    assert.deepEqual(vault.ciphers, []);
  });

  it('tells an account without a master password from a server too old to speak of it', async () => {
    const unlock = async (answer: object) => (await parse({ profile, ...answer })).masterPasswordUnlock;
    assert.equal(await unlock({ userDecryption: { masterPasswordUnlock: null } }), null);
    assert.equal(await unlock({ userDecryption: {} }), undefined);
    for (const nothing of [{}, { kdf: null, salt: null, masterKeyEncryptedUserKey: null }, { object: 'x' }]) {
      assert.equal(await unlock({ userDecryption: { masterPasswordUnlock: nothing } }), undefined);
    }
    assert.equal(await unlock({ userDecryption: { v2UpgradeToken: null } }), undefined);
    assert.equal(await unlock({ userDecryption: { webAuthnPrfOptions: [] } }), undefined);
    assert.equal(await unlock({ userDecryption: null }), undefined);
    assert.equal(await unlock({}), undefined);
  });

  for (const [what, answer] of [
    ['no profile', {}],
    ['a profile of nothing', { profile: null }],
    ['a profile in a list', { profile: [profile] }],
    ['two profiles', { profile: [profile, profile] }],
    ['an empty list for a profile', { profile: [] }],
    ['a text for a profile', { profile: 'u1' }],
    ['a number for a profile', { profile: 1 }],
    ['a profile without an id', { profile: { email: 'a@b.c' } }],
    ['a malformed item', '{"profile":{"id":"u1","email":"e"},"ciphers":[{"id":nope}]}'],
    ['brackets crossed', '{"profile":{"id":"u1","email":"e"},"ciphers":[{"id":"x"]}]}'],
    ['a cut-off end', JSON.stringify(wire).slice(0, -1)],
    ['a cut-off item', JSON.stringify(wire).slice(0, 900)],
    ['an HTML page', '<html>'],
    [
      'half a KDF',
      { profile, userDecryption: { masterPasswordUnlock: { ...userDecryption.masterPasswordUnlock, kdf: {} } } },
    ],
    ['a salt alone', { profile, userDecryption: { masterPasswordUnlock: { salt: 's' } } }],
    ['a user key alone', { profile, userDecryption: { masterPasswordUnlock: { masterKeyWrappedUserKey: '2.a|b|c' } } }],
  ] as const) {
    it(`is malformed with ${what}`, async () => {
      await assert.rejects(parse(answer), (error) => error instanceof MalformedAnswerError && error.host === 'host');
    });
  }

  it('with a KDF from the future says so', async () => {
    const unlock = { ...userDecryption.masterPasswordUnlock, kdf: { kdfType: 7, iterations: 1 } };
    await assert.rejects(
      parse({ profile, userDecryption: { masterPasswordUnlock: unlock } }),
      (error) => error instanceof KdfOutOfBoundsError && error.parameter === 'type' && error.value === 7,
    );
  });

  it('is read one slice after the other, however large it is', async () => {
    const slices = new CountedSlices();
    const ciphers = Array.from({ length: 799 }, (_, index) => ({ ...login, id: `c${index}` }));
    const vault = await parse({ profile, ciphers }, slices);
    assert.equal(vault.ciphers.at(-1)?.id, 'c798');
    assert.ok(slices.pauses >= CountedSlices.pausesOf(800), `${slices.pauses} pauses`);
  });
});

describe('A vault of unreasonable size', () => {
  const repeat = (element: string, count: number) => `[${Array<string>(count).fill(element).join()}]`;

  it('has its items of thousands of values listed, not opened', async () => {
    const { ciphers } = await parse(
      `{"profile":${JSON.stringify(profile)},"ciphers":[
        {"id":"a","type":1,"name":"2.n","login":{"uris":${repeat('{"uri":"2.u"}', 2001)}}},
        {"id":"b","type":1,"name":"2.n","login":{"uris":${repeat('{"uri":"2.u"}', 2000)}}},
        {"id":"c","type":2,"name":"2.n","secureNote":{},"fields":${repeat('{"type":0}', 2001)}},
        {"id":"d","type":2,"name":"2.n","secureNote":{},"passwordHistory":${repeat('{"password":"2.p"}', 2001)}}]}`,
    );
    assert.deepEqual(
      ciphers.map(({ unsupported }) => unsupported),
      [true, false, true, true],
    );
  });

  it('has its items in thousands of collections listed in the first of them, not opened', async () => {
    const within = (count: number) => ({ ...login, collectionIds: Array.from({ length: count }, (_, at) => `k${at}`) });
    const { fields, login: content, passwordHistory, attachments } = parsedLogin;
    const values = [fields, content!.uris, content!.passkeys, passwordHistory, attachments].flat().length;
    const [most, more, far] = await Promise.all(
      [2_000 - values, 2_001 - values, 100_000].map((n) => cipher(within(n))),
    );
    assert.deepEqual(
      [most, more, far].map((each) => [each?.unsupported, each?.collectionIds.length]),
      [
        [false, 2_000 - values],
        [true, 2_001 - values],
        [true, 2_000],
      ],
    );
  });

  it('costs no more than five hundred private-key operations', async () => {
    const answer = `{"profile":{"id":"u1","email":"a@b.c","organizations":${repeat('{"id":"o"}', 501)}}}`;
    assert.equal((await parse(answer)).profile.organizations.length, 500);
  });

  it('is refused', async () => {
    const answer = `{"profile":${JSON.stringify(profile)},"folders":${repeat('{}', 500_001)}}`;
    await assert.rejects(parse(answer), MalformedAnswerError);
  });
});

describe('policies', () => {
  const policy = (id: string) => ({ id, organizationId: 'o1', type: 9, enabled: true, data: { minutes: 5 } });

  for (const [what, answer, ids] of [
    ['policies alone', { policies: [policy('p1')] }, ['p1']],
    ['policiesNew first', { policiesNew: [policy('p2'), policy('p1')], policies: [policy('p1')] }, ['p2', 'p1']],
    ['policiesNew last', { policies: [policy('p1')], policiesNew: [policy('p2')] }, ['p2']],
    ['PascalCase', { Policies: [policy('p1')], PoliciesNew: [policy('p2')] }, ['p2']],
    ['an empty policiesNew', { policies: [policy('p1')], policiesNew: [] }, []],
    ['no policiesNew', { policiesNew: null, policies: [policy('p1')] }, ['p1']],
    ['something else as policiesNew', { policiesNew: { id: 'p2' }, policies: [policy('p1')] }, ['p1']],
    ['nothing readable in policiesNew', { policies: [policy('p1')], policiesNew: [7, { id: 'p2' }] }, []],
  ] as const) {
    it(`are taken from policiesNew where it is sent: ${what}`, async () => {
      const { policies } = await parse({ profile, ...answer });
      assert.deepEqual(
        policies.map(({ id }) => id),
        ids,
      );
    });
  }
});
