import type { PlainItem } from '../../server/items';

/** Every text of these items that must not be seen before it is asked for; the short ones are left out. */
export function secretsOf(items: readonly PlainItem[]): string[] {
  const texts = items.flatMap(({ password, totp, notes, details, fields, passwordHistory }) => [
    password,
    totp,
    totp && new URLSearchParams(totp.split('?')[1]).get('secret'),
    ...(notes ?? '').split('\n'),
    details?.number,
    ...(details?.privateKey ?? '').split('\n'),
    ...(fields ?? []).filter(({ type }) => type === 'hidden').map(({ value }) => value),
    ...(passwordHistory ?? []).map((former) => former.password),
  ]);
  return texts.filter((text): text is string => typeof text === 'string' && text.length >= 8);
}
