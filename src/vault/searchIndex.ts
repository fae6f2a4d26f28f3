import type { TimeSlices } from '../base/timeSlices';
import { withoutAccents } from './fold';
import type { SearchEntry } from './searchEntry';
import { wordBounds } from './wordBounds';

/** A search looks through so many entries between two looks at the clock, which takes some 0.1 ms. */
const ENTRIES_IN_BLOCK = 500;

/**
 * One text of each entry of a block, all in one, each followed by a line break. Looking for a word in one long text takes
 * a fraction of the time that it takes in many short ones.
 */
export class Column {
  readonly text: string;
  /** Where each begins; at the end, where one more would. */
  readonly #starts: Uint32Array;

  constructor(texts: readonly string[]) {
    this.text = texts.join('\n');
    this.#starts = new Uint32Array(texts.length + 1);
    let at = 0;
    for (const [number, { length }] of texts.entries()) {
      this.#starts[number] = at;
      at += length + 1;
    }
    this.#starts[texts.length] = at;
  }

  start(entry: number): number {
    return this.#starts[entry] ?? 0;
  }

  end(entry: number): number {
    return this.start(entry + 1) - 1;
  }

  of(entry: number): string {
    return this.text.slice(this.start(entry), this.end(entry));
  }

  /** Calls `found` with each place of a word, until it returns true for an entry: then it goes on with the next one. */
  eachPlace(word: string, found: (entry: number, at: number) => boolean): void {
    const { text } = this;
    const starts = this.#starts;
    let entry = 0;
    for (let at = text.indexOf(word); at >= 0;) {
      while ((starts[entry + 1] ?? Infinity) <= at) entry++;
      const next = starts[entry + 1] ?? Infinity;
      // A word with a line break could begin in one entry and end in another.
      const isDone = at + word.length < next && found(entry, at);
      at = text.indexOf(word, isDone ? next : at + 1);
    }
  }
}

/** What some entries are found by. Entries go by their place in the block. */
export class Block {
  readonly names: Column;
  /** See wordBounds: for each unit of `names.text`, and one more. */
  readonly bounds: Uint8Array;
  readonly usernames: Column;
  readonly fieldNames: Column;
  readonly addresses: Column;

  /** @param first place of the first entry among all. */
  constructor(
    readonly entries: readonly SearchEntry[],
    readonly first: number,
  ) {
    const cased = entries.map(({ item }) => withoutAccents(item.name ?? ''));
    this.names = new Column(cased.map((name) => name.toLowerCase()));
    this.bounds = new Uint8Array(this.names.text.length + 1);
    for (const [entry, name] of cased.entries()) wordBounds(name, this.bounds, this.names.start(entry));
    this.usernames = new Column(entries.map(({ item }) => withoutAccents(item.username ?? '').toLowerCase()));
    this.fieldNames = new Column(entries.map(({ fieldNames }) => fieldNames));
    this.addresses = new Column(entries.map(({ addresses }) => addresses));
  }
}

/** All that a vault is searched by, in blocks, in the order of the entries. */
export class SearchIndex {
  private constructor(
    readonly blocks: readonly Block[],
    readonly length: number,
  ) {}

  static async of(entries: readonly SearchEntry[], slices: TimeSlices): Promise<SearchIndex> {
    const blocks: Block[] = [];
    for (let first = 0; first < entries.length; first += ENTRIES_IN_BLOCK) {
      await slices.next();
      blocks.push(new Block(entries.slice(first, first + ENTRIES_IN_BLOCK), first));
    }
    return new SearchIndex(blocks, entries.length);
  }
}
