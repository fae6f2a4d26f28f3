import assert from 'node:assert/strict';
import { jsonSlices, textOf } from '../../../../src/bitwarden/wire/jsonSlices';

function slices(json: string | Uint8Array): string[] {
  const bytes = typeof json === 'string' ? Buffer.from(json) : json;
  return Array.from(
    jsonSlices(bytes),
    ({ key, isElement, start, end }) => `${key}${isElement ? '[]' : ''} ${textOf(bytes, start, end).trim()}`,
  );
}

describe('slices of a JSON object', () => {
  for (const [what, json, expected] of [
    ['nothing', '{}', []],
    ['empty lists', '{"a":[],"b":[ ],"c":1}', ['a []', 'b [ ]', 'c 1']],
    ['values of every kind', '{"a":1,"b":"x","c":null,"d":{"e":[1]}}', ['a 1', 'b "x"', 'c null', 'd {"e":[1]}']],
    [
      'elements of every kind',
      '{"a":[1,"x",null,{"b":[2]},[3]]}',
      ['a[] 1', 'a[] "x"', 'a[] null', 'a[] {"b":[2]}', 'a[] [3]'],
    ],
    ['white space', ' \n{\t"a" :\r[ 1 , 2 ] , "b" : 3 } ', ['a[] 1', 'a[] 2', 'b 3']],
    ['brackets in strings', '{"a":["]}","{["],"b":{"]":"}"}}', ['a[] "]}"', 'a[] "{["', 'b {"]":"}"}']],
    [
      'escaped quotes',
      String.raw`{"a\"":["\"]",{"b\\":"\\"}]}`,
      [String.raw`a"[] "\"]"`, String.raw`a"[] {"b\\":"\\"}`],
    ],
    ['a key in escapes', String.raw`{"\u0063iphers":[1]}`, ['ciphers[] 1']],
    ['a byte order mark', '\uFEFF{"a":1}', ['a 1']],
    ['other alphabets', '{"ключ":["密码","🔑"]}', ['ключ[] "密码"', 'ключ[] "🔑"']],
    ['64 levels', `{"a":${'['.repeat(65)}${']'.repeat(65)}}`, [`a[] ${'['.repeat(64)}${']'.repeat(64)}`]],
  ] as const) {
    it(`reads ${what}`, () => assert.deepEqual(slices(json), expected));
  }

  for (const [what, json] of [
    ['nothing', ''],
    ['a list', '[]'],
    ['a value', '1'],
    ['a page', '<html></html>'],
    ['text after the end', '{"a":1}}'],
    ['two objects', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['a trailing comma in a list', '{"a":[1,]}'],
    ['a leading comma', '{,"a":1}'],
    ['a missing comma', '{"a":[1]"b":2}'],
    ['a missing value', '{"a":}'],
    ['a missing colon', '{"a" 1}'],
    ['a bare key', '{a:1}'],
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice in other case', '{"ciphers":[1],"Ciphers":[2]}'],
    ['65 levels', `{"a":{"b":${'['.repeat(64)}${']'.repeat(64)}}}`],
    ['a million levels', `{"a":${'['.repeat(1_000_000)}`],
    ['a string that ends in an escape', '{"a":"\\'],
  ] as const) {
    it(`refuses ${what}`, () => assert.throws(() => slices(json), SyntaxError));
  }

  it('refuses an object cut off anywhere', () => {
    const whole = Buffer.from(String.raw`{"a":[{"b":"\"é"},[1,"]"]],"c":{"d":null},"e":12}`);
    assert.equal(slices(whole).length, 4);
    for (let length = 0; length < whole.length; length++) {
      assert.throws(() => slices(whole.subarray(0, length)), SyntaxError, `cut to ${length} bytes`);
    }
  });

  /** What the slices make when each is parsed apart. */
  function reassembled(json: string): unknown {
    const bytes = Buffer.from(json);
    const whole: Record<string, unknown> = {};
    for (const { key, isElement, start, end } of jsonSlices(bytes)) {
      const value: unknown = JSON.parse(textOf(bytes, start, end));
      if (isElement) ((whole[key] ??= []) as unknown[]).push(value);
      else whole[key] = value;
    }
    return whole;
  }

  it('agree with JSON.parse whichever byte is changed', () => {
    const whole = String.raw`{"one":[{"b":"\"c"},[1,"]"]], "two":{"d":null},"three":12}`;
    let readable = 0;
    for (let at = 0; at < whole.length; at++) {
      for (const other of '"\\,:[]{}1 x') {
        const json = whole.slice(0, at) + other + whole.slice(at + 1);
        let expected: unknown;
        try {
          expected = JSON.parse(json);
          readable++;
        } catch {
          assert.throws(() => reassembled(json), SyntaxError, json);
          continue;
        }
        assert.deepEqual(reassembled(json), expected, json);
      }
    }
    assert.ok(readable > 50);
  });
});
