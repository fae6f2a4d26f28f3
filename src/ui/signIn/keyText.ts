import { parseClientId } from '../../bitwarden/api/identity';

/**
 * Characters that are not seen and come along when one copies from web pages: spaces without width, marks of direction,
 * control characters.
 */
const UNSEEN = /[\p{Cf}\p{Cc}]+/gu;
const QUOTES = '"\'`\u2018\u2019\u201c\u201d\u00ab\u00bb';

/**
 * Finds one half of a key in an assignment: `BW_CLIENTSECRET=…`, `export …`, `$env:… = "…"`, `client_secret: …` and
 * JSON. Both halves may have been pasted at once, and a box of one line joins the lines. So a value also ends where the
 * name of the other half begins.
 */
const assigned = (name: string) =>
  new RegExp(
    `client_?${name}[${QUOTES}]?\\s*[:=]\\s*[${QUOTES}]?([^\\s${QUOTES},;}]+?)(?=BW_|client_|[\\s${QUOTES},;}]|$)`,
    'iu',
  );
const ASSIGNED = { id: assigned('id'), secret: assigned('secret') };

/**
 * One half of an API key, taken from what was typed or pasted. A text without an assignment is returned without the
 * quotes and spaces around it.
 */
export function pastedKey(half: keyof typeof ASSIGNED, text: string): string {
  const seen = text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(UNSEEN, '')
    .trim();
  return ASSIGNED[half].exec(seen)?.[1] ?? seen.replace(EDGES, '');
}

const EDGES = new RegExp(`^[\\s${QUOTES}]+|[\\s${QUOTES},;]+$`, 'gu');

/** Client_id and client_secret from BW_CLIENTID and BW_CLIENTSECRET, which the official CLI reads, too. */
export type EnvironmentKey =
  | { readonly kind: 'none' }
  /** There is a pair, but its client_id is not that of a personal API key. */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'usable'; readonly clientId: string; readonly clientSecret: string };

export function environmentKey(environment: Readonly<Record<string, string | undefined>>): EnvironmentKey {
  const clientId = pastedKey('id', environment.BW_CLIENTID ?? '');
  const clientSecret = pastedKey('secret', environment.BW_CLIENTSECRET ?? '');
  if (clientId === '' || clientSecret === '') return { kind: 'none' };
  return parseClientId(clientId).kind === 'user' ? { kind: 'usable', clientId, clientSecret } : { kind: 'unusable' };
}
