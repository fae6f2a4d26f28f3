import { fold } from '../fold';
import type { Item } from '../items';
import type { OpenItem } from '../openItems';

/** An item and what it is found by, beside its name, its username and the names of what it is in. */
export interface SearchEntry {
  readonly item: Item;
  /** Folded, one on each line; empty where there is none. One text takes less memory than several. */
  readonly addresses: string;
  /** The names of its custom fields, never their values; as the addresses. */
  readonly fieldNames: string;
}

/** What an item is found by, made of what was decrypted of it. */
export function searchEntry({ item, uris, fieldNames }: OpenItem): SearchEntry {
  return { item, addresses: lines(uris), fieldNames: lines(fieldNames) };
}

function lines(texts: readonly string[]): string {
  return texts.length === 0 ? '' : fold(texts.join('\n'));
}
