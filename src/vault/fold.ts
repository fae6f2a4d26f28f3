/** Case and accents do not matter: "Über" is found by "uber". */
export function fold(text: string): string {
  return withoutAccents(text).toLowerCase();
}

/** Of the length of its lower case: the one letter of which that is not true, İ, is a letter and an accent. */
export function withoutAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}
