import type { TimeSlices } from '../../base/timeSlices';
import type { ItemType } from '../../bitwarden/wire/itemTypes';
import { bestFirst } from './bestFirst';
import { fold } from '../fold';
import type { Item, Listed, Named } from '../items';
import { rateLoosely } from './looseMatches';
import { BEST, rateHosts, rateWord, type Word } from './matches';
import { type Moment, Preference, PREFERRED } from './preference';
import { type Filter, parseQuery } from './query';
import type { SearchEntry } from './searchEntry';
import { ARCHIVED, type Block, ENTRIES_IN_BLOCK, PRESENT, SearchIndex, TRASHED } from './searchIndex';

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

/** With so many matches nobody looks for what only nearly matches. */
const ENOUGH = 10;

/** Of those that match nearly, no more are of any use. */
const MOST_LOOSE = 100;

/** A match of a word among others that match nearly. */
const EXACTLY = 10;

interface Parts {
  /** Its items are in the order in which equals are to come. */
  readonly listed: Listed;
  /** In the order of the items. */
  readonly entries: readonly SearchEntry[];
  /** Whether the item has a one-time code, which is not in its entry. */
  readonly hasCode: (itemId: string) => boolean;
}

type Test = (item: Item, block: Block, entry: number) => boolean;

/** What a query asks for, of a vault with these places. */
interface Asked {
  readonly words: readonly Word[];
  readonly hosts: readonly string[];
  readonly tests: readonly Test[];
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

  /** Makes what the first search takes, which in a large vault is longer than a person should wait for a letter. */
  async prepare(slices: TimeSlices): Promise<void> {
    await this.#indexed(slices);
  }

  /** Items that match all of the query (see parseQuery). An empty query yields all, in their order, at once. */
  async search(query: string, options: SearchOptions): Promise<Found> {
    const { slices } = options;
    if (query.trim() === '') return this.#all(options);
    const index = await this.#indexed(slices);
    const preference = await this.#preference(index, options);
    const asked = this.#ask(query, index, options);
    // What is put away comes last, however good it matches.
    const step = 1 + (1 + asked.words.length) * BEST + PREFERRED;
    const scores = new Uint32Array(index.length).fill(1);
    const best = new Uint8Array(ENTRIES_IN_BLOCK);
    let archived = 0;
    for (const block of index.blocks) {
      await slices.next();
      rate(block, asked, scores.subarray(block.first, block.first + block.length), best.subarray(0, block.length));
      for (let entry = 0; entry < block.length; entry++) {
        const at = block.first + entry;
        const score = scores[at] ?? 0;
        if (score === 0) continue;
        const state = block.states[entry] ?? PRESENT;
        scores[at] = 0;
        if (state === TRASHED && !asked.wantsTrashed) continue;
        if (asked.isSlow) await slices.next();
        if (!passes(block, entry, asked)) continue;
        if (state === ARCHIVED && !asked.wantsArchived) archived++;
        else scores[at] = score + preference.bonus(at) + (TRASHED - state) * step;
      }
    }
    return { items: bestFirst(this.parts.listed.items, scores, preference.used), archived };
  }

  /**
   * Items of which the name matches nearly: it has the letters of a word in this order, or a word but for one typo. Best
   * first, none that `search` finds, and none at all where that has found enough.
   */
  async searchLoosely(query: string, found: Found, options: SearchOptions): Promise<readonly Item[]> {
    const { slices } = options;
    if (found.items.length >= ENOUGH) return [];
    const index = await this.#indexed(slices);
    const asked = this.#ask(query, index, options);
    if (asked.words.length === 0 || asked.hosts.length > 0) return [];
    const preference = await this.#preference(index, options);
    const scores = new Uint32Array(index.length);
    const exact = asked.words.map((word) => ({ word, best: new Uint8Array(ENTRIES_IN_BLOCK) }));
    for (const block of index.blocks) {
      await slices.next();
      for (const { word, best } of exact) rateWord(block, word, best);
      for (let entry = 0; entry < block.length; entry++) {
        const state = block.states[entry] ?? PRESENT;
        if ((state === TRASHED && !asked.wantsTrashed) || (state === ARCHIVED && !asked.wantsArchived)) continue;
        const score = looseScore(block, entry, exact);
        if (score === 0) continue;
        if (asked.isSlow) await slices.next();
        if (!passes(block, entry, asked)) continue;
        const at = block.first + entry;
        scores[at] = score + (preference.bonus(at) > 0 ? 1 : 0);
      }
    }
    return bestFirst(this.parts.listed.items, scores, preference.used).slice(0, MOST_LOOSE);
  }

  /** The items that are at these hosts (see Moment), the nearest first; archived and trashed ones are left out. */
  async itemsAt(hosts: readonly string[], options: SearchOptions): Promise<readonly Item[]> {
    const index = await this.#indexed(options.slices);
    const preference = await this.#preference(index, { ...options, hosts });
    const scores = new Uint32Array(index.length);
    for (const { first, states } of index.blocks) {
      for (const [entry, state] of states.entries()) {
        if (state === PRESENT) scores[first + entry] = preference.nearness(first + entry);
      }
    }
    return bestFirst(this.parts.listed.items, scores, preference.used);
  }

  async #all({ putAway = false, slices }: SearchOptions): Promise<Found> {
    const [present, archive, trash]: [Item[], Item[], Item[]] = [[], [], []];
    await slices.each(this.parts.listed.items, (item) => {
      if (item.trashed) trash.push(item);
      else (item.archived ? archive : present).push(item);
    });
    if (putAway) return { items: [present, archive, trash].flat(), archived: 0 };
    return { items: present, archived: archive.length };
  }

  #indexed(slices: TimeSlices): Promise<SearchIndex> {
    return (this.#index ??= SearchIndex.of(this.parts.entries, this.parts.listed, slices));
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

  #ask(query: string, index: SearchIndex, { putAway = false }: SearchOptions): Asked {
    const { listed, hasCode } = this.parts;
    const { words, filters, hosts } = parseQuery(query);
    // What takes longest comes last.
    const inOrder = filters.toSorted((a, b) => Number(a.kind === 'hasCode') - Number(b.kind === 'hasCode'));
    const tests = inOrder.map((filter) => testOf(filter, listed, hasCode));
    const asksFor = (kind: Filter['kind']) => filters.some((filter) => filter.kind === kind);
    return {
      words: words.map((word) => ({ word, places: index.places.having(word) })),
      hosts,
      tests,
      isSlow: asksFor('hasCode'),
      wantsArchived: putAway || asksFor('archived'),
      wantsTrashed: putAway || asksFor('trashed'),
    };
  }
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((each, at) => each === other[at]));
}

/** What an operator asks of an entry. */
function testOf(filter: Filter, { folders, organizations }: Listed, hasCode: Parts['hasCode']): Test {
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

/**
 * Adds the scores of what is asked for.
 *
 * @param scores of the entries of the block; 0, which stays, for one that something is nowhere in.
 * @param best for scores of one thing that is asked for.
 */
function rate(block: Block, { words, hosts }: Asked, scores: Uint32Array, best: Uint8Array): void {
  if (hosts.length > 0) {
    rateHosts(block, hosts, best);
    add(best, scores);
  }
  for (const word of words) {
    rateWord(block, word, best);
    if (!add(best, scores)) return;
  }
}

/** @returns whether any entry has a score. */
function add(best: Uint8Array, scores: Uint32Array): boolean {
  let left = 0;
  for (let entry = 0; entry < scores.length; entry++) {
    const [score, one] = [scores[entry] ?? 0, best[entry] ?? 0];
    scores[entry] = score === 0 || one === 0 ? 0 : score + one;
    left += scores[entry] ?? 0;
  }
  return left > 0;
}

/** How good it is that each word is in an entry, at least one of them only nearly; 0 where that is not so. */
function looseScore(block: Block, entry: number, exact: readonly { word: Word; best: Uint8Array }[]): number {
  let [total, isLoose] = [0, false];
  for (const { word, best } of exact) {
    const score = best[entry] === 0 ? rateLoosely(block, entry, word.word) : EXACTLY;
    if (score === 0) return 0;
    isLoose ||= score < EXACTLY;
    total += score;
  }
  return isLoose ? total : 0;
}

function passes(block: Block, entry: number, { tests }: Asked): boolean {
  const item = tests.length === 0 ? undefined : block.entries[entry]?.item;
  return item === undefined || tests.every((test) => test(item, block, entry));
}
