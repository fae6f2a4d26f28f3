export interface ValueRow {
  readonly text: string;
  /** The line was too long for one row, and the next row continues it. */
  readonly goesOn: boolean;
}

/** Characters in a row. Quick input cuts off what is much longer. */
const WIDEST = 60;
/** More than anybody reads in half a minute. */
const MOST_ROWS = 500;

/**
 * A value as rows that show all of it: one for each line, and more for a long one.
 *
 * @returns beside the rows, how many lines are left out because there are too many.
 */
export function rowsOf(value: string): { readonly rows: readonly ValueRow[]; readonly left: number } {
  const rows: ValueRow[] = [];
  const lines = value.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  for (const [index, line] of lines.entries()) {
    // By code points, so that no character is cut in two. A code point has two UTF-16 units at most.
    const characters = Array.from(line.slice(0, 2 * WIDEST * MOST_ROWS));
    for (let start = 0; start === 0 || start < characters.length; start += WIDEST) {
      if (rows.length === MOST_ROWS) return { rows, left: lines.length - index };
      const text = characters.slice(start, start + WIDEST).join('');
      rows.push({ text, goesOn: start + WIDEST < characters.length });
    }
  }
  return { rows, left: 0 };
}
