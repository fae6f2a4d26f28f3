import assert from 'node:assert/strict';
import { createCipheriv, createHmac } from 'node:crypto';
import { CoseSymmetricKey } from '../../../../src/bitwarden/crypto/cose/symmetricKey';
import { formatEncString, parseEncString } from '../../../../src/bitwarden/crypto/encString';
import { isSameKey, type SymmetricKey } from '../../../../src/bitwarden/crypto/keys';
import { unwrapSymmetricKey, wrapSymmetricKey } from '../../../../src/bitwarden/crypto/keyWrapping';
import { openText } from '../../../../src/bitwarden/crypto/open';
import { openManyTexts, unwrapManySymmetricKeys } from '../../../../src/bitwarden/crypto/openMany';
import { sealBytes, sealText } from '../../../../src/bitwarden/crypto/seal';
import { generateKey } from '../../../support/keys';

const key = generateKey();
const cose = CoseSymmetricKey.generate('xChaCha20Poly1305');
const plain = ['', 'a', 'exactly 16 bytes', 'Größe 🔑', 'x'.repeat(5000)];

/** The same encrypted string with one bit of one part turned over. */
function tampered(text: string, part: 'iv' | 'ciphertext' | 'mac'): string {
  const parsed = parseEncString(text);
  assert.ok(parsed.type === 2);
  const bytes = Buffer.from(parsed[part]);
  bytes[0]! ^= 1;
  return formatEncString({ ...parsed, [part]: bytes });
}

/** With the right MAC over blocks whose padding is none. */
function badlyPadded(block: Uint8Array): string {
  const iv = Buffer.alloc(16, 7);
  const ciphertext = createCipheriv('aes-256-cbc', key.encryptionKey, iv).setAutoPadding(false).update(block);
  const mac = createHmac('sha256', key.macKey).update(iv).update(ciphertext).digest();
  return formatEncString({ type: 2, iv, ciphertext, mac });
}

/** Each in its own way; what is beside them has to open all the same. */
const broken: Record<string, string> = {
  'a MAC that does not fit': tampered(sealText('tampered', key), 'mac'),
  'an IV that does not fit': tampered(sealText('tampered', key), 'iv'),
  'a ciphertext that does not fit': tampered(sealText('tampered', key), 'ciphertext'),
  'another key': sealText('of another', generateKey()),
  'padding of nothing': badlyPadded(Buffer.alloc(32, 0)),
  'padding longer than a block': badlyPadded(Buffer.alloc(32, 17)),
  'padding that is not the same throughout': badlyPadded(Buffer.concat([Buffer.alloc(14, 1), Buffer.of(9, 2)])),
  'no UTF-8': sealBytes(Buffer.of(0xc3, 0x28), key, 'text'),
  'no blocks': '2.AAAAAAAAAAAAAAAAAAAAAA==|AAAA|AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  'no base64': '2.?|?|?',
  'nothing at all': '',
  'a type without a MAC': '0.AAAAAAAAAAAAAAAAAAAAAA==|AAAAAAAAAAAAAAAAAAAAAA==',
  'a type from the future': '99.AAAA',
  'a COSE message of another key': sealText('of another', cose),
};

describe('many encrypted strings opened together', () => {
  it('give the same as each by itself, with broken ones between them', () => {
    const good = plain.map((text) => sealText(text, key));
    const texts = good.flatMap((text, at) => [text, ...Object.values(broken).slice(3 * at, 3 * at + 3)]);
    assert.equal(texts.length, plain.length + Object.keys(broken).length);
    const opened = openManyTexts(texts, key);
    assert.deepEqual(opened, new Map(good.map((text, at) => [text, plain[at]!])));
    for (const [text, value] of opened) assert.equal(openText(text, key), value);
  });

  for (const [what, text] of Object.entries(broken)) {
    it(`leave out ${what}, first, last and alone`, () => {
      assert.throws(() => openText(text, key));
      const good = sealText('good', key);
      assert.deepEqual(openManyTexts([text], key), new Map());
      assert.deepEqual(openManyTexts([text, good], key), new Map([[good, 'good']]));
      assert.deepEqual(openManyTexts([good, text], key), new Map([[good, 'good']]));
    });
  }

  it('open once what comes twice, and nothing of nothing', () => {
    const text = sealText('twice', key);
    assert.deepEqual(openManyTexts([text, text], key), new Map([[text, 'twice']]));
    assert.deepEqual(openManyTexts([], key), new Map());
  });

  it('open under a COSE key, where those of type 2 do not', () => {
    const text = sealText('sealed', cose);
    assert.deepEqual(openManyTexts([text, sealText('classic', key)], cose), new Map([[text, 'sealed']]));
  });
});

describe('many keys unwrapped together', () => {
  for (const [what, outer] of Object.entries<SymmetricKey>({ 'a key of 64 bytes': key, 'a COSE key': cose })) {
    it(`are the same as each by itself, under ${what}, with broken ones between them`, () => {
      const inner = [generateKey(), CoseSymmetricKey.generate('aes256Gcm'), generateKey()];
      const wrapped = inner.map((each) => wrapSymmetricKey(each, outer));
      const none = [sealBytes(Buffer.alloc(63, 1), outer, 'keyOf64Bytes'), sealText('x'.repeat(64), cose), ''];
      const keys = unwrapManySymmetricKeys(
        wrapped.flatMap((text, at) => [none[at]!, text]),
        outer,
      );
      assert.deepEqual(new Set(keys.keys()), new Set(wrapped));
      for (const [at, text] of wrapped.entries()) {
        assert.ok(isSameKey(keys.get(text)!, inner[at]!));
        assert.ok(isSameKey(keys.get(text)!, unwrapSymmetricKey(text, outer)));
      }
    });
  }

  it('are wiped one by one', () => {
    const inner = [generateKey(), generateKey()];
    const [first, second] = inner.map((each) => wrapSymmetricKey(each, key)) as [string, string];
    const keys = unwrapManySymmetricKeys([first, second], key);
    const { bytes } = keys.get(first)!;
    keys.get(first)!.wipe();
    assert.deepEqual([...bytes], [...Buffer.alloc(64)]);
    assert.ok(isSameKey(keys.get(second)!, inner[1]!));
  });
});
