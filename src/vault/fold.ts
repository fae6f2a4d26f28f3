import { decompose } from '../base/decompose';

/** A text for comparing, where case and accents do not matter: "Über" is found by "uber". */
export function fold(text: string): string {
  return withoutAccents(text).toLowerCase();
}

/** Most texts are plain ASCII. They are not normalised, because tens of thousands of texts are folded at a time. */
const BEYOND_ASCII = /\P{ASCII}/u;

/**
 * The text without accents. It keeps its length when it is put into lower case, as SearchEntry relies on: the one letter
 * that gets longer then, İ, becomes an I here, since its dot is an accent.
 */
export function withoutAccents(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  return decompose(text, 'NFD').replace(/\p{M}/gu, '');
}
