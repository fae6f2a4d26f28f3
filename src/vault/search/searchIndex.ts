import type { TimeSlices } from '../../base/timeSlices';
import { Column } from './column';
import { withoutAccents } from '../fold';
import type { Item, Listed } from '../items';
import { PlaceIndex } from './placeIndex';
import type { SearchEntry } from './searchEntry';
import { wordBounds } from './wordBounds';

/** A search looks through so many entries, or characters, between two looks at the clock: that takes some 0.1 ms. */
export const ENTRIES_IN_BLOCK = 500;
const CHARACTERS_IN_BLOCK = 100_000;

/** What some entries are found by. Entries go by their place in the block. */
export class Block {
  readonly names: Column;
  /** See wordBounds: for each unit of `names.text`, and one more. */
  readonly bounds: Uint8Array;
  readonly usernames: Column;
  readonly fieldNames: Column;
  readonly addresses: Column;
  /** By the numbers of PlaceIndex: those of each entry, one behind the other, and where those of each begin. */
  readonly places: Uint32Array;
  readonly placeStarts: Uint32Array;
  /** Where each is, and whether it is a favourite: to look at each item itself would take longer than all the rest. */
  readonly states: Uint8Array;
  readonly favorites: Uint8Array;

  /** @param first place of the first entry among all. */
  constructor(
    readonly entries: readonly SearchEntry[],
    readonly first: number,
    placeIndex: PlaceIndex,
  ) {
    const places = entries.map(({ item }) => placeIndex.of(item));
    this.places = Uint32Array.from(places.flat());
    this.placeStarts = new Uint32Array(entries.length + 1);
    for (const [entry, { length }] of places.entries()) {
      this.placeStarts[entry + 1] = (this.placeStarts[entry] ?? 0) + length;
    }
    const cased = entries.map(({ item }) => withoutAccents(item.name ?? ''));
    this.names = new Column(cased.map((name) => name.toLowerCase()));
    this.bounds = new Uint8Array(this.names.text.length + 1);
    for (const [entry, name] of cased.entries()) wordBounds(name, this.bounds, this.names.start(entry));
    this.usernames = new Column(entries.map(({ item }) => withoutAccents(item.username ?? '').toLowerCase()));
    this.fieldNames = new Column(entries.map(({ fieldNames }) => fieldNames));
    this.addresses = new Column(entries.map(({ addresses }) => addresses));
    this.states = Uint8Array.from(entries, ({ item }) => stateOf(item));
    this.favorites = Uint8Array.from(entries, ({ item }) => Number(item.favorite));
  }

  get length(): number {
    return this.entries.length;
  }
}

/** Where an item is: among all others, put away, or in the trash. They are listed in this order. */
export const [PRESENT, ARCHIVED, TRASHED] = [0, 1, 2] as const;

function stateOf({ trashed, archived }: Item): number {
  if (trashed) return TRASHED;
  return archived ? ARCHIVED : PRESENT;
}

/** All that a vault is searched by, in blocks, in the order of the entries. */
export class SearchIndex {
  private constructor(
    readonly blocks: readonly Block[],
    readonly length: number,
    readonly places: PlaceIndex,
  ) {}

  static async of(
    entries: readonly SearchEntry[],
    listed: Omit<Listed, 'items'>,
    slices: TimeSlices,
  ): Promise<SearchIndex> {
    const places = new PlaceIndex(listed);
    const blocks: Block[] = [];
    let first = 0;
    let characters = 0;
    const close = (end: number) => {
      if (end > first) blocks.push(new Block(entries.slice(first, end), first, places));
      first = end;
      characters = 0;
    };
    for (const [at, entry] of entries.entries()) {
      characters += lengthOf(entry);
      if (at - first + 1 < ENTRIES_IN_BLOCK && characters < CHARACTERS_IN_BLOCK) continue;
      await slices.next();
      close(at + 1);
    }
    close(entries.length);
    return new SearchIndex(blocks, entries.length, places);
  }
}

function lengthOf({ item: { name, username }, addresses, fieldNames }: SearchEntry): number {
  return [name, username, addresses, fieldNames].reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
