import assert from 'node:assert/strict';
import { type JsonSlice, JsonSlicer, jsonSlices } from '../../../../src/bitwarden/wire/jsonSlices';
import { textOf } from '../../../../src/bitwarden/wire/jsonValue';

function slices(json: string | Uint8Array): string[] {
  const bytes = typeof json === 'string' ? Buffer.from(json) : json;
  return Array.from(jsonSlices(bytes), textOfSlice);
}

function textOfSlice({ key, isElement, bytes }: JsonSlice): string {
  return `${key}${isElement ? '[]' : ''} ${bytes ? textOf(bytes).trim() : 'too long'}`;
}

function slicesOfPieces(pieces: readonly Uint8Array[], longest?: number): string[] {
  const slicer = new JsonSlicer(longest);
  const found = pieces.flatMap((piece) => Array.from(slicer.push(piece), textOfSlice));
  slicer.end();
  return found;
}

describe('slices of a JSON object', () => {
  for (const [what, json, expected] of [
    ['nothing', '{}', []],
    ['empty lists', '{"a":[],"b":[ ],"c":1}', ['a []', 'b []', 'c 1']],
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
    for (const { key, isElement, bytes: own } of jsonSlices(bytes)) {
      const value: unknown = JSON.parse(textOf(own));
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

  const sample = Buffer.from(
    '\uFEFF' +
      String.raw` {"a" : [{"b":"\"é\\"},[1,"]"], -1.5e3 ,null],"c":{"d":null},"\u0065":12,"f":[ ],"g":"\\\\" } `,
  );

  it('are the same in two pieces, cut anywhere', () => {
    const whole = slices(sample);
    assert.equal(whole.length, 8);
    for (let at = 0; at <= sample.length; at++) {
      assert.deepEqual(slicesOfPieces([sample.subarray(0, at), sample.subarray(at)]), whole, `cut at ${at}`);
    }
  });

  for (const length of [1, 2, 3, 7]) {
    it(`are the same in pieces of ${length} bytes`, () => {
      const pieces = Array.from({ length: Math.ceil(sample.length / length) }, (_, at) =>
        sample.subarray(at * length, (at + 1) * length),
      );
      assert.deepEqual(slicesOfPieces(pieces), slices(sample));
    });
  }

  it('are refused wherever it is cut off, in pieces, too', () => {
    const end = sample.lastIndexOf('}');
    for (let length = 0; length <= end; length++) {
      assert.throws(() => slicesOfPieces([sample.subarray(0, length)]), SyntaxError, `cut to ${length} bytes`);
    }
  });

  it('leave out a value that is too long, and not the next', () => {
    const json = Buffer.from('{"a":["12345678","1"],"b":[1,2,3],"c":7}');
    const expected = ['a[] too long', 'a[] "1"', 'b[] 1', 'b[] 2', 'b[] 3', 'c 7'];
    assert.deepEqual(slicesOfPieces([json], 9), expected);
    assert.deepEqual(slicesOfPieces([json.subarray(0, 9), json.subarray(9)], 9), expected);
  });
});
