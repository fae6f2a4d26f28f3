import assert from 'node:assert/strict';
import { cases, seed } from './cases';

/** What reads something that comes from outside. */
export interface Parser {
  /** May keep views of the input, and must not change it. */
  readonly parse: (input: Buffer) => unknown;
  /** What it says that it throws; everything else is a bug. */
  readonly throws?: readonly (new (...args: never[]) => Error)[];
  /** True: it takes so long that it gets a tenth of the inputs. */
  readonly isSlow?: boolean;
  /** True: none of the samples is one that it takes. */
  readonly neverReads?: boolean;
  /** Inputs that were refused or read in another way than they should, in base64. */
  readonly found?: readonly string[];
}

/** Numbers that come again with their seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Values of JSON that somebody might put in the place of others. */
const HOSTILE_VALUES = [
  ...['null', 'true', '-0', '-1', '1.5', '1e999', '1e-999', '9007199254740993', '4294967296', '1'.repeat(400)],
  ...['""', '" "', '"__proto__"', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"../.."', `"${'A'.repeat(3_000)}"`],
  ...['[]', '{}', '[[[[]]]]', '[null]', `${'['.repeat(70)}${']'.repeat(70)}`, `[${'{},'.repeat(2_100)}{}]`],
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
];
const HOSTILE_NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'id', 'ID', 'length', ''];

/** Bytes that mean something in one of the formats. */
const HOSTILE_BYTES = [
  ...HOSTILE_VALUES,
  ...[
    '"__proto__":{"polluted":1},',
    '"id":"x",',
    '\\',
    '"',
    ',',
    ':',
    '|',
    '.',
    '=',
    '%',
    '\n',
    ' ',
    '\0',
    '\u2028',
    '\ufeff',
  ],
  ...[
    '['.repeat(100),
    '{"a":'.repeat(100),
    '('.repeat(50),
    'a'.repeat(2_000),
    '://',
    '@',
    '\\ud800',
    '\u{1f512}',
    '-1e+9',
  ],
].map((text) => Buffer.from(text));
HOSTILE_BYTES.push(
  // A surrogate alone and a truncated character; lengths and counts of CBOR and MessagePack.
  ...['eda080', 'f09f', 'ffffffff', '00000000', '80000000', '7fffffff', '1bffffffffffffffff', '9bffffffffffffffff'].map(
    (hex) => Buffer.from(hex, 'hex'),
  ),
  ...['5bffffffffffffffff', 'bf', '9f', '5f', 'ddffffffff', 'dfffffffff', 'dbffffffff', 'c6ffffffff'].map((hex) =>
    Buffer.from(hex, 'hex'),
  ),
  ...[0x81, 0x91, 0xa1, 0xd8].map((byte) => Buffer.alloc(200, byte)),
);

const MOST_ADDED = 4 * 1024;
const LONGEST_RANDOM = 300;

/** Inputs without end: random bytes, and samples of which something was changed. */
export class Inputs {
  readonly #samples: readonly Buffer[];
  /** Samples that are JSON, which are also changed by value. */
  readonly #parsed: readonly unknown[];

  constructor(
    samples: readonly (string | Uint8Array)[],
    private readonly chance: Chance,
  ) {
    this.#samples = samples.map((sample) => Buffer.from(sample as Uint8Array));
    this.#parsed = this.#samples.flatMap((sample) => {
      if (sample[0] !== 0x7b && sample[0] !== 0x5b) return [];
      try {
        return [JSON.parse(sample.toString()) as unknown];
      } catch {
        return [];
      }
    });
  }

  next(): Buffer {
    const { chance } = this;
    if (chance.below(8) === 0 || this.#samples.length === 0) return this.#random();
    if (this.#parsed.length > 0 && chance.below(2) === 0) return this.#changedByValue();
    let bytes: Buffer = Buffer.from(chance.of(this.#samples));
    const longest = bytes.length + MOST_ADDED;
    for (let times = 1 + chance.below(3); times > 0; times--) bytes = this.#changed(bytes);
    return bytes.length <= longest ? bytes : bytes.subarray(0, longest);
  }

  #random(): Buffer {
    return Buffer.from(Array.from({ length: this.chance.below(LONGEST_RANDOM) }, () => this.chance.below(256)));
  }

  #changed(bytes: Buffer): Buffer {
    const { chance } = this;
    const at = chance.below(bytes.length + 1);
    const end = Math.min(bytes.length, at + chance.below(chance.of([4, 40, 4_000])));
    const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, end), bytes.subarray(end)];
    switch (chance.below(8)) {
      case 0:
        if (at < bytes.length) bytes[at]! ^= 1 << chance.below(8);
        return bytes;
      case 1:
        if (at < bytes.length) bytes[at] = chance.below(256);
        return bytes;
      case 2:
        return before;
      case 3:
        return Buffer.concat([before, after]);
      case 4:
        return Buffer.concat([before, ...Array<Buffer>(2 + chance.below(chance.of([2, 20, 200]))).fill(part), after]);
      case 5: {
        const other = chance.of(this.#samples);
        return Buffer.concat([before, other.subarray(chance.below(other.length + 1))]);
      }
      default:
        return Buffer.concat([before, chance.of(HOSTILE_BYTES), chance.below(2) === 0 ? after : bytes.subarray(at)]);
    }
  }

  /** One value, or one name, of a sample is another. */
  #changedByValue(): Buffer {
    const { chance } = this;
    const root = chance.of(this.#parsed);
    const mark = '@hostile@';
    let at = root as Record<string, unknown>;
    let name = chance.of(Object.keys(at));
    for (let inner = at[name]; chance.below(5) > 0; inner = at[name]) {
      if (typeof inner !== 'object' || inner === null || Object.keys(inner).length === 0) break;
      at = inner as Record<string, unknown>;
      name = chance.of(Object.keys(at));
    }
    const before = at[name];
    at[name] = mark;
    const text = JSON.stringify(root);
    at[name] = before;
    const was = JSON.stringify(before);
    const said = `${JSON.stringify(name)}:"${mark}"`;
    switch (chance.below(6)) {
      case 0:
        return Buffer.from(
          text
            .replace(said, () => `${JSON.stringify(chance.of(HOSTILE_NAMES))}:${was}`)
            .replace(`"${mark}"`, () => was),
        );
      case 1: {
        const spelled = chance.of([name, name.toUpperCase(), name.charAt(0).toUpperCase() + name.slice(1)]);
        const twice = `${JSON.stringify(name)}:${was},${JSON.stringify(spelled)}:${chance.of(HOSTILE_VALUES)}`;
        return Buffer.from(text.replace(said, () => twice).replace(`"${mark}"`, () => was));
      }
      default:
        return Buffer.from(text.replace(`"${mark}"`, () => chance.of(HOSTILE_VALUES)));
    }
  }
}

/** Text as it comes out of JSON and prompts, where surrogates may stand alone. */
export function anyText(input: Buffer): string {
  return input.toString().replaceAll('\0', '\ud800');
}

/** What a parser may hold for each byte of its input, in bytes and values, and for any. */
const [MOST_FOR_EACH, MOST_FOR_ANY] = [64, 64 * 1024];

const pristine = Reflect.ownKeys(Object.prototype).length;

/**
 * Each parser gets ten thousand inputs, a million in the nightly run: it returns or throws what it says, changes neither
 * its input nor the prototypes of all objects, makes no objects with prototypes out of the input, quotes nothing of the
 * input in the messages of JSON.parse, and holds no more than its input gives reason to. Where steps are counted (see
 * growth.test.ts), it takes no more of them than in step with the length.
 *
 * @param samples some that each of the parsers takes.
 */
export function fuzz(
  what: string,
  samples: () => readonly (string | Uint8Array)[],
  parsers: Readonly<Record<string, Parser>>,
): void {
  if (process.env.FUZZ_COUNTS_STEPS !== undefined) {
    growth(what, samples, parsers);
    return;
  }
  it(`${what}, with SEED=${seed}`, async function () {
    this.timeout(0);
    const all = Object.entries(parsers);
    for (const [name, parser] of all) {
      for (const each of parser.found ?? []) await attempt(name, parser, Buffer.from(each, 'base64'));
    }
    const inputs = new Inputs(samples(), new Chance(seed));
    // What refuses all samples would be tried no further than its first check.
    const unread = new Set(all.flatMap(([name, { neverReads }]) => (neverReads === true ? [] : [name])));
    const { stackTraceLimit } = Error;
    try {
      // Most inputs are refused, and most of the time would go into what errors say of where they come from.
      Error.stackTraceLimit = 0;
      for (let left = cases(10_000, 1_000_000).numRuns; left > 0; left--) {
        const input = inputs.next();
        for (const [name, parser] of all) {
          if (parser.isSlow === true && left % 10 > 0) continue;
          if (await attempt(name, parser, input)) unread.delete(name);
        }
      }
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    assert.deepEqual([...unread], [], 'nothing was ever read');
  });
}

/** What a sample is made longer with. */
const REPEATED = [
  ...[
    '[',
    '{"a":',
    '"',
    '\\',
    ' ',
    '\n',
    ',',
    ':',
    '{},',
    '"a":1,',
    'null,',
    'a',
    'A',
    '0',
    '.',
    'a.',
    '|',
    '=',
    '/',
    '@',
    '-',
  ],
  ...['(', '#', '\t[remote "', 'url = a:b\n', 'client_id=', 'is:', '\u0301', '\u202e', '\u{1f469}\u200d', '$(a)'],
].map((text) => Buffer.from(text));
REPEATED.push(...[0x00, 0x81, 0x91, 0xa1, 0xff].map((byte) => Buffer.of(byte)));

const LONG = 4 * 1024;
/** Many times as many as any parser takes, and few where something is gone through again for each of its parts. */
const MOST_STEPS_FOR_EACH_BYTE = 32;

function growth(
  what: string,
  samples: () => readonly (string | Uint8Array)[],
  parsers: Readonly<Record<string, Parser>>,
): void {
  it(what, async function () {
    this.timeout(120_000);
    const { stepsTaken } = await import('./stepCounter');
    const [sample = Buffer.alloc(0)] = samples().map((each) => Buffer.from(each as Uint8Array));
    const middle = sample.length >> 1;
    const inputs = REPEATED.flatMap((part) => {
      const long = Buffer.alloc(LONG, part);
      return [long, Buffer.concat([sample.subarray(0, middle), long, sample.subarray(middle)])];
    });
    const length = inputs.reduce((sum, input) => sum + input.length, 0);
    for (const [name, parser] of Object.entries(parsers)) {
      if (parser.isSlow === true) continue;
      stepsTaken();
      for (const input of inputs) await attempt(name, parser, input);
      const steps = stepsTaken();
      assert.ok(steps <= MOST_STEPS_FOR_EACH_BYTE * length, `${name} takes ${steps} steps for ${length} bytes`);
    }
  });
}

/** @returns whether it was read. */
async function attempt(name: string, { parse, throws = [] }: Parser, input: Buffer): Promise<boolean> {
  const before = Buffer.from(input);
  let isRead = false;
  try {
    const returned = parse(input);
    const result: unknown = returned instanceof Promise ? await returned : returned;
    isRead = true;
    check(result, MOST_FOR_ANY + MOST_FOR_EACH * input.length);
  } catch (error) {
    const isExpected = !isRead && throws.some((known) => error instanceof known);
    const quotes = error instanceof SyntaxError && error.message.includes('is not valid JSON');
    if (!isExpected || quotes) {
      throw new Error(`${name} fails with ${before.toString('base64')}`, { cause: error });
    }
  }
  assert.ok(input.equals(before), `${name} changes ${before.toString('base64')}`);
  assert.equal(Reflect.ownKeys(Object.prototype).length, pristine, `${name}: ${before.toString('base64')}`);
  return isRead;
}

function check(result: unknown, most: number): void {
  let held = 0;
  const waiting: unknown[] = [result];
  const seen = new Set<unknown>();
  while (waiting.length > 0) {
    const value = waiting.pop();
    // The same text, such as the key of each element of a list, is held once.
    held += typeof value === 'string' && !seen.has(value) ? value.length : 8;
    if (typeof value === 'string') seen.add(value);
    if (value instanceof Uint8Array) held += value.length;
    assert.ok(held <= most, 'holds more than its input gives reason to');
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array || seen.has(value)) continue;
    seen.add(value);
    const prototype = Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null;
    const isOfClass = typeof prototype?.constructor === 'function' && prototype.constructor.prototype === prototype;
    assert.ok(prototype === null || isOfClass, 'has a prototype that came with the input');
    if (value instanceof Map) for (const [key, each] of value) waiting.push(key, each);
    else for (const each of Object.values(value)) waiting.push(each);
  }
}
