import assert from 'node:assert/strict';
import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { formatEncString, parseEncString, writeAesCbcHmac } from '../../../../src/bitwarden/crypto/encString';
import {
  DecryptionError,
  EncStringFormatError,
  MacMismatchError,
  UnsupportedEncryptionError,
} from '../../../../src/bitwarden/errors';
import { v1Account } from '../../../support/vectors/accounts';
import { typeTwo, typeTwoParts, typeTwoTakenApart, typeZero, notCanonical } from '../../../support/vectors/encStrings';
import { rsa } from '../../../support/vectors/rsa';
import { plaintexts } from '../../../support/vectors/plaintexts';
import { openBytes, openText } from '../../../../src/bitwarden/crypto/open';
import { sealBytes, sealText } from '../../../../src/bitwarden/crypto/seal';
import { generateKey, keyFromBase64, keyOf } from '../../../support/keys';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const key = keyFromBase64(typeTwo.key);
const iv = base64(new Uint8Array(16));
const block = base64(new Uint8Array(16));
const mac = base64(new Uint8Array(32));

const unsupported =
  (type: number) =>
  (error: unknown): boolean =>
    error instanceof UnsupportedEncryptionError && error.encryptionType === type;

/** The same parts with one bit of one of them turned over. */
function tampered(text: string, part: number, bit: number): string {
  const parts = text.slice(2).split('|');
  const bytes = Buffer.from(parts[part]!, 'base64');
  bytes[bit >> 3]! ^= 1 << (bit & 7);
  parts[part] = base64(bytes);
  return `2.${parts.join('|')}`;
}

/** Type 2 with the right MAC over whatever blocks there are. */
function sealed(padded: Uint8Array): string {
  const cipher = createCipheriv('aes-256-cbc', key.encryptionKey, Buffer.alloc(16)).setAutoPadding(false);
  const ciphertext = cipher.update(padded);
  const tag = createHmac('sha256', key.macKey).update(Buffer.alloc(16)).update(ciphertext).digest();
  return `2.${iv}|${base64(ciphertext)}|${base64(tag)}`;
}

describe('parseEncString', () => {
  it('takes type 2 apart', () => {
    const parsed = parseEncString(typeTwoTakenApart.text);
    assert.ok(parsed.type === 2);
    assert.equal(hex(parsed.iv), typeTwoTakenApart.iv);
    assert.equal(hex(parsed.ciphertext), typeTwoTakenApart.ciphertext);
    assert.equal(hex(parsed.mac), typeTwoTakenApart.mac);
  });

  it('takes type 0 apart, with and without its number', () => {
    assert.equal(parseEncString(typeZero.data).type, 0);
    assert.deepEqual(parseEncString(typeZero.data.slice(2)), parseEncString(typeZero.data));
  });

  it('takes the RSA types apart', () => {
    assert.equal(parseEncString(rsa.type3).type, 3);
    assert.equal(parseEncString(rsa.type4).type, 4);
    assert.equal(parseEncString(`5.${rsa.type3.slice(2)}|${mac}`).type, 5);
    const six = parseEncString(rsa.type6);
    assert.ok(six.type === 6 && six.ciphertext.length === 256 && six.mac.length === 1);
  });

  it('takes type 7 for what it is', () => {
    const parsed = parseEncString('7.g1gc');
    assert.ok(parsed.type === 7);
    assert.equal(hex(parsed.cose), '83581c');
  });

  for (const [text, type] of [
    [`1.${iv}|${block}|${mac}`, 1],
    [`${iv}|${block}|${mac}`, 1],
    ['8.AAAA', 8],
    ['42.AAAA', 42],
    ['999.', 999],
  ] as const) {
    it(`calls type ${type} unsupported: ${text.slice(0, 8)}…`, () => {
      assert.throws(() => parseEncString(text), unsupported(type));
    });
  }

  for (const [what, text] of Object.entries({
    nothing: '',
    'plain text': 'my password',
    'a number alone': '2.',
    'no number': '.AAAA',
    'a number with a zero in front': `02.${iv}|${block}|${mac}`,
    'a number of four digits': `1000.${iv}|${block}|${mac}`,
    'a dot without a number': `x.${iv}|${block}`,
    'a negative number': `-2.${iv}|${block}|${mac}`,
    'a missing MAC': `2.${iv}|${block}`,
    'an empty MAC': `2.${iv}|${block}|`,
    'an empty ciphertext': `2.${iv}||${mac}`,
    'an empty IV': `2.|${block}|${mac}`,
    'a fourth part': `2.${iv}|${block}|${mac}|${mac}`,
    'a short IV': `2.${base64(new Uint8Array(15))}|${block}|${mac}`,
    'a long IV': `2.${base64(new Uint8Array(17))}|${block}|${mac}`,
    'a ciphertext cut within a block': `2.${iv}|${base64(new Uint8Array(17))}|${mac}`,
    'a short MAC': `2.${iv}|${block}|${base64(new Uint8Array(31))}`,
    'a long MAC': `2.${iv}|${block}|${base64(new Uint8Array(33))}`,
    'a line break': `2.${iv}|${block}|${mac}\n`,
    'a space in front': ` 2.${iv}|${block}|${mac}`,
    'a space inside': `2.${iv}|${block.slice(0, 4)} ${block.slice(4)}|${mac}`,
    'base64 without padding': `2.${iv.replaceAll('=', '')}|${block}|${mac}`,
    'base64 of the URL kind': `2.${base64(new Uint8Array(16).fill(255)).replaceAll('/', '_')}|${block}|${mac}`,
    'base64 with bits left over': notCanonical,
    'a surrogate': `2.${iv}|${block}|${mac}\ud800`,
    'type 0 with a MAC': `0.${iv}|${block}|${mac}`,
    'type 0 without IV': `0.${block}`,
    'type 4 with a MAC': `${rsa.type4}|${mac}`,
    'type 6 without its MAC': `6.${rsa.type4.slice(2)}`,
    'an empty type 4': '4.',
    'an empty type 7': '7.',
    'type 7 in two parts': '7.AAAA|AAAA',
  })) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseEncString(text), EncStringFormatError);
      assert.equal(writeAesCbcHmac(text, Buffer.alloc(text.length), 0), undefined);
    });
  }

  it('looks at no more parts than there may be: an item may have millions of separators', () => {
    assert.throws(() => parseEncString(`2.${'|'.repeat(100)}`), { message: '4 parts instead of 3' });
  });

  it('says nothing of the text in its errors', () => {
    assert.throws(
      () => parseEncString('hunter2|hunter2'),
      (error) => error instanceof Error && !error.message.includes('hunter2'),
    );
  });
});

describe('writeAesCbcHmac', () => {
  it('writes the parts of type 2 as parseEncString takes them apart, and of nothing else', () => {
    for (const length of [16, 32, 48]) {
      const text = sealBytes(Buffer.alloc(length - 1, 'x'), key, 'bytes');
      let right = 0;
      for (let at = 0; at < text.length; at++) {
        for (const character of ['A', 'E', 'Q', 'b', '/', '=', '|', '-', '\n', '\u0141', '']) {
          const changed = text.slice(0, at) + character + text.slice(at + 1);
          const bytes = Buffer.alloc(5 + changed.length);
          const macAt = writeAesCbcHmac(changed, bytes, 5);
          let parsed;
          try {
            parsed = parseEncString(changed);
          } catch {
            assert.equal(macAt, undefined, changed);
            continue;
          }
          assert.ok(parsed.type === 2 && macAt !== undefined, changed);
          const { iv, ciphertext, mac } = parsed;
          assert.equal(hex(bytes.subarray(5, macAt + 32)), hex(Buffer.concat([iv, ciphertext, mac])));
          right++;
        }
      }
      assert.ok(right > 100, String(right));
    }
  });

  it('leaves the other types alone', () => {
    for (const text of [typeZero.data, rsa.type3, rsa.type6, '7.g1gc']) {
      assert.equal(writeAesCbcHmac(text, Buffer.alloc(text.length), 0), undefined);
    }
  });
});

describe('formatEncString', () => {
  it('writes what parseEncString reads, of every type', () => {
    const texts = [typeZero.data, typeTwo.oneToFive, typeTwoTakenApart.text, rsa.type3, rsa.type4, rsa.type6, '7.g1gc'];
    for (const text of [...texts, `5.${rsa.type3.slice(2)}|${mac}`]) {
      assert.equal(formatEncString(parseEncString(text)), text);
    }
  });
});

describe('openBytes and openText', function () {
  this.timeout(30_000);

  it('open the vectors', () => {
    assert.deepEqual([...openBytes(typeTwo.oneToFive, key, 'bytes')], [1, 2, 3, 4, 5]);
    assert.equal(openText(typeTwo.helloWorld, key), 'Hello, World!');

    const counting = keyOf(Uint8Array.from({ length: 64 }, (_, i) => i));
    const [i, c, m] = [typeTwoParts.iv, typeTwoParts.ciphertext, typeTwoParts.mac].map((part) =>
      Buffer.from(part, 'hex').toString('base64'),
    );
    assert.equal(openText(`2.${i!}|${c!}|${m!}`, counting), typeTwoParts.plaintext);
  });

  it('refuse every single flipped bit', () => {
    for (const [part, bits] of [128, 128, 256].entries()) {
      for (let bit = 0; bit < bits; bit++) {
        assert.throws(() => openBytes(tampered(typeTwo.oneToFive, part, bit), key, 'bytes'), MacMismatchError);
      }
    }
  });

  it('refuse every cut', () => {
    for (let length = 0; length < typeTwo.helloWorld.length; length++) {
      assert.throws(() => openText(typeTwo.helloWorld.slice(0, length), key), EncStringFormatError);
    }
  });

  it('refuse blocks moved about, left out or added', () => {
    const text = sealText('x'.repeat(40), key);
    const [i, c, m] = text.slice(2).split('|');
    const blocks = Buffer.from(c!, 'base64');
    for (const changed of [
      blocks.subarray(16),
      blocks.subarray(0, 32),
      Buffer.concat([blocks, blocks.subarray(0, 16)]),
      Buffer.concat([blocks.subarray(16, 32), blocks.subarray(0, 16), blocks.subarray(32)]),
    ]) {
      assert.throws(() => openBytes(`2.${i!}|${base64(changed)}|${m!}`, key, 'bytes'), MacMismatchError);
    }
  });

  it('refuse another key, and the halves of the right one swapped', () => {
    assert.throws(() => openText(typeTwo.helloWorld, generateKey()), MacMismatchError);
    const swapped = keyOf(Buffer.concat([key.macKey, key.encryptionKey]));
    assert.throws(() => openText(typeTwo.helloWorld, swapped), MacMismatchError);
  });

  it('never open data of type 0, whichever way it is written', () => {
    const raw = Buffer.from(typeZero.masterKey, 'base64');
    const withRawKey = keyOf(Buffer.concat([raw, raw]));
    for (const text of [typeZero.data, typeZero.data.slice(2)]) {
      assert.throws(() => openText(text, withRawKey), unsupported(0));
      assert.throws(() => openBytes(text, withRawKey, 'bytes'), unsupported(0));
    }
  });

  it('do not open the other types', () => {
    for (const [text, type] of [
      [rsa.type3, 3],
      [rsa.type4, 4],
      [`5.${rsa.type3.slice(2)}|${mac}`, 5],
      [rsa.type6, 6],
    ] as const) {
      assert.throws(() => openBytes(text, key, 'bytes'), unsupported(type));
      assert.throws(() => openText(text, key), unsupported(type));
    }
  });

  it('refuse bad padding under a right MAC', () => {
    const good = Buffer.alloc(32, 'a');
    good.fill(5, 27);
    assert.equal(openText(sealed(good), key), 'a'.repeat(27));
    assert.equal(openText(sealed(Buffer.alloc(16, 16)), key), '');

    const bad = [Buffer.alloc(16), Buffer.alloc(16, 17), Buffer.alloc(16, 255), Buffer.from(good)];
    bad[3]![28] = 4;
    for (const blocks of bad) assert.throws(() => openBytes(sealed(blocks), key, 'bytes'), DecryptionError);
  });

  it('refuse text that is not UTF-8, which bytes may be', () => {
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0x61, 0xc0, 0x80]]) {
      const text = sealBytes(Uint8Array.from(bytes), key, 'bytes');
      assert.throws(() => openText(text, key), DecryptionError);
      assert.deepEqual([...openBytes(text, key, 'bytes')], bytes);
    }
  });

  it('open the private key of an account only with its user key', () => {
    assert.throws(() => openBytes(v1Account.wrappedPrivateKey, key, 'privateKey'), MacMismatchError);
  });
});

describe('sealBytes and sealText', () => {
  it('bring back every text', () => {
    for (const text of plaintexts) assert.equal(openText(sealText(text, key), key), text);
  });

  it('bring back bytes of every length around the blocks', () => {
    for (let length = 0; length <= 70; length++) {
      const bytes = randomBytes(length);
      const text = sealBytes(bytes, key, 'bytes');
      const parsed = parseEncString(text);
      assert.ok(parsed.type === 2);
      assert.equal(parsed.ciphertext.length, (Math.floor(length / 16) + 1) * 16);
      assert.equal(hex(openBytes(text, key, 'bytes')), hex(bytes));
    }
  });

  it('never write the same text twice', () => {
    assert.notEqual(sealText('same', key), sealText('same', key));
  });
});
