import type { TimeSlices } from '../bitwarden/timeSlices';
import type { Item, Listed } from './items';

interface Entry {
  readonly item: Item;
  readonly name: string;
  readonly username: string;
  /** Addresses and the names of everything that the item is in. */
  readonly rest: string;
}

/** Where a word was found tells how good the match is. */
const SCORES = { nameStart: 8, wordStart: 6, name: 4, username: 2, rest: 1 };

/** What can be searched of each item, in lower case. */
export class SearchIndex {
  private constructor(private readonly entries: readonly Entry[]) {}

  /** Reads the addresses of all items through `uris`, in slices of a few milliseconds. */
  static async build(
    vault: Listed,
    uris: (itemId: string) => readonly string[],
    slices: TimeSlices,
  ): Promise<SearchIndex> {
    const names = new Map(
      [vault.folders, vault.organizations, vault.collections].flat().map(({ id, name }) => [id, name] as const),
    );
    const entries: Entry[] = [];
    for (const item of vault.items) {
      await slices.next();
      const places = [item.folderId, item.organizationId, ...item.collectionIds].flatMap(
        (id) => names.get(id ?? '') ?? [],
      );
      entries.push({
        item,
        name: fold(item.name ?? ''),
        username: fold(item.username ?? ''),
        rest: fold([...(item.has.uri ? uris(item.id) : []), ...places].join('\n')),
      });
    }
    return new SearchIndex(entries);
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

function rate(entry: Entry, words: readonly string[]): number | undefined {
  let total = 0;
  for (const word of words) {
    const score = rateWord(entry, word);
    if (score === 0) return undefined;
    total += score;
  }
  return total;
}

function rateWord({ name, username, rest }: Entry, word: string): number {
  const at = name.indexOf(word);
  if (at === 0) return SCORES.nameStart;
  if (at > 0) return /[\p{L}\p{N}]/u.test(name[at - 1] ?? '') ? SCORES.name : SCORES.wordStart;
  if (username.includes(word)) return SCORES.username;
  return rest.includes(word) ? SCORES.rest : 0;
}

/** Case and accents do not matter: "Über" is found by "uber". */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
