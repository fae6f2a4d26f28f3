import type { TimeSlices } from '../base/timeSlices';
import type { ItemType } from '../bitwarden/wire/itemTypes';
import { fold, withoutAccents } from './fold';
import type { Item, Listed, Named } from './items';
import type { OpenItem } from './openItems';
import { type Filter, parseQuery } from './query';

/** An item and what it is found by, beside the names of what it is in. */
export interface SearchEntry {
  readonly item: Item;
  /**
   * Name, username and addresses, one on each line, in lower case and without accents. One text takes less memory than
   * several.
   */
  readonly text: string;
  /** Offsets in the text, in UTF-16 units: where the name ends, and where the username ends. */
  readonly nameEnd: number;
  readonly usernameEnd: number;
  /** The name in its own case, if capitals in it show where words begin, as the H of "GitHub" does. */
  readonly casedName: string | undefined;
}

/** What an item is found by, made of what was decrypted of it. */
export function searchEntry({ item, uris }: OpenItem): SearchEntry {
  const name = withoutAccents(item.name ?? '');
  const username = withoutAccents(item.username ?? '');
  return {
    item,
    text: [name, username, ...uris.map(withoutAccents)].join('\n').toLowerCase(),
    nameEnd: name.length,
    usernameEnd: name.length + 1 + username.length,
    casedName: HUMP.test(name) ? name : undefined,
  };
}

/** A word of a query, and the ids of the folders, organisations and collections that have it in their names. */
interface Word {
  readonly word: string;
  readonly placeIds: ReadonlySet<string>;
}

/** Where a word was found tells how good the match is. */
const SCORES = { host: 20, wholeName: 12, wholeWord: 10, nameStart: 8, wordStart: 6, name: 4, username: 2, rest: 1 };

/** As much as makes up for a better place in the name. */
const FAVORITE = 3;

export interface SearchOptions {
  readonly slices: TimeSlices;
  /** Whether the item has a one-time code, which is not in its entry. */
  readonly hasCode: (itemId: string) => boolean;
}

/**
 * Items that match all of the query (see parseQuery), best first, equals in the order of the entries; an empty query
 * yields all. Trashed items come last.
 */
export async function search(
  entries: readonly SearchEntry[],
  places: Omit<Listed, 'items'>,
  query: string,
  { slices, hasCode }: SearchOptions,
): Promise<readonly Item[]> {
  const { words: texts, filters, hosts } = parseQuery(query);
  const words = await wordsOf(texts, places, slices);
  const passes = filters.map((filter) => test(filter, places, hasCode));
  const hits = new Map<number, Item[]>();
  const trashedHits = new Map<number, Item[]>();
  await slices.each(entries, (entry) => {
    const score = rate(entry, words, hosts);
    if (score === undefined || !passes.every((pass) => pass(entry))) return;
    const byScore = entry.item.trashed ? trashedHits : hits;
    const equals = byScore.get(score);
    if (equals) equals.push(entry.item);
    else byScore.set(score, [entry.item]);
  });
  return [hits, trashedHits].flatMap(bestFirst);
}

function bestFirst(byScore: ReadonlyMap<number, readonly Item[]>): readonly Item[] {
  return [...byScore].sort(([a], [b]) => b - a).flatMap(([, items]) => items);
}

async function wordsOf(
  texts: readonly string[],
  places: Omit<Listed, 'items'>,
  slices: TimeSlices,
): Promise<readonly Word[]> {
  const words = texts.map((word) => ({ word, placeIds: new Set<string>() }));
  if (words.length === 0) return words;
  await slices.each([places.folders, places.organizations, places.collections].flat(), ({ id, name }) => {
    const folded = fold(name);
    for (const { word, placeIds } of words) if (folded.includes(word)) placeIds.add(id);
  });
  return words;
}

/** What an operator asks of an entry. */
function test(
  filter: Filter,
  { folders, organizations }: Omit<Listed, 'items'>,
  hasCode: SearchOptions['hasCode'],
): (entry: SearchEntry) => boolean {
  const idsOf = (named: readonly Named[], text: string) =>
    new Set(named.filter(({ name }) => fold(name).includes(text)).map(({ id }) => id));
  switch (filter.kind) {
    case 'favorite':
    case 'trashed':
    case 'archived':
      return ({ item }) => item[filter.kind];
    case 'hasCode':
      return ({ item }) => hasCode(item.id);
    case 'type': {
      const types = new Set<ItemType>(filter.types);
      return ({ item }) => types.has(item.type);
    }
    case 'folder': {
      const ids = idsOf(folders, filter.text);
      return ({ item }) => ids.has(item.folderId ?? '');
    }
    case 'organization': {
      const ids = idsOf(organizations, filter.text);
      return ({ item }) => ids.has(item.organizationId ?? '');
    }
    case 'username':
      return ({ text, nameEnd, usernameEnd }) => text.slice(nameEnd + 1, usernameEnd).includes(filter.text);
    case 'address':
      return ({ text, usernameEnd }) => text.includes(filter.text, usernameEnd + 1);
  }
}

function rate(entry: SearchEntry, words: readonly Word[], hosts: readonly string[]): number | undefined {
  let total = entry.item.favorite ? FAVORITE : 0;
  if (hosts.length > 0) {
    const nearest = hosts.findIndex((host) => hasHost(entry, host));
    if (nearest < 0) return undefined;
    total += SCORES.host - nearest;
  }
  for (const word of words) {
    const score = rateWord(entry, word);
    if (score === 0) return undefined;
    total += score;
  }
  return total;
}

function rateWord({ item, text, nameEnd, usernameEnd, casedName }: SearchEntry, { word, placeIds }: Word): number {
  let score = 0;
  let at = text.indexOf(word);
  for (; at >= 0 && at < nameEnd; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (at === 0 && end === nameEnd) return SCORES.wholeName;
    const begins = at === 0 || beginsWord(text, casedName, at);
    const isWhole = begins && (end === nameEnd || endsWord(text, casedName, end));
    const here = isWhole ? 'wholeWord' : at === 0 ? 'nameStart' : begins ? 'wordStart' : 'name';
    score = Math.max(score, SCORES[here]);
  }
  if (score > 0) return score;
  // No word has a line break in it, so what begins in one part ends there.
  if (at >= 0) return at < usernameEnd ? SCORES.username : SCORES.rest;
  return placeIds.size > 0 && isInOneOf(item, placeIds) ? SCORES.rest : 0;
}

function isInOneOf({ folderId, organizationId, collectionIds }: Item, placeIds: ReadonlySet<string>): boolean {
  return (
    placeIds.has(folderId ?? '') || placeIds.has(organizationId ?? '') || collectionIds.some((id) => placeIds.has(id))
  );
}

/** Whether one of the addresses is at this host, or at one below it. */
function hasHost({ text, usernameEnd }: SearchEntry, host: string): boolean {
  for (let at = text.indexOf(host, usernameEnd + 1); at >= 0; at = text.indexOf(host, at + 1)) {
    if (/[/@.\n]/.test(text[at - 1] ?? '') && !/[\p{L}\p{N}.-]/u.test(text[at + host.length] ?? '')) return true;
  }
  return false;
}

/** Where a word begins though nothing parts it from the one before: "gitHub", "s3Bucket", "AWSConsole". */
const HUMP = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
const HUMP_HERE = new RegExp(`^(?:${HUMP.source})`, 'u');

/** Whether a word begins at this place, which is not the first: after what is neither letter nor digit, or at a hump. */
function beginsWord(name: string, casedName: string | undefined, at: number): boolean {
  // A letter may take two UTF-16 units.
  if (!/[\p{L}\p{N}]$/u.test(name.slice(Math.max(0, at - 2), at))) return true;
  return casedName !== undefined && HUMP_HERE.test(casedName.slice(at - 1, at + 2));
}

/** Whether a word ends before this place, which is not the end of the name. */
function endsWord(name: string, casedName: string | undefined, end: number): boolean {
  return !/^[\p{L}\p{N}]/u.test(name.slice(end, end + 2)) || beginsWord(name, casedName, end);
}
