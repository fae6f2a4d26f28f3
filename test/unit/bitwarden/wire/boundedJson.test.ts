import assert from 'node:assert/strict';
import { parseBounded, readMembers } from '../../../../src/bitwarden/wire/boundedJson';

const bounds = { bytes: 100, tokens: 10 };
const parse = (json: string) => parseBounded(Buffer.from(json), bounds);
const read = (json: string, most = 3) => readMembers(Buffer.from(json), bounds, most);

describe('JSON within bounds', () => {
  for (const json of [
    '7',
    ' {"a":[1,2,3],"b":null} ',
    '[1,2,3,4,5,6,7,8,9]',
    '"[[[[[[[[[[[[{{{{::,,"',
    `${'['.repeat(9)}${']'.repeat(9)}`,
    `"${'x'.repeat(98)}"`,
  ]) {
    it(`is read: ${json}`, () => assert.deepEqual(parse(json), JSON.parse(json)));
  }

  it('is read after a byte order mark', () => assert.equal(parse('\uFEFF7'), 7));

  for (const [what, json] of [
    ['too many bytes', `"${'x'.repeat(99)}"`],
    ['too many values', '[1,2,3,4,5,6,7,8,9,10]'],
    ['too many lists', '[[],[],[],[],[]]'],
    ['too many keys', '{"a":1,"b":2,"c":3,"d":4,"e":5}'],
    ['nothing', ''],
    ['two values', '1 2'],
    ['a string without an end', '"abc'],
    ['a list without an end', '[1'],
    ['no JSON', '{"secret":nope}'],
  ] as const) {
    it(`is refused with ${what}, and not quoted`, () =>
      assert.throws(
        () => parse(json),
        (error) => error instanceof SyntaxError && !error.message.includes('secret'),
      ));
  }
});

describe('an object read member by member', () => {
  it('is what JSON.parse makes of it', () => {
    const json = '{"a":1,"b":{"c":[2]},"d":["x",{"e":3},null],"__proto__":"p"}';
    assert.deepEqual(read(json), JSON.parse(json));
  });

  it('leaves out what is too large, and the end of long lists', () => {
    const large = JSON.stringify('x'.repeat(200));
    const many = '[1,2,3,4,5,6,7,8,9,10,11]';
    const json = `{"a":1,"b":${large},"c":{"d":${many}},"e":[1,${large},${many},2,3,4,5],"f":2}`;
    assert.deepEqual(read(json), { a: 1, e: [1, 2, 3], f: 2 });
  });

  for (const json of ['', '[]', 'null', '{"a":nope}', '{"a":1,"A":2}', '{"a":1']) {
    it(`is refused: ${json}`, () => assert.throws(() => read(json), SyntaxError));
  }
});
