/** In code points. Most texts are shorter, and are taken apart in one piece. */
const PIECE = 256;
/** Letters and what follows them, and then the marks that belong to the last letter, of which nobody writes as many. */
const PIECES = new RegExp(`.{1,${PIECE}}\\p{M}{0,32}`, 'gsu');

/**
 * The text with accents apart from their letters, as `text.normalize(form)`. That puts the marks behind a letter in
 * order, in time that grows with the square of their number: of the million that a value may have, in minutes, during
 * which nothing else runs. Piece by piece it takes no longer than a text of that length has to; in pieces, marks by the
 * hundred behind one letter are not in order.
 */
export function decompose(text: string, form: 'NFD' | 'NFKD'): string {
  if (text.length <= PIECE) return text.normalize(form);
  return text.replace(PIECES, (piece) => piece.normalize(form));
}
