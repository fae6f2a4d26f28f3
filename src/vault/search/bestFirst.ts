/**
 * Those of a list that have a score, the best first; equals as they were used, and then in the order of the list. Takes
 * time in step with the length of the list: a single letter is in nearly every item.
 *
 * @param scores by place in the list; 0: left out. They are small numbers. What was used loses its score.
 * @param used places of what was used, each once, the one that is to come first first.
 */
export function bestFirst<T>(list: readonly T[], scores: Uint32Array, used: readonly number[]): readonly T[] {
  let highest = 0;
  for (const score of scores) if (score > highest) highest = score;
  // At first how many have each score, then where the next one of that score goes.
  const places = new Uint32Array(highest + 1);
  for (const score of scores) places[score] = (places[score] ?? 0) + 1;
  let before = 0;
  for (let score = highest; score > 0; score--) {
    const count = places[score] ?? 0;
    places[score] = before;
    before += count;
  }
  const sorted = new Array<T>(before);
  const put = (at: number) => {
    const score = scores[at] ?? 0;
    const one = list[at];
    if (score === 0 || one === undefined) return;
    const place = places[score] ?? 0;
    sorted[place] = one;
    places[score] = place + 1;
  };
  for (const at of used) {
    put(at);
    scores[at] = 0;
  }
  for (let at = 0; at < scores.length; at++) put(at);
  return sorted;
}
