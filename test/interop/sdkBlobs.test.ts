import assert from 'node:assert/strict';
import type { Cipher as SdkCipher, CipherView, PasswordManagerClient } from '@bitwarden/sdk-internal';
import fc from 'fast-check';
import type { Cipher } from '../../src/bitwarden/wire/model';
import { blobValue, openBlob, readBlob } from '../../src/vault/cipherBlob';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../src/bitwarden/crypto/keyWrapping';
import { itemTypes } from '../../src/bitwarden/wire/itemTypes';
import { createAccount } from '../server/accounts';
import type { Account } from '../server/model';
import { v2Kinds } from '../server/v2Keys';
import { cases } from '../support/cases';
import { anyKeyFromBase64, generateKey } from '../support/keys';
import { sealContent } from '../support/sealItem';
import { sdkClient } from './sdkClient';

/** Items sealed as a whole, before the library in the official clients, both ways and of every type. */

const date = '2026-01-02T03:04:05.000Z';
const nothing = Object.fromEntries(itemTypes.map(({ name }) => [name, undefined]));
const text = fc.string({ unit: 'binary', maxLength: 60 });

type Texts = Record<string, string>;

/** The library reads dates as dates. */
const valueOf = (name: string) =>
  /date/i.test(name) ? fc.integer({ min: 1, max: 28 }).map((day) => `1990-01-${String(day).padStart(2, '0')}`) : text;

/** Values for each field of the type, and what is sealed beside them. */
const itemOf = (names: readonly string[]) =>
  fc.record({
    name: text,
    notes: fc.option(text, { nil: undefined }),
    values: fc.tuple(...names.map(valueOf)).map((all): Texts => Object.fromEntries(names.map((n, i) => [n, all[i]!]))),
    uri: text,
    field: text,
  });

function plainView(type: number, name: string, notes: string | undefined, typed: object): CipherView {
  const view = {
    ...{ collectionIds: [], favorite: false, reprompt: 0, organizationUseTotp: false, edit: true, viewPassword: true },
    ...nothing,
    ...{ type, name, notes, creationDate: date, revisionDate: date, ...typed },
  };
  return view as unknown as CipherView;
}

describe('official SDK: items sealed as a whole', () => {
  let account: Account;
  let client: PasswordManagerClient;
  before(async () => {
    account = await createAccount({ v2: v2Kinds[0]! });
    client = await sdkClient(account);
  });

  for (const { number, name: type, fields } of itemTypes) {
    const names = fields.map(({ name }) => name);
    const content = (values: Texts, uri: string) => {
      const { keyFingerprint, ...others } = values;
      const named = keyFingerprint === undefined ? others : { ...others, fingerprint: keyFingerprint };
      if (type === 'login') return { ...named, uris: [{ uri, match: 1 }] };
      return type === 'secureNote' ? { type: 0 } : named;
    };

    it(`open here that it sealed: ${type}`, async () => {
      await fc.assert(
        fc.asyncProperty(itemOf(names), async ({ name, notes, values, uri, field }) => {
          const view = plainView(number, name, notes, {
            [type]: content(values, uri),
            fields: [{ name: field, value: field, type: 1 }],
          });
          const { cipher } = await client.vault().ciphers().encrypt(view);
          const { wrapped_cek: wrappedContentKey, envelope } = JSON.parse(cipher.data!) as Texts;
          const key = unwrapSymmetricKey(cipher.key!, anyKeyFromBase64(account.plainUserKey));
          const opened = openBlob({ wrappedContentKey: wrappedContentKey!, envelope: envelope! }, key);
          const read = readBlob({ type: number } as Cipher, opened);
          const of = (place: string | undefined) =>
            place === undefined ? undefined : Buffer.from(blobValue(opened, place)).toString();
          assert.equal(of(read.name), name);
          assert.equal(of(read.notes), notes);
          const { username, password, totp, uris } = read.login ?? { uris: [] };
          const found = read.login ? { username, password, totp } : read.details;
          assert.deepEqual(Object.fromEntries(Object.entries(found).map(([n, v]) => [n, of(v)])), values);
          if (type === 'login') assert.deepEqual([of(uris[0]?.uri), uris[0]?.match], [uri, 1]);
          assert.deepEqual([of(read.fields[0]?.name), of(read.fields[0]?.value)], [field, field]);
        }),
        cases(60),
      );
    });

    it(`open there that we sealed: ${type}`, async () => {
      await fc.assert(
        fc.asyncProperty(itemOf(names), async ({ name, notes, values, uri, field }) => {
          const cipherKey = generateKey();
          const typeData = {
            ...content(values, uri),
            ...(type === 'secureNote' ? { secureNoteType: 0 } : {}),
            type,
          };
          const fieldsOf = [{ name: field, value: field, type: 1, linkedId: null }];
          const data = sealContent({ version: '1', content: { name, notes, typeData, fields: fieldsOf } }, cipherKey);
          const key = wrapSymmetricKey(cipherKey, anyKeyFromBase64(account.plainUserKey));
          const sealed = { ...plainView(number, '', undefined, {}), name: undefined, key, data };
          const view = await client
            .vault()
            .ciphers()
            .decrypt(sealed as unknown as SdkCipher);
          assert.equal(view.name, name);
          assert.equal(view.notes ?? undefined, notes);
          const typed = view[type] as unknown as Texts;
          for (const [n, value] of Object.entries(values)) {
            assert.equal(typed[n === 'keyFingerprint' ? 'fingerprint' : n], value, n);
          }
          if (type === 'login') assert.equal(view.login?.uris?.[0]?.uri, uri);
          assert.deepEqual([view.fields?.[0]?.name, view.fields?.[0]?.value], [field, field]);
        }),
        cases(60),
      );
    });
  }
});
