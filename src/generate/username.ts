import { pick, type Random, secureRandom } from './random';
import { wordOf } from './words';

export const usernameKinds = ['word', 'plusAddress', 'catchAll'] as const;

export interface UsernameOptions {
  readonly kind: (typeof usernameKinds)[number];
  /** Of a word; the same for the next one. */
  readonly capitalize: boolean;
  /** Four digits after the word. */
  readonly includeNumber: boolean;
  /** Whose mail all arrives, whatever stands before the `@`. Empty until the user has given one. */
  readonly domain: string;
}

/** Of the part of an address that is random. */
const RANDOM_LENGTH = 8;
const RANDOM_CHARACTERS = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');

/**
 * A word, or an address whose mail reaches the user, as official clients make them (sdk:
 * crates/bitwarden-generators/src/username.rs).
 *
 * @param account the address that a plus goes into; undefined where there is none.
 * @returns undefined where what an address is made of is missing, or is none.
 */
export function generateUsername(
  { kind, capitalize, includeNumber, domain }: UsernameOptions,
  { words, account }: { readonly words: readonly string[]; readonly account: { readonly email: string } | undefined },
  random: Random = secureRandom,
): string | undefined {
  switch (kind) {
    case 'word': {
      const number = includeNumber ? random(10_000).toString().padStart(4, '0') : '';
      return wordOf(words, capitalize, random) + number;
    }
    case 'plusAddress': {
      const [, name, host] = /^([^@]+)@([^@]+)$/.exec(account?.email ?? '') ?? [];
      return name === undefined || host === undefined ? undefined : `${name}+${randomPart(random)}@${host}`;
    }
    case 'catchAll':
      return domain === '' ? undefined : `${randomPart(random)}@${domain}`;
  }
}

/** The domain that somebody has typed, also with an `@` before it. Undefined for what is none. */
export function parseDomain(text: string): string | undefined {
  const domain = text.trim().replace(/^@/, '');
  return /^[^\s@\p{C}]{1,253}$/u.test(domain) ? domain : undefined;
}

function randomPart(random: Random): string {
  return Array.from({ length: RANDOM_LENGTH }, () => pick(RANDOM_CHARACTERS, random)).join('');
}
