/** Case and accents do not matter: "Über" is found by "uber". */
export function fold(text: string): string {
  return withoutAccents(text).toLowerCase();
}

/** Most texts have nothing beyond it, and tens of thousands are folded at a time. */
const BEYOND_ASCII = /\P{ASCII}/u;

/** Of the length of its lower case: the one letter of which that is not true, İ, is a letter and an accent. */
export function withoutAccents(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text;
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}
