import type { Policy } from '../bitwarden/wire/model';
import { flag, integer, nonEmptyText } from '../bitwarden/wire/wireObject';
import { bounded, type Counted, type Floors } from './options';

/** server: src/Core/AdminConsole/Enums/PolicyType.cs */
const PASSWORD_GENERATOR = 2;

/**
 * What all organisations ask for together; for every member, owners and administrators too, as in official clients.
 *
 * @param policies that hold for the user.
 */
export function floorsOf(policies: readonly Policy[]): Floors {
  const all = policies.filter(({ type }) => type === PASSWORD_GENERATOR).map(({ data }) => data);
  const count = (name: string) => Math.max(0, ...all.map((data) => integer(data, name) ?? 0));
  const least = (name: Counted, policy: string) => bounded(name, count(policy));
  const needs = (name: string) => all.some((data) => flag(data, name) === true);
  // Servers of before 2024 said defaultType.
  const only = all.map((data) => nonEmptyText(data, 'overridePasswordType') ?? nonEmptyText(data, 'defaultType'));
  return {
    only: (['password', 'passphrase'] as const).find((kind) => only.includes(kind)),
    password: {
      length: least('length', 'minLength'),
      uppercase: needs('useUpper'),
      lowercase: needs('useLower'),
      numbers: needs('useNumbers') || count('minNumbers') > 0,
      special: needs('useSpecial') || count('minSpecial') > 0,
      minNumbers: least('minNumbers', 'minNumbers'),
      minSpecial: least('minSpecial', 'minSpecial'),
    },
    passphrase: {
      words: least('words', 'minNumberWords'),
      capitalize: needs('capitalize'),
      includeNumber: needs('includeNumber'),
    },
  };
}

export const noFloors = floorsOf([]);
