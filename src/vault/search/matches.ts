import type { PlaceMask } from './placeIndex';
import type { Block } from './searchIndex';
import { beginsWord, endsBefore } from './wordBounds';

/** A word of a query, and the folders, organisations and collections that have it in their names. */
export interface Word {
  readonly word: string;
  readonly places: PlaceMask;
}

/** Where a word was found tells how good the match is. */
const SCORES = {
  /** Of a pasted address; less for the domains that it is in. */
  host: 40,
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

/** No word has a better score. */
export const BEST = SCORES.host;

/**
 * The best score of a word for each entry of a block; 0 where it is nowhere.
 *
 * @param best where the scores go, as many as the block has entries.
 */
export function rateWord(block: Block, { word, places }: Word, best: Uint8Array): void {
  const { names, usernames, fieldNames, addresses } = block;
  best.fill(0);
  names.eachPlace(word, (entry, at) => {
    const score = rateInName(block, word, entry, at);
    if (score > (best[entry] ?? 0)) best[entry] = score;
    return score >= SCORES.wholeWord ? entry + 1 : entry;
  });
  const elsewhere = [
    [usernames, SCORES.username],
    [fieldNames, SCORES.fieldName],
    [addresses, SCORES.rest],
  ] as const;
  for (const [column, score] of elsewhere) {
    const first = firstAtZero(best, 0);
    if (first === block.length) return;
    const found = (entry: number) => {
      if (best[entry] === 0) best[entry] = score;
      return firstAtZero(best, entry + 1);
    };
    column.eachPlace(word, found, first);
  }
  if (places === undefined) return;
  for (let entry = 0; entry < block.length; entry++) {
    if (best[entry] === 0 && isInOneOf(block, entry, places)) best[entry] = SCORES.rest;
  }
}

function rateInName({ names, bounds }: Block, word: string, entry: number, at: number): number {
  const end = at + word.length;
  const [isFirst, isLast] = [at === names.start(entry), end === names.end(entry)];
  const begins = isFirst || beginsWord(bounds[at] ?? 0);
  if (begins && (isLast || endsBefore(bounds[end] ?? 0)))
    return isFirst && isLast ? SCORES.wholeName : SCORES.wholeWord;
  if (isFirst) return SCORES.nameStart;
  return begins ? SCORES.wordStart : SCORES.name;
}

/** The first entry from this one on that has no score; where there is none, the number of all. */
function firstAtZero(best: Uint8Array, entry: number): number {
  let first = entry;
  while (first < best.length && best[first] !== 0) first++;
  return first;
}

function isInOneOf({ places, placeStarts }: Block, entry: number, wanted: Uint8Array): boolean {
  const end = placeStarts[entry + 1] ?? 0;
  for (let at = placeStarts[entry] ?? 0; at < end; at++) if (wanted[places[at] ?? 0] === 1) return true;
  return false;
}

/** As rateWord: the best score of the hosts, of which the first is the nearest. */
export function rateHosts(block: Block, hosts: readonly string[], best: Uint8Array): void {
  best.fill(0);
  for (const [place, host] of hosts.entries()) {
    eachAddressAt(block, host, (entry) => {
      if (best[entry] === 0) best[entry] = Math.max(1, SCORES.host - place);
    });
  }
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
    return isHost ? entry + 1 : entry;
  });
}
