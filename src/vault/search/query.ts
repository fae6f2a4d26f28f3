import { itemTypes, type KnownItemType } from '../../bitwarden/wire/itemTypes';
import { fold } from '../fold';
import { webAddress } from '../webAddress';

/** What the user looks for, taken apart. All texts are folded. */
export interface Query {
  /** Each has to be found. */
  readonly words: readonly string[];
  /** Each has to let the item through. */
  readonly filters: readonly Filter[];
  /** Of a pasted address: its host with the port, the host alone, the domains that this is in. One has to be found. */
  readonly hosts: readonly string[];
}

/** An operator, such as `is:fav` or `folder:work`. */
export type Filter =
  | { readonly kind: 'favorite' | 'trashed' | 'archived' }
  | { readonly kind: 'hasCode' }
  | { readonly kind: 'type'; readonly types: readonly KnownItemType[] }
  | { readonly kind: 'folder' | 'organization' | 'username' | 'address'; readonly text: string };

/** An operator with its value, which may be in quotes, or a word. */
const TOKEN = /([a-z]+):("[^"]*"?|\S*)|\S+/giu;

/** Takes a query apart. What only looks like an operator is a word. */
export function parseQuery(query: string): Query {
  const words: string[] = [];
  const filters: Filter[] = [];
  const hosts: string[] = [];
  for (const [token, operator, value] of query.matchAll(TOKEN)) {
    const filter = operator === undefined ? undefined : filterOf(operator.toLowerCase(), fold(unquoted(value ?? '')));
    if (filter !== undefined) filters.push(...filter);
    else if (token.includes('/') && webAddress(token) !== undefined) hosts.push(...allHostsOf(token));
    else words.push(fold(token));
  }
  // Of a token that is accents alone nothing is left.
  return { words: words.filter((word) => word !== ''), filters, hosts };
}

function unquoted(value: string): string {
  return value.replaceAll('"', '').trim();
}

const IS = {
  favorite: 'favorite',
  favourite: 'favorite',
  trashed: 'trashed',
  deleted: 'trashed',
  archived: 'archived',
} as const;
const HAS = { totp: 'hasCode', otp: 'hasCode', code: 'hasCode' } as const;
const IN = { folder: 'folder', org: 'organization', user: 'username', url: 'address' } as const;

/**
 * The words on the screen find a type, too: "SSH key" is `sshKey`, "Driver's license" `driversLicense`.
 *
 * @returns undefined: it is no operator, or has a value that it does not know.
 */
function filterOf(operator: string, value: string): readonly Filter[] | undefined {
  const known = operator === 'is' || operator === 'has' || operator === 'type' || Object.hasOwn(IN, operator);
  // While it is still being typed it lets everything through.
  if (known && value === '') return [];
  switch (operator) {
    case 'is':
      return begun(IS, value)?.map((kind) => ({ kind }));
    case 'has':
      return begun(HAS, value)?.map((kind) => ({ kind }));
    case 'type': {
      const words = value.replaceAll(/[\s'’]/g, '');
      const types = itemTypes
        .map(({ name }) => name)
        .filter((name) => words !== '' && name.toLowerCase().includes(words));
      return types.length === 0 ? undefined : [{ kind: 'type', types }];
    }
    default:
      return known ? [{ kind: IN[operator as keyof typeof IN], text: value }] : undefined;
  }
}

/** What the name stands for of which the value is the beginning: `fav` is enough. */
function begun<T>(names: Readonly<Record<string, T>>, value: string): readonly [T] | undefined {
  const found = Object.entries(names).find(([name]) => name.startsWith(value));
  return found && [found[1]];
}

function allHostsOf(address: string): readonly string[] {
  const { own, above } = hostsOf(address);
  return [...own, ...above];
}

/** The hosts that an address may be stored under, the nearest first. */
interface Hosts {
  /** Its own one with the port, and without it. */
  readonly own: readonly string[];
  /** The domains that it is in, but for those that anybody can have one below. */
  readonly above: readonly string[];
}

/** @returns none for what is no web address. */
export function hostsOf(address: string): Hosts {
  const url = webAddress(address);
  if (url === undefined) return { own: [], above: [] };
  const { host, hostname } = new URL(url);
  const labels = /^[\d.]+$|^\[/.test(hostname) ? [] : hostname.split('.');
  const above = labels.slice(1, -1).map((_, at) => labels.slice(at + 1).join('.'));
  return {
    own: [...new Set([host, hostname])],
    above: above.filter((each) => !PUBLIC_SUFFIX.test(each)).slice(0, MOST_ABOVE),
  };
}

/** Domains that anybody can have one below: `co.uk`, `com.au`. */
const PUBLIC_SUFFIX = /^\w{2,3}\.\w\w$/;

/** A host has a few labels, and each domain takes time to look for. */
const MOST_ABOVE = 8;
