import type { TimeSlices } from '../../base/timeSlices';
import { eachAddressAt, eachAddressOf } from './matches';
import { hostsOf } from './query';
import type { Block, SearchIndex } from './searchIndex';

/** What is known of the moment at which somebody searches. */
export interface Moment {
  /** Ids of items that were used, the likeliest to be used again first. */
  readonly recent?: readonly string[] | undefined;
  /** Hosts, with or without a port, of what the user works on, as in the remotes of a repository. */
  readonly hosts?: readonly string[] | undefined;
}

/** Which entries come first among matches that are about as good. */
export class Preference {
  /** Those that were used, the likeliest to be used again first. */
  readonly used: number[] = [];
  /** By entry: how near one of its addresses is to one of the hosts, see `nearness`. */
  readonly #nearness: Uint8Array;

  /** By entry: what is added to the score of a match. */
  readonly #bonuses: Uint8Array;

  private constructor(length: number) {
    this.#nearness = new Uint8Array(length);
    this.#bonuses = new Uint8Array(length);
  }

  static async of(index: SearchIndex, { recent = [], hosts = [] }: Moment, slices: TimeSlices): Promise<Preference> {
    const preference = new Preference(index.length);
    const uses = new Map(recent.slice(0, MOST_USED).map((id, at) => [id, at]));
    const places: (number | undefined)[] = [];
    const wanted = hosts.slice(0, MOST_HOSTS).map((host) => hostsOf(`https://${host}`));
    for (const block of index.blocks) {
      await slices.next();
      if (uses.size > 0) findUses(block, uses, places);
      for (const each of wanted) preference.#findHosts(block, each);
      preference.#addUp(block);
    }
    for (const at of places) {
      if (at === undefined) continue;
      preference.used.push(at);
      preference.#bonuses[at] = PREFERRED;
    }
    return preference;
  }

  /** What makes up for a better place in the name: for favourites, what was used, and what is at one of the hosts. */
  bonus(entry: number): number {
    return this.#bonuses[entry] ?? 0;
  }

  /** 0: none of its addresses is at one of the hosts; the greater the nearer. */
  nearness(entry: number): number {
    return this.#nearness[entry] ?? 0;
  }

  #addUp({ favorites, first, length }: Block): void {
    for (let at = first; at < first + length; at++) {
      if (favorites[at - first] === 1 || this.nearness(at) > 0) this.#bonuses[at] = PREFERRED;
    }
  }

  /**
   * An address at the host itself, or below it, is of this host; one at a domain that the host is in only if it is just
   * that. Otherwise all items of a company would belong to each of its repositories.
   */
  #findHosts(block: Block, { own, above }: ReturnType<typeof hostsOf>): void {
    const found = (nearness: number) => (entry: number) => {
      const at = block.first + entry;
      this.#nearness[at] = Math.max(this.nearness(at), nearness);
    };
    for (const host of own) eachAddressOf(block, host, found(3));
    for (const host of own) eachAddressAt(block, host, found(2));
    for (const host of above) eachAddressOf(block, host, found(1));
  }
}

/** @param places where the places of what was used go, in the order of `uses`. */
function findUses({ entries, first }: Block, uses: ReadonlyMap<string, number>, places: (number | undefined)[]): void {
  for (const [at, { item }] of entries.entries()) {
    const use = uses.get(item.id);
    if (use !== undefined) places[use] = first + at;
  }
}

export const PREFERRED = 6;
const MOST_USED = 1_000;
/** Of remotes: a repository has a few. */
const MOST_HOSTS = 20;
