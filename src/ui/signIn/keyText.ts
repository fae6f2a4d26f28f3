import { parseClientId } from '../../bitwarden/api/identity';

/** What comes along from web pages and cannot be seen: spaces without width, marks of direction, control characters. */
const UNSEEN = /[\p{Cf}\p{Cc}]+/gu;
const QUOTES = '"\'`\u2018\u2019\u201c\u201d\u00ab\u00bb';

/**
 * `BW_CLIENTSECRET=…`, `export …`, `$env:… = "…"`, `client_secret: …` and JSON. The two halves of a key may be in it, and a
 * box of one line joins the lines of what is pasted, so a value may end where the next name begins.
 */
const assigned = (name: string) =>
  new RegExp(
    `client_?${name}[${QUOTES}]?\\s*[:=]\\s*[${QUOTES}]?([^\\s${QUOTES},;}]+?)(?=BW_|client_|[\\s${QUOTES},;}]|$)`,
    'iu',
  );
const ASSIGNED = { id: assigned('id'), secret: assigned('secret') };

/** The one half of an API key in what was typed or pasted. Text in which none is recognised comes back without its edges. */
export function pastedKey(half: keyof typeof ASSIGNED, text: string): string {
  const seen = text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(UNSEEN, '')
    .trim();
  return ASSIGNED[half].exec(seen)?.[1] ?? seen.replace(EDGES, '');
}

const EDGES = new RegExp(`^[\\s${QUOTES}]+|[\\s${QUOTES},;]+$`, 'gu');

/** The pair that the official CLI reads from the environment, if both are there. */
export type EnvironmentKey =
  | { readonly kind: 'none' }
  /** There is a pair, and its client_id is not a personal one. */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'usable'; readonly clientId: string; readonly clientSecret: string };

export function environmentKey(environment: Readonly<Record<string, string | undefined>>): EnvironmentKey {
  const clientId = pastedKey('id', environment.BW_CLIENTID ?? '');
  const clientSecret = pastedKey('secret', environment.BW_CLIENTSECRET ?? '');
  if (clientId === '' || clientSecret === '') return { kind: 'none' };
  return parseClientId(clientId).kind === 'user' ? { kind: 'usable', clientId, clientSecret } : { kind: 'unusable' };
}
