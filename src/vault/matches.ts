import type { Item } from './items';
import type { Block } from './searchIndex';
import { beginsWord, endsBefore } from './wordBounds';

/** A word of a query, and the ids of the folders, organisations and collections that have it in their names. */
export interface Word {
  readonly word: string;
  readonly placeIds: ReadonlySet<string>;
}

/** Where a word was found tells how good the match is. */
const SCORES = {
  wholeName: 24,
  wholeWord: 20,
  nameStart: 16,
  wordStart: 12,
  name: 8,
  username: 4,
  fieldName: 3,
  /** In an address, or in the name of a folder, an organisation or a collection. */
  rest: 2,
};

/** For each of the addresses that a pasted one stands for, the nearest first. */
const HOST = 40;

/** The best score of a word for each entry of a block; 0 where it is nowhere. */
export function rateWord(block: Block, { word, placeIds }: Word): Uint8Array {
  const { names, bounds, usernames, fieldNames, addresses, entries } = block;
  const best = new Uint8Array(entries.length);
  names.eachPlace(word, (entry, at) => {
    const [start, nameEnd, end] = [names.start(entry), names.end(entry), at + word.length];
    const begins = at === start || beginsWord(bounds[at] ?? 0);
    const isWhole = begins && (end === nameEnd || endsBefore(bounds[end] ?? 0));
    const wholeOr = at === start && end === nameEnd ? SCORES.wholeName : SCORES.wholeWord;
    const score = isWhole ? wholeOr : at === start ? SCORES.nameStart : begins ? SCORES.wordStart : SCORES.name;
    if (score > (best[entry] ?? 0)) best[entry] = score;
    return score >= SCORES.wholeWord;
  });
  const elsewhere = [
    [usernames, SCORES.username],
    [fieldNames, SCORES.fieldName],
    [addresses, SCORES.rest],
  ] as const;
  for (const [column, score] of elsewhere) {
    column.eachPlace(word, (entry) => {
      if (best[entry] === 0) best[entry] = score;
      return true;
    });
  }
  if (placeIds.size === 0) return best;
  for (const [entry, { item }] of entries.entries()) {
    if (best[entry] === 0 && isInOneOf(item, placeIds)) best[entry] = SCORES.rest;
  }
  return best;
}

function isInOneOf({ folderId, organizationId, collectionIds }: Item, placeIds: ReadonlySet<string>): boolean {
  return (
    placeIds.has(folderId ?? '') || placeIds.has(organizationId ?? '') || collectionIds.some((id) => placeIds.has(id))
  );
}

/** As rateWord: the best score of the hosts, of which the first is the nearest. */
export function rateHosts(block: Block, hosts: readonly string[]): Uint8Array {
  const best = new Uint8Array(block.entries.length);
  for (const [place, host] of hosts.entries()) {
    eachAddressAt(block, host, (entry) => {
      if (best[entry] === 0) best[entry] = Math.max(1, HOST - place);
    });
  }
  return best;
}

/** The entries of which one of the addresses is at this host, or at one below it. */
export function eachAddressAt(block: Block, host: string, found: (entry: number) => void): void {
  eachHost(block, host, /^$|[/@.\n]/, found);
}

/** As eachAddressAt, of this host alone. */
export function eachAddressOf(block: Block, host: string, found: (entry: number) => void): void {
  eachHost(block, host, /^$|[/@\n]/, found);
}

function eachHost({ addresses }: Block, host: string, before: RegExp, found: (entry: number) => void): void {
  const { text } = addresses;
  addresses.eachPlace(host, (entry, at) => {
    const isHost = before.test(text.charAt(at - 1)) && !/[\p{L}\p{N}.-]/u.test(text.charAt(at + host.length));
    if (isHost) found(entry);
    return isHost;
  });
}
