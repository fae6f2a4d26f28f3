import type { TimeSlices } from '../base/timeSlices';
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
  /** By entry: its place among those that were used, from 1; 0 for all others. */
  readonly #uses: Uint16Array;
  /** By entry: how near one of its addresses is to one of the hosts, see `nearness`. */
  readonly #nearness: Uint8Array;

  private constructor(length: number) {
    this.#uses = new Uint16Array(length);
    this.#nearness = new Uint8Array(length);
  }

  static async of(index: SearchIndex, { recent = [], hosts = [] }: Moment, slices: TimeSlices): Promise<Preference> {
    const preference = new Preference(index.length);
    const uses = new Map(recent.slice(0, MOST_USED).map((id, at) => [id, at + 1]));
    const wanted = hosts.slice(0, MOST_HOSTS).map((host) => hostsOf(`https://${host}`));
    if (uses.size + wanted.length === 0) return preference;
    for (const block of index.blocks) {
      await slices.next();
      if (uses.size > 0) preference.#findUses(block, uses);
      for (const each of wanted) preference.#findHosts(block, each);
    }
    return preference;
  }

  useOf(entry: number): number {
    return this.#uses[entry] ?? 0;
  }

  /** 0: none of its addresses is at one of the hosts; the greater the nearer. */
  nearness(entry: number): number {
    return this.#nearness[entry] ?? 0;
  }

  #findUses({ entries, first }: Block, uses: ReadonlyMap<string, number>): void {
    for (const [at, { item }] of entries.entries()) {
      const use = uses.get(item.id);
      if (use !== undefined) this.#uses[first + at] = use;
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

const MOST_USED = 1_000;
/** Of remotes: a repository has a few. */
const MOST_HOSTS = 20;
