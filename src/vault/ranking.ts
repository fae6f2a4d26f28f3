/** Numbers of entries with how good each matches, to be put in order. */
export class Ranking {
  readonly #entries: Uint32Array;
  readonly #scores: Uint32Array;
  #highest = 0;
  length = 0;

  /** @param most that will be added. */
  constructor(most: number) {
    this.#entries = new Uint32Array(most);
    this.#scores = new Uint32Array(most);
  }

  /** @param entry greater than the one that was added before. */
  add(entry: number, score: number): void {
    this.#entries[this.length] = entry;
    this.#scores[this.length++] = score;
    if (score > this.#highest) this.#highest = score;
  }

  /**
   * The entries, the best first. Of equals those that were used come first, then all in the order of the entries. Takes
   * time in step with their number, since a single letter is in nearly every entry.
   *
   * @param useOf place of an entry among those that were used, from 1; 0 for all others.
   */
  sorted(useOf: (entry: number) => number): Uint32Array {
    const { length } = this;
    const scores = this.#scores;
    // At first how many have each score, then where the next one of that score goes.
    const places = new Uint32Array(this.#highest + 1);
    const placeOf = (score: number) => places[score] ?? 0;
    for (let at = 0; at < length; at++) places[scores[at] ?? 0] = placeOf(scores[at] ?? 0) + 1;
    let before = 0;
    for (let score = this.#highest; score >= 0; score--) {
      const count = placeOf(score);
      places[score] = before;
      before += count;
    }
    const sorted = new Uint32Array(length);
    const put = (at: number) => {
      const score = scores[at] ?? 0;
      const place = placeOf(score);
      sorted[place] = this.#entries[at] ?? 0;
      places[score] = place + 1;
    };
    const used: { at: number; use: number }[] = [];
    for (let at = 0; at < length; at++) {
      const use = useOf(this.#entries[at] ?? 0);
      if (use > 0) used.push({ at, use });
    }
    for (const { at } of used.sort((a, b) => a.use - b.use)) put(at);
    for (let at = 0; at < length; at++) if (useOf(this.#entries[at] ?? 0) === 0) put(at);
    return sorted;
  }
}
