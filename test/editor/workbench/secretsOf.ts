import type { PlainItem } from '../../server/items';

/** All texts of these items that must not be seen before they are asked for, without the very short ones. */
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
