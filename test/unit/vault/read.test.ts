import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HiddenByOrganizationError } from '../../../src/vault/errors';
import { codeToShow, listedValue, readValue } from '../../../src/vault/read';
import type { MasterPasswordProof } from '../../../src/vault/masterPasswordProof';
import { emptyLogin, type PlainItem } from '../../server/items';
import { fieldRef, refText } from '../../support/fieldRef';
import { dialects, scenes, type Scene } from '../../support/window';

const secret = 'marked-secret-7Q';
const totpKey = 'JBSWY3DPEHPK3PXP';

const item = {
  username: 'robin',
  password: secret,
  totp: totpKey,
  notes: secret,
  uris: ['https://example.org'],
  fields: [
    { type: 'hidden' as const, name: 'Token', value: secret },
    { type: 'text' as const, name: 'Team', value: secret },
  ],
};

const hidden = { organization: 'Org', collections: ['Team'], viewPassword: false } as const;
const organizations = [{ name: 'Org', collections: ['Team'] }];

async function unlocked(at: Scene) {
  const window = await at.unlocked();
  const { vault, session } = window;
  const nobody = () => Promise.resolve<MasterPasswordProof | undefined>(undefined);
  const read = async (name: string, field: string, prove = nobody, now = () => at.clock.now()) =>
    readValue(vault, window.itemId(name), fieldRef(field), { prove, now });
  const states = (name: string) =>
    Object.fromEntries(vault.fields(window.itemId(name)).map(({ ref, state }) => [refText(ref), state]));
  const there = (name: string) => {
    const wanted = ['username', 'password', 'totp', 'notes', 'uri.0', 'number'].map((text) => ({
      text,
      fits: (ref: Parameters<typeof refText>[0]) => refText(ref) === text,
    }));
    return vault.thoseThere(window.itemId(name), wanted).map(({ text }) => text);
  };
  return { window, vault, session, read, states, there };
}

describe('The door to a value', () => {
  const scene = scenes();

  it('reads at once what needs no master password', async () => {
    const { read } = await unlocked(await scene('official', { items: [{ name: 'plain', ...item }] }));
    assert.deepEqual(await read('plain', 'password', () => assert.fail('asked')), { text: secret });
  });

  it('gives the one-time code of the moment, and until when it is valid, never the key', async () => {
    const { read } = await unlocked(await scene('official', { items: [{ name: 'plain', ...item }] }));
    // RFC 6238 for this key and time, computed apart from our library.
    const value = await read('plain', 'totp', undefined, () => 1_700_000_007_000);
    assert.deepEqual(value, { text: '324550', validUntil: 1_700_000_010_000 });
  });

  it('shows the code of the moment with the next one, and until when it is valid, to the millisecond', async () => {
    const { vault } = await unlocked(await scene('official', { items: [{ name: 'plain', ...item }] }));
    const [only] = vault.items;
    const code = async (now: number) => {
      const field = { ref: fieldRef('totp'), state: 'there' } as const;
      return (await codeToShow(vault, only!, field, () => now)) ?? assert.fail();
    };
    const shown = await code(1_700_000_007_999);
    assert.deepEqual(shown, { text: '324550', validUntil: 1_700_000_010_000, period: 30, next: shown.next });
    assert.equal((await code(1_700_000_010_000)).text, shown.next);
    assert.notEqual(shown.next, shown.text);
  });

  it('shows no code of an item that asks for the master password, none that is hidden or broken, and none after a lock', async () => {
    const hidden = { organization: 'Org', collections: ['Team'], viewPassword: false };
    const items = [
      { name: 'asks', ...item, reprompt: true },
      { name: 'hidden', ...item, ...hidden },
      { name: 'broken', totp: 'otpauth://hotp/x?secret=ABC' },
      { name: 'plain', ...item },
    ];
    const at = await scene('official', { items, organizations: [{ name: 'Org', collections: ['Team'] }] });
    const { vault, session } = await unlocked(at);
    const codes = () =>
      Promise.all(
        vault.items.map(async (each) => {
          const field = { ref: fieldRef('totp'), state: 'there' as const };
          return [each.name, (await codeToShow(vault, each, field, () => at.clock.now())) !== undefined];
        }),
      );
    assert.deepEqual(Object.fromEntries(await codes()), { asks: false, hidden: false, broken: false, plain: true });
    await session.lock();
    assert.deepEqual(Object.fromEntries(await codes()), { asks: false, hidden: false, broken: false, plain: false });
  });

  for (const field of ['password', 'totp', 'notes', 'custom.0', 'custom.1']) {
    it(`asks for the master password before ${field} of an item with reprompt, each time`, async () => {
      const at = await scene('official', { items: [{ name: 'guarded', reprompt: true, ...item }] });
      const { session, read } = await unlocked(at);
      assert.equal(await read('guarded', field), undefined, 'read without a proof');
      let asked = 0;
      const prove = () => {
        asked++;
        return session.proveMasterPassword(at.password());
      };
      for (const time of [1, 2]) {
        const value = await read('guarded', field, prove);
        assert.match(value?.text ?? '', field === 'totp' ? /^\d{6}$/ : new RegExp(`^${secret}$`));
        assert.equal(asked, time);
      }
    });
  }

  const noAddresses = [
    `otpauth://totp/Example:robin?secret=${totpKey}`,
    `steam://${totpKey}`,
    ...[secret, 'Tr0ub4dor&3', 'hunter2', '  '],
    ...[
      `https://${secret}@example.org/`,
      `https://robin:${secret}@example.org/`,
      `postgres://app:${secret}@localhost/db`,
    ],
  ];
  for (const ownKey of [false, true]) {
    const under = ownKey ? 'under a key of its own' : 'under the key of the user';
    it(`asks for it, too, before what stands in the place of an address and is masked, ${under}`, async () => {
      const addresses = ['https://example.org', 'nas.lan:5000', 'androidapp://com.example'];
      const uris = [...noAddresses, ...addresses];
      const at = await scene('official', { items: [{ ...item, name: 'guarded', reprompt: true, ownKey, uris }] });
      const { window, vault, session, read } = await unlocked(at);
      const id = window.itemId('guarded');
      const fields = vault.fields(id).filter(({ ref }) => ref.kind === 'uri');
      assert.equal(fields.length, uris.length);
      for (const [index, { ref, masked }] of fields.entries()) {
        const [text, name] = [uris[index]!, refText(ref)];
        assert.equal(masked, index < noAddresses.length, text);
        let asked = 0;
        const prove = () => {
          asked++;
          return session.proveMasterPassword(at.password());
        };
        assert.deepEqual(await read('guarded', name), masked ? undefined : { text }, text);
        assert.deepEqual(await read('guarded', name, prove), { text });
        assert.equal(asked, masked ? 1 : 0, text);
      }
    });
  }

  it('reads what is masked in the place of an address at once where the item does not ask', async () => {
    const { read } = await unlocked(
      await scene('official', { items: [{ ...item, name: 'plain', uris: noAddresses }] }),
    );
    for (const [index, text] of noAddresses.entries()) {
      assert.deepEqual(await read('plain', `uri.${index}`, () => assert.fail('asked')), { text });
    }
  });

  it('lists of an item with reprompt what identifies it, and no other value', async () => {
    const { vault } = await unlocked(await scene('official', { items: [{ name: 'plain', reprompt: true, ...item }] }));
    const [only] = vault.items;
    assert.ok(only);
    const listed = vault.fields(only.id).map((field) => [refText(field.ref), listedValue(vault, only, field)]);
    assert.deepEqual(Object.fromEntries(listed), {
      username: 'robin',
      'uri.0': 'https://example.org',
      password: undefined,
      totp: undefined,
      notes: undefined,
      'custom.0': undefined,
      'custom.1': undefined,
    });
  });

  it('is the only way that the user interface takes', () => {
    const files = readdirSync('src/ui', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const others = files.filter((name) => /\bvault\??\.read\b/.test(readFileSync(join('src/ui', name), 'utf8')));
    assert.deepEqual(others, []);
  });
});

describe('Values that are not there', () => {
  const scene = scenes();

  const empty: PlainItem = {
    ...emptyLogin,
    fields: [
      ...(emptyLogin.fields ?? []),
      { type: 'text', name: 'remark', value: '' },
      { type: 'boolean', name: 'flag' },
    ],
  };

  for (const dialect of dialects) {
    for (const ownKey of [false, true]) {
      const under = ownKey ? 'under a key of its own' : 'under the key of the user';
      it(`${dialect}: are told by the plaintext ${under}, and custom fields keep their names`, async () => {
        const items: PlainItem[] = [
          { ...empty, ownKey },
          { ...empty, name: 'half', ownKey, password: ' ', uris: ['', 'https://example.org'], notes: 'x' },
          { name: 'card', ownKey, type: 'card', details: { number: '', code: '', brand: 'Visa' } },
        ];
        const { window, vault, states, there } = await unlocked(await scene(dialect, { items }));
        assert.deepEqual(states('empty'), { 'custom.0': 'empty', 'custom.1': 'empty', 'custom.2': 'empty' });
        assert.deepEqual(
          vault.fields(window.itemId('empty')).map(({ customName }) => customName),
          ['token', 'remark', 'flag'],
        );
        assert.deepEqual(there('empty'), []);
        const custom = { 'custom.0': 'empty', 'custom.1': 'empty', 'custom.2': 'empty' };
        assert.deepEqual(states('half'), { password: 'there', 'uri.1': 'there', notes: 'there', ...custom });
        assert.deepEqual(there('half'), ['password', 'notes']);
        assert.deepEqual(states('card'), { brand: 'there' });
        assert.deepEqual(there('card'), []);
        assert.deepEqual((await vault.search('https://')).items, [window.vault.item(window.itemId('half'))]);
      });
    }
  }

  it('make an item without fields, which is not opened', async () => {
    const items: PlainItem[] = [{ name: 'nothing' }, { name: 'empty notes', notes: '' }, { name: 'some', notes: 'x' }];
    const { vault } = await unlocked(await scene('official', { items: [...items, empty] }));
    const opened = vault.items.filter(({ id }) => vault.hasFields(id)).map(({ name }) => name);
    assert.deepEqual(opened, ['empty', 'some']);
  });

  it('leave nothing to have of an item that no key opens, and are told from those that do not decrypt', async () => {
    const at = await scene('official', {
      items: [
        { name: 'closed', ...item, ownKey: true },
        { name: 'damaged', ...item },
      ],
    });
    const [closed, damaged] = at.account.ciphers;
    closed!.key = closed!.key!.replace(/.{8}$/, 'AAAAAAA=');
    damaged!.typed!.password = String(damaged!.typed!.password).replace(/.{8}$/, 'AAAAAAA=');
    const { vault, states, there } = await unlocked(at);
    const unopened = vault.item(closed!.id);
    assert.deepEqual([unopened?.name, unopened?.closed], [undefined, 'noKey']);
    assert.deepEqual(vault.fields(closed!.id), []);
    assert.equal(vault.hasFields(closed!.id), false);
    assert.deepEqual(vault.thoseThere(closed!.id, [{ fits: () => true }]), []);
    assert.equal(states('damaged').password, 'unreadable');
    assert.deepEqual(there('damaged'), ['username', 'totp', 'notes', 'uri.0']);
  });

  for (const [what, name] of [
    ['null', null],
    ['damaged', '2.AAAA|AAAA|AAAA'],
    ['of another kind', '7.AAAA'],
  ] as const) {
    for (const dialect of dialects) {
      it(`${dialect}: are no reason to close an item whose name is ${what}`, async () => {
        const at = await scene(dialect, { items: [{ name: 'nameless', ...item }] });
        at.account.ciphers[0]!.name = name;
        const { window, vault } = await unlocked(at);
        const [only] = vault.items;
        assert.deepEqual([only?.name, only?.closed], [name === null ? '' : undefined, undefined]);
        assert.equal(vault.read(only!.id, fieldRef('password')), secret);
        assert.equal(vault.fields(only!.id).length, 7);
        assert.deepEqual((await window.vault.search('example.org')).items, [only]);
      });
    }
  }
});

describe('What an organisation hides', () => {
  const scene = scenes();

  const ssh = { privateKey: secret, publicKey: 'ssh-ed25519 AAAA', keyFingerprint: 'SHA256:x' };
  const fields = [
    { type: 'hidden', name: 'hidden', value: secret },
    { type: 'text', name: 'text', value: 'x' },
    { type: 'hidden', name: 'nothing', value: '' },
  ] as const;
  const items: PlainItem[] = [
    { name: 'login', ...item, fields, passwordHistory: [{ password: secret, lastUsedDate: '2026-01-01T00:00:00Z' }] },
    { name: 'card', type: 'card', details: { number: '4111', code: '123', brand: 'Visa' }, notes: 'n', fields },
    { name: 'ssh', type: 'sshKey', details: ssh },
    { name: 'identity', type: 'identity', details: { ssn: '078-05-1120', passportNumber: 'P1', licenseNumber: 'L1' } },
    { name: 'bank', type: 'bankAccount', details: { pin: '1234', iban: 'XX00', accountNumber: '1' } },
    { name: 'note', type: 'secureNote', notes: secret },
  ];
  const withheld: Readonly<Record<string, readonly string[]>> = {
    login: ['password', 'totp', 'custom.0'],
    card: ['custom.0'],
  };

  for (const dialect of dialects) {
    it(`${dialect}: is the password and the one-time code of a login, and hidden custom fields, nothing else`, async () => {
      const at = await scene(dialect, { organizations, items: items.map((each) => ({ ...each, ...hidden })) });
      const { window, vault, session, read } = await unlocked(at);
      const proof = await session.proveMasterPassword(at.password());
      for (const { name } of items) {
        const id = window.itemId(name);
        assert.equal(vault.item(id)?.viewPassword, false);
        const refused = vault.fields(id).filter(({ state }) => state === 'withheld');
        assert.deepEqual(
          refused.map(({ ref }) => refText(ref)),
          withheld[name] ?? [],
          name,
        );
        for (const { ref } of refused) {
          await assert.rejects(read(name, refText(ref)), HiddenByOrganizationError);
          assert.throws(() => vault.read(id, ref, proof), HiddenByOrganizationError);
        }
        for (const { ref } of vault.fields(id).filter(({ state }) => state === 'there')) {
          assert.notEqual(vault.read(id, ref), '');
        }
      }
      assert.equal(window.read('card', 'number'), '4111');
      assert.equal(window.read('card', 'code'), '123');
      assert.equal(window.read('ssh', 'privateKey'), secret);
    });
  }
});

describe('Linked fields', () => {
  const scene = scenes();
  const link = (name: string, linkedId: number) => ({ type: 'linked' as const, name, linkedId });

  it('are listed with what they stand for, and have no value of their own', async () => {
    const items: PlainItem[] = [
      { name: 'login', username: 'u', fields: [100, 101, 305, 999].map((id) => link(`to ${id}`, id)) },
      { name: 'card', type: 'card', fields: [300, 301, 302, 303, 304, 305].map((id) => link('x', id)) },
      { name: 'identity', type: 'identity', fields: Array.from({ length: 19 }, (_, n) => link('x', 400 + n)) },
    ];
    const { window, vault, there } = await unlocked(await scene('official', { items }));
    const links = (name: string) => vault.fields(window.itemId(name)).filter(({ state }) => state === 'linked');
    const targets = (name: string) => links(name).map(({ linkedTo }) => linkedTo);
    assert.deepEqual(targets('login'), ['username', 'password', undefined, undefined]);
    assert.deepEqual(links('login')[0]?.customName, 'to 100');
    assert.deepEqual(there('login'), ['username']);
    assert.deepEqual(targets('card'), ['cardholderName', 'expMonth', 'expYear', 'code', 'brand', 'number']);
    // clients: libs/common/src/vault/enums/linked-id-type.enum.ts, from 400 on.
    const identity = ['title', 'middleName', 'address1', 'address2', 'address3', 'city', 'state', 'postalCode'];
    identity.push('country', 'company', 'email', 'phone', 'ssn', 'username', 'passportNumber', 'licenseNumber');
    assert.deepEqual(targets('identity'), [...identity, 'firstName', 'lastName', 'fullName']);
  });
});
