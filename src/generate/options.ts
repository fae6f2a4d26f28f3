import { asObject, type WireObject } from '../bitwarden/wire/wireObject';
import { characterClasses, type PasswordOptions, shortestWith } from './password';
import { parseDomain, usernameKinds, type UsernameOptions } from './username';
import type { PassphraseOptions } from './words';

/** What the user has chosen, for each kind of what is generated. */
export interface GeneratorOptions {
  readonly passwords: PasswordOptions;
  readonly passphrases: PassphraseOptions;
  readonly usernames: UsernameOptions;
}

/** Clients: libs/tools/generator/core/src/metadata/password (sdk-random-password.ts, sdk-eff-word-list.ts). */
export const defaultOptions: GeneratorOptions = {
  passwords: {
    length: 14,
    uppercase: true,
    lowercase: true,
    numbers: true,
    special: false,
    minNumbers: 1,
    minSpecial: 1,
    avoidAmbiguous: false,
  },
  passphrases: { words: 6, separator: '-', capitalize: false, includeNumber: false },
  usernames: { kind: 'word', capitalize: false, includeNumber: false, domain: '' },
};

/** From the least to the most, both included; from the same places. */
export const bounds = {
  length: [5, 128],
  words: [3, 20],
  minNumbers: [1, 9],
  minSpecial: [1, 9],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

export type Counted = keyof typeof bounds;

/** What organisations ask of generated passwords at the least. */
export interface Floors {
  /** The one kind of the two that may be used; undefined: both. */
  readonly only: 'password' | 'passphrase' | undefined;
  readonly password: Omit<PasswordOptions, 'avoidAmbiguous'>;
  readonly passphrase: Omit<PassphraseOptions, 'separator'>;
}

/** The nearest options to those wished for that keep to bounds and floors, and that a password can be made of. */
export function passwordHeldTo(wished: PasswordOptions, { password: floor }: Floors): PasswordOptions {
  const chosen = Object.fromEntries(characterClasses.map((name) => [name, wished[name] || floor[name]])) as Pick<
    PasswordOptions,
    (typeof characterClasses)[number]
  >;
  const isEmpty = characterClasses.every((name) => !chosen[name]);
  const options = {
    ...wished,
    ...chosen,
    lowercase: chosen.lowercase || isEmpty,
    minNumbers: bounded('minNumbers', Math.max(wished.minNumbers, floor.minNumbers)),
    minSpecial: bounded('minSpecial', Math.max(wished.minSpecial, floor.minSpecial)),
  };
  return { ...options, length: bounded('length', Math.max(wished.length, floor.length, shortestWith(options))) };
}

export function passphraseHeldTo(wished: PassphraseOptions, { passphrase: floor }: Floors): PassphraseOptions {
  return {
    separator: wished.separator,
    words: bounded('words', Math.max(wished.words, floor.words)),
    capitalize: wished.capitalize || floor.capitalize,
    includeNumber: wished.includeNumber || floor.includeNumber,
  };
}

export function bounded(name: Counted, value: number): number {
  const [least, most] = bounds[name];
  return Math.min(Math.max(Math.trunc(value), least), most);
}

/** One character that is seen, or a space, or none. */
export function isSeparator(text: string): boolean {
  return /^[^\p{C}\p{Zl}\p{Zp}]?$/u.test(text);
}

/** Options that were stored. Whatever does not fit is as by default. */
export function parseOptions(value: unknown): GeneratorOptions {
  const stored = asObject(value) ?? {};
  const of = (name: keyof GeneratorOptions) => asObject(stored[name]) ?? {};
  const { separator } = of('passphrases');
  const { kind, domain } = of('usernames');
  return {
    passwords: known(of('passwords'), defaultOptions.passwords),
    passphrases: {
      ...known(of('passphrases'), defaultOptions.passphrases),
      separator:
        typeof separator === 'string' && isSeparator(separator) ? separator : defaultOptions.passphrases.separator,
    },
    usernames: {
      ...known(of('usernames'), defaultOptions.usernames),
      kind: usernameKinds.find((each) => each === kind) ?? defaultOptions.usernames.kind,
      domain: (typeof domain === 'string' ? parseDomain(domain) : undefined) ?? '',
    },
  };
}

/** Takes flags and numbers alone, and those that are bounded within their bounds. */
function known<T extends object>(stored: WireObject, defaults: T): T {
  const entries = Object.entries(defaults).map(([name, preset]: [string, unknown]) => {
    const value = stored[name];
    if (typeof preset === 'number' && Number.isFinite(value)) return [name, bounded(name as Counted, value as number)];
    return [name, typeof preset === 'boolean' && typeof value === 'boolean' ? value : preset];
  });
  return Object.fromEntries(entries) as T;
}
