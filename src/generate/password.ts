import { pick, type Random, secureRandom, shuffled } from './random';

/** What a password is made of. `heldTo` makes such options of any. */
export interface PasswordOptions {
  readonly length: number;
  readonly uppercase: boolean;
  readonly lowercase: boolean;
  readonly numbers: boolean;
  readonly special: boolean;
  /** Counts where there are numbers at all; the same for the next one. */
  readonly minNumbers: number;
  readonly minSpecial: number;
  /** Leaves out characters that look like others. */
  readonly avoidAmbiguous: boolean;
}

/** sdk: crates/bitwarden-generators/src/password.rs */
const characters = {
  uppercase: { all: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', ambiguous: /[IO]/g },
  lowercase: { all: 'abcdefghijklmnopqrstuvwxyz', ambiguous: /l/g },
  numbers: { all: '0123456789', ambiguous: /[01]/g },
  special: { all: '!@#$%^&*', ambiguous: /(?!)/g },
} as const;

export type CharacterClass = keyof typeof characters;

export const characterClasses = Object.keys(characters) as readonly CharacterClass[];

/** How many characters of the class there are at least. One that is chosen is there in any case, as in official clients. */
export function leastOf(options: PasswordOptions, name: CharacterClass): number {
  if (!options[name]) return 0;
  if (name === 'numbers') return Math.max(1, options.minNumbers);
  return name === 'special' ? Math.max(1, options.minSpecial) : 1;
}

/** The shortest password that has as many characters of each class as it must have. */
export function shortestWith(options: PasswordOptions): number {
  return characterClasses.reduce((length, name) => length + leastOf(options, name), 0);
}

/**
 * A password. First come the characters that each class must have, then any of all classes, and all are shuffled, as in
 * the official clients (sdk: crates/bitwarden-generators/src/password.rs).
 *
 * @throws TypeError for options without any class, or with a length that is too short for their minimums.
 */
export function generatePassword(options: PasswordOptions, random: Random = secureRandom): string {
  const classes = characterClasses
    .filter((name) => options[name])
    .map((name) => ({ from: charactersOf(name, options), least: leastOf(options, name) }));
  const needed = classes.flatMap(({ from, least }) => picks(from, least, random));
  if (options.length < needed.length) throw new TypeError('too short for its minimums');
  const rest = picks(
    classes.flatMap(({ from }) => from),
    options.length - needed.length,
    random,
  );
  return shuffled([...needed, ...rest], random).join('');
}

export function charactersOf(
  name: CharacterClass,
  { avoidAmbiguous }: Pick<PasswordOptions, 'avoidAmbiguous'>,
): string[] {
  const { all, ambiguous } = characters[name];
  return Array.from(avoidAmbiguous ? all.replaceAll(ambiguous, '') : all);
}

function picks(from: readonly string[], count: number, random: Random): readonly string[] {
  return Array.from({ length: count }, () => pick(from, random));
}
