export interface ValueRow {
  readonly text: string;
  /** The next row belongs to the same line. */
  readonly goesOn: boolean;
}

/** In characters; what is wider than quick input is cut off there. */
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
    // By code points, so that no character is cut in two; so many units hold more of them than there are rows for.
    const characters = Array.from(line.slice(0, 2 * WIDEST * MOST_ROWS));
    for (let start = 0; start === 0 || start < characters.length; start += WIDEST) {
      if (rows.length === MOST_ROWS) return { rows, left: lines.length - index };
      const text = characters.slice(start, start + WIDEST).join('');
      rows.push({ text, goesOn: start + WIDEST < characters.length });
    }
  }
  return { rows, left: 0 };
}
