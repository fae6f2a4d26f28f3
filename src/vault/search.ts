import type { TimeSlices } from '../base/timeSlices';
import type { ItemType } from '../bitwarden/wire/itemTypes';
import { fold } from './fold';
import type { Item, Listed, Named } from './items';
import { rateLoosely } from './looseMatches';
import { rateHosts, rateWord, type Word } from './matches';
import { type Moment, Preference } from './preference';
import { type Filter, parseQuery } from './query';
import { Ranking } from './ranking';
import type { SearchEntry } from './searchEntry';
import { type Block, SearchIndex } from './searchIndex';

/** How to search. Equal matches are better where they were used, are favourites, or belong to what one works on. */
export interface SearchOptions extends Moment {
  /**
   * Archived and trashed items are found, too, and come last. Otherwise only a query finds them that asks for them
   * (`is:archived`, `is:trash`).
   */
  readonly putAway?: boolean;
  readonly slices: TimeSlices;
}

/** What a query has found. */
export interface Found {
  /** Best first. */
  readonly items: readonly Item[];
  /** Number of archived items that match as well, and are not among these. */
  readonly archived: number;
}

/** As much as makes up for a better place in the name. */
const PREFERRED = 6;

/** With so many matches nobody looks for what only nearly matches. */
const ENOUGH = 10;

/** Of those that match nearly, no more are of any use. */
const MOST_LOOSE = 100;

/** A match of a word among others that match nearly. */
const EXACTLY = 10;

interface Parts {
  /** In the order in which equals are to come. */
  readonly entries: readonly SearchEntry[];
  readonly places: Omit<Listed, 'items'>;
  /** Whether the item has a one-time code, which is not in its entry. */
  readonly hasCode: (itemId: string) => boolean;
}

type Test = (item: Item, block: Block, entry: number) => boolean;

/** What a query asks for, of a vault with these places. */
interface Asked {
  readonly words: readonly Word[];
  readonly hosts: readonly string[];
  readonly passes: Test;
  /** An item that passes needs values opened, some of which takes a while. */
  readonly isSlow: boolean;
  readonly wantsArchived: boolean;
  readonly wantsTrashed: boolean;
}

/** Searches one vault, which does not change. What it takes for that is made at the first search. */
export class VaultSearch {
  #index: Promise<SearchIndex> | undefined;
  #preferred:
    | {
        readonly recent: readonly string[];
        readonly hosts: readonly string[];
        readonly preference: Promise<Preference>;
      }
    | undefined;

  constructor(private readonly parts: Parts) {}

  /** Items that match all of the query (see parseQuery); an empty query yields all. */
  async search(query: string, options: SearchOptions): Promise<Found> {
    const { slices } = options;
    const index = await this.#indexed(slices);
    const preference = await this.#preference(index, options);
    const asked = await this.#ask(query, options);
    const [present, archive, trash] = [0, 1, 2].map(() => new Ranking(index.length)) as [Ranking, Ranking, Ranking];
    let archived = 0;
    for (const block of index.blocks) {
      await slices.next();
      const scores = rate(block, asked);
      if (scores === undefined) continue;
      for (let entry = 0; entry < scores.length; entry++) {
        const score = scores[entry] ?? 0;
        const item = block.entries[entry]?.item;
        if (score === 0 || item === undefined) continue;
        if (item.trashed && !asked.wantsTrashed) continue;
        if (asked.isSlow) await slices.next();
        if (!asked.passes(item, block, entry)) continue;
        const at = block.first + entry;
        if (item.archived && !item.trashed && !asked.wantsArchived) archived++;
        else rankingOf(item, present, archive, trash).add(at, score + bonus(item, at, preference));
      }
    }
    const useOf = (at: number) => preference.useOf(at);
    return { items: [present, archive, trash].flatMap((each) => this.#items(each.sorted(useOf))), archived };
  }

  /**
   * Items of which the name matches nearly: it has the letters of a word in this order, or a word but for one typo. Best
   * first, none that `search` finds, and none at all where that has found enough.
   */
  async searchLoosely(query: string, found: Found, options: SearchOptions): Promise<readonly Item[]> {
    const { slices } = options;
    const asked = await this.#ask(query, options);
    if (found.items.length >= ENOUGH || asked.words.length === 0 || asked.hosts.length > 0) return [];
    const index = await this.#indexed(slices);
    const preference = await this.#preference(index, options);
    const ranking = new Ranking(index.length);
    for (const block of index.blocks) {
      await slices.next();
      const exact = asked.words.map((word) => rateWord(block, word));
      for (const [entry, { item }] of block.entries.entries()) {
        if (item.trashed ? !asked.wantsTrashed : item.archived && !asked.wantsArchived) continue;
        const score = looseScore(block, entry, asked.words, exact);
        if (score === 0) continue;
        if (asked.isSlow) await slices.next();
        if (!asked.passes(item, block, entry)) continue;
        const at = block.first + entry;
        ranking.add(at, score + (bonus(item, at, preference) > 0 ? 1 : 0));
      }
    }
    return this.#items(ranking.sorted((at) => preference.useOf(at)).subarray(0, MOST_LOOSE));
  }

  /** The items that are at these hosts (see Moment), the nearest first; archived and trashed ones are left out. */
  async itemsAt(hosts: readonly string[], options: SearchOptions): Promise<readonly Item[]> {
    const index = await this.#indexed(options.slices);
    const preference = await this.#preference(index, { ...options, hosts });
    const ranking = new Ranking(index.length);
    for (const [at, { item }] of this.parts.entries.entries()) {
      const nearness = preference.nearness(at);
      if (nearness > 0 && !item.trashed && !item.archived) ranking.add(at, nearness);
    }
    return this.#items(ranking.sorted((at) => preference.useOf(at)));
  }

  #indexed(slices: TimeSlices): Promise<SearchIndex> {
    return (this.#index ??= SearchIndex.of(this.parts.entries, slices));
  }

  /** The same for each letter that is typed. */
  #preference(index: SearchIndex, { recent = [], hosts = [], slices }: SearchOptions): Promise<Preference> {
    const former = this.#preferred;
    const isSame = former !== undefined && isEqual(former.recent, recent) && isEqual(former.hosts, hosts);
    if (isSame) return former.preference;
    const preference = Preference.of(index, { recent, hosts }, slices);
    this.#preferred = { recent, hosts, preference };
    return preference;
  }

  async #ask(query: string, { putAway = false, slices }: SearchOptions): Promise<Asked> {
    const { places, hasCode } = this.parts;
    const { words, filters, hosts } = parseQuery(query);
    const tests = filters.map((filter) => testOf(filter, places, hasCode));
    const asksFor = (kind: Filter['kind']) => filters.some((filter) => filter.kind === kind);
    return {
      words: await wordsOf(words, places, slices),
      hosts,
      passes: (...of) => tests.every((test) => test(...of)),
      isSlow: asksFor('hasCode'),
      wantsArchived: putAway || asksFor('archived'),
      wantsTrashed: putAway || asksFor('trashed'),
    };
  }

  #items(sorted: Iterable<number>): Item[] {
    const { entries } = this.parts;
    const items: Item[] = [];
    for (const at of sorted) {
      const item = entries[at]?.item;
      if (item !== undefined) items.push(item);
    }
    return items;
  }
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((each, at) => each === other[at]));
}

async function wordsOf(
  texts: readonly string[],
  { folders, organizations, collections }: Omit<Listed, 'items'>,
  slices: TimeSlices,
): Promise<readonly Word[]> {
  const words = texts.map((word) => ({ word, placeIds: new Set<string>() }));
  if (words.length === 0) return words;
  await slices.each([folders, organizations, collections].flat(), ({ id, name }) => {
    const folded = fold(name);
    for (const { word, placeIds } of words) if (folded.includes(word)) placeIds.add(id);
  });
  return words;
}

/** What an operator asks of an entry. */
function testOf(filter: Filter, { folders, organizations }: Omit<Listed, 'items'>, hasCode: Parts['hasCode']): Test {
  const idsOf = (named: readonly Named[], text: string) =>
    new Set(named.filter(({ name }) => fold(name).includes(text)).map(({ id }) => id));
  switch (filter.kind) {
    case 'favorite':
    case 'trashed':
    case 'archived':
      return (item) => item[filter.kind];
    case 'hasCode':
      return ({ id }) => hasCode(id);
    case 'type': {
      const types = new Set<ItemType>(filter.types);
      return ({ type }) => types.has(type);
    }
    case 'folder': {
      const ids = idsOf(folders, filter.text);
      return ({ folderId }) => ids.has(folderId ?? '');
    }
    case 'organization': {
      const ids = idsOf(organizations, filter.text);
      return ({ organizationId }) => ids.has(organizationId ?? '');
    }
    case 'username':
      return (_, { usernames }, entry) => usernames.of(entry).includes(filter.text);
    case 'address':
      return (_, { addresses }, entry) => addresses.of(entry).includes(filter.text);
  }
}

/** The score of each entry of a block; 0 where a word is nowhere in it. Undefined: that is so in all of them. */
function rate(block: Block, { words, hosts }: Asked): Uint32Array | undefined {
  const totals = new Uint32Array(block.entries.length).fill(1);
  const ratings = [hosts].filter(({ length }) => length > 0).map((each) => () => rateHosts(block, each));
  for (const rated of [...ratings, ...words.map((word) => () => rateWord(block, word))]) {
    const best = rated();
    let left = 0;
    for (let entry = 0; entry < totals.length; entry++) {
      const score = best[entry] ?? 0;
      if (score === 0 || totals[entry] === 0) totals[entry] = 0;
      else left = totals[entry] = (totals[entry] ?? 0) + score;
    }
    if (left === 0) return undefined;
  }
  return totals;
}

/** How good it is that each word is in an entry, at least one of them only nearly; 0 where that is not so. */
function looseScore(block: Block, entry: number, words: readonly Word[], exact: readonly Uint8Array[]): number {
  let [total, isLoose] = [0, false];
  for (const [at, { word }] of words.entries()) {
    const score = exact[at]?.[entry] === 0 ? rateLoosely(block, entry, word) : EXACTLY;
    if (score === 0) return 0;
    isLoose ||= score < EXACTLY;
    total += score;
  }
  return isLoose ? total : 0;
}

function bonus({ favorite }: Item, at: number, preference: Preference): number {
  return favorite || preference.useOf(at) > 0 || preference.nearness(at) > 0 ? PREFERRED : 0;
}

function rankingOf({ trashed, archived }: Item, present: Ranking, archive: Ranking, trash: Ranking): Ranking {
  if (trashed) return trash;
  return archived ? archive : present;
}
