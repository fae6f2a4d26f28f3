import assert from 'node:assert/strict';
import fc from 'fast-check';
import { copySecret } from '../../../../../src/base/secretBytes';
import { encodeCbor, type CborValue } from '../../../../../src/bitwarden/crypto/cose/cbor';
import { CborReader } from '../../../../../src/bitwarden/crypto/cose/cborReader';
import { CoseFormatError } from '../../../../../src/bitwarden/errors';
import { cases } from '../../../../support/cases';

const reader = (hex: string): CborReader => new CborReader(copySecret(Buffer.from(hex, 'hex')));
const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('CBOR that is read in place', () => {
  it('is read one item after the other', () => {
    // [1, -70010, h'0102', "é", {"a": true}, null, false, 1.5]
    const cbor = reader('88013a00011179420102' + '62c3a9' + 'a16161f5' + 'f6f4' + 'fb3ff8000000000000');
    assert.equal(cbor.array(), 8);
    assert.equal(cbor.integer(), 1);
    assert.equal(cbor.integer(), -70010);
    assert.deepEqual([...cbor.byteString()], [1, 2]);
    assert.equal(utf8(cbor.textBytes()), 'é');
    assert.equal(cbor.map(), 1);
    assert.equal(cbor.name(), 'a');
    assert.equal(cbor.acceptNull(), false);
    cbor.skip();
    assert.equal(cbor.acceptNull(), true);
    cbor.skip();
    cbor.skip();
    cbor.end();
  });

  it('comes out as views, so that wiping the input wipes all of it', () => {
    const input = copySecret(Buffer.from('4401020304', 'hex'));
    const view = new CborReader(input).byteString();
    input.fill(0);
    assert.deepEqual([...view], [0, 0, 0, 0]);
  });

  const integers = ['00', '17', '1818', '18ff', '190100', '1a00010000', '1b0000000100000000', '20', '37', '3818'];
  const values = [0, 23, 24, 255, 256, 65536, 2 ** 32, -1, -24, -25];
  it('has numbers of every length', () => {
    assert.deepEqual(
      integers.map((hex) => reader(hex).integer()),
      values,
    );
  });

  for (const [what, hex] of Object.entries({
    'nothing at all': '',
    'a number in more bytes than it needs': '1817',
    'a number in two bytes that fits one': '1900ff',
    'a number in four bytes that fits two': '1a0000ffff',
    'a number in eight bytes that fits four': '1b00000000ffffffff',
    'a number beyond 2^53': '1b0020000000000000',
    'a number that is cut off': '19',
    'a reserved length': '1c',
    'an indefinite length': '1f',
    'bytes where a number should be': '40',
    'a tag': 'c000',
  })) {
    it(`refuses ${what}`, () => {
      assert.throws(() => reader(hex).integer(), CoseFormatError);
      assert.throws(() => {
        const cbor = reader(hex === '40' ? '42ff' : hex);
        cbor.skip();
      }, CoseFormatError);
    });
  }

  for (const [what, hex] of Object.entries({
    'bytes that are cut off': '420f',
    'bytes of an absurd length': '5b001fffffffffffff00',
    'bytes of indefinite length': '5f4101ff',
    'an array that is cut off': '8200',
    'an array of an absurd length': '9b001fffffffffffff00',
    'a map that lacks its last value': 'a16161',
    'nesting without end': '81'.repeat(1000) + '00',
    'a simple value in two bytes': 'f818',
    'a break': 'ff',
  })) {
    it(`does not step over ${what}`, () => assert.throws(() => reader(hex).skip(), CoseFormatError));
  }

  it('gives the bytes of one item, unless it is longer than it may be', () => {
    assert.throws(() => reader('a1018102').item(3), CoseFormatError);
    const cbor = reader('a1018102' + '03');
    assert.equal(Buffer.from(cbor.item(4)).toString('hex'), 'a1018102');
    assert.equal(cbor.integer(), 3);
    cbor.end();
  });

  it('ends where it ends', () => {
    const cbor = reader('0001');
    cbor.integer();
    assert.throws(() => cbor.end(), CoseFormatError);
  });

  it('steps over whatever is well-formed', () => {
    const leaf = fc.oneof(
      fc.maxSafeInteger(),
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 300 }),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const { value } = fc.letrec<{ value: CborValue; leaf: CborValue }>((tie) => ({
      leaf,
      value: fc.oneof(
        { maxDepth: 4 },
        tie('leaf'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((pairs) => new Map(pairs)),
      ),
    }));
    fc.assert(
      fc.property(value, (item) => {
        const cbor = new CborReader(copySecret(encodeCbor(item)));
        cbor.skip();
        cbor.end();
      }),
      cases(),
    );
  });

  it('never reads past the end, nor loops, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          new CborReader(copySecret(bytes)).skip();
        } catch (error) {
          assert.ok(error instanceof CoseFormatError);
        }
      }),
      cases(2_000),
    );
  });
});
