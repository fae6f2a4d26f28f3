import type { TimeSlices } from '../base/timeSlices';
import type { Item, Listed } from './items';

interface Entry {
  readonly item: Item;
  readonly name: string;
  /** The name in its own case, unless that tells of no word more: in "GitHub" one begins at the H. */
  readonly casedName: string | undefined;
  readonly username: string;
  /** Addresses and the names of everything that the item is in. */
  readonly rest: string;
}

/** Where a word was found tells how good the match is. */
const SCORES = { nameStart: 8, wordStart: 6, name: 4, username: 2, rest: 1 };

/** What can be searched of each item, in lower case. */
export class SearchIndex {
  private constructor(
    private readonly entries: readonly Entry[],
    private readonly placeNames: ReadonlyMap<string, string>,
  ) {}

  /** Reads the addresses of all items through `uris`, in slices of a few milliseconds. */
  static async build(
    vault: Listed,
    uris: (itemId: string) => readonly string[],
    slices: TimeSlices,
  ): Promise<SearchIndex> {
    const placeNames = new Map(
      [vault.folders, vault.organizations, vault.collections].flat().map(({ id, name }) => [id, name] as const),
    );
    const entries: Entry[] = [];
    for (const item of vault.items) {
      await slices.next();
      entries.push(entryOf(item, uris(item.id), placeNames));
    }
    return new SearchIndex(entries, placeNames);
  }

  /**
   * The index with one item less, or more, or another one in its place; the index before is left as it was.
   *
   * @param removedAt where the former entry of the item is in the order of the items.
   * @param added the item as it is by now, its place in the order without the former one, and its addresses.
   */
  with(
    removedAt: number | undefined,
    added: { readonly item: Item; readonly at: number; readonly uris: readonly string[] } | undefined,
  ): SearchIndex {
    const entries = removedAt === undefined ? [...this.entries] : this.entries.toSpliced(removedAt, 1);
    if (added) entries.splice(added.at, 0, entryOf(added.item, added.uris, this.placeNames));
    return new SearchIndex(entries, this.placeNames);
  }

  async search(query: string, slices: TimeSlices): Promise<readonly Item[]> {
    const words = fold(query).split(/\s+/).filter(Boolean);
    const hits: { item: Item; score: number }[] = [];
    for (const entry of this.entries) {
      await slices.next();
      const score = rate(entry, words);
      if (score !== undefined) hits.push({ item: entry.item, score });
    }
    // The index is sorted by name and sorting is stable, so equals stay in that order.
    return hits
      .sort((a, b) => Number(a.item.trashed) - Number(b.item.trashed) || b.score - a.score)
      .map(({ item }) => item);
  }
}

function entryOf(item: Item, uris: readonly string[], placeNames: ReadonlyMap<string, string>): Entry {
  const places = [item.folderId, item.organizationId, ...item.collectionIds].flatMap(
    (id) => placeNames.get(id ?? '') ?? [],
  );
  const name = withoutAccents(item.name ?? '');
  return {
    item,
    name: name.toLowerCase(),
    casedName: HUMP.test(name) ? name : undefined,
    username: fold(item.username ?? ''),
    rest: fold([...uris, ...places].join('\n')),
  };
}

function rate(entry: Entry, words: readonly string[]): number | undefined {
  let total = 0;
  for (const word of words) {
    const score = rateWord(entry, word);
    if (score === 0) return undefined;
    total += score;
  }
  return total;
}

function rateWord({ name, casedName, username, rest }: Entry, word: string): number {
  let score = 0;
  for (let at = name.indexOf(word); at >= 0; at = name.indexOf(word, at + 1)) {
    if (at === 0) return SCORES.nameStart;
    if (beginsWord(name, casedName, at)) return SCORES.wordStart;
    score = SCORES.name;
  }
  if (score > 0) return score;
  if (username.includes(word)) return SCORES.username;
  return rest.includes(word) ? SCORES.rest : 0;
}

/** Where a word begins though nothing parts it from the one before: "gitHub", "s3Bucket", "AWSConsole". */
const HUMP = /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}\p{Lu}\p{Ll}/u;
const HUMP_HERE = new RegExp(`^(?:${HUMP.source})`, 'u');

/** Whether a word begins at this place, which is not the first: after what is neither letter nor digit, or at a hump. */
function beginsWord(name: string, casedName: string | undefined, at: number): boolean {
  // A letter may be of two units.
  if (!/[\p{L}\p{N}]$/u.test(name.slice(Math.max(0, at - 2), at))) return true;
  return casedName !== undefined && HUMP_HERE.test(casedName.slice(at - 1, at + 2));
}

/** Case and accents do not matter: "Über" is found by "uber". */
function fold(text: string): string {
  return withoutAccents(text).toLowerCase();
}

/** Of the length of its lower case: the one letter of which that is not true, İ, is a letter and an accent. */
function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}
