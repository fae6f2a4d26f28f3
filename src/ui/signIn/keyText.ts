import { parseClientId } from '../../bitwarden/api/identity';

/**
 * Characters that are not seen and come along when one copies from web pages: spaces without width, marks of direction,
 * control characters.
 */
const UNSEEN = /[\p{Cf}\p{Cc}]+/gu;
/** Straight, curly, low and angled ones, primes, and those of Chinese and Japanese keyboards. */
const QUOTES = '"\'`\u00b4\u2018-\u201f\u2032\u2033\u2039\u203a\u00ab\u00bb\u300c-\u300f\uff02\uff07';
const IS = `[${QUOTES}]?\\s*[:=\uff1a\uff1d]+>?\\s*`;
const END = `\\s${QUOTES},;&}`;
const CLIENT = 'client[_ -]?';
/**
 * Where the next half begins, or what the web vault lists below the key: a box of one line joins the lines that are
 * pasted.
 */
const NEXT = `(?:(?:export |set |\\$env:)?(?:BW_)?(?:${CLIENT})?(?:id|secret)|scope|grant_type)${IS}`;

/**
 * Finds one half of a key in an assignment: `BW_CLIENTSECRET=…`, `export …`, `$env:… = "…"`, `client_secret: …`,
 * `secret=…`, a query and JSON. Both halves may have been pasted at once.
 */
const assigned = (name: string) => new RegExp(`${name}${IS}[${QUOTES}]?([^${END}]+?)(?=${NEXT}|[${END}]|$)`, 'iu');
const ASSIGNED = { id: assigned(`${CLIENT}id`), secret: assigned('secret') };

/**
 * One half of an API key, taken from what was typed or pasted. A text without an assignment is returned without the
 * quotes and spaces around it.
 */
export function pastedKey(half: keyof typeof ASSIGNED, text: string): string {
  const seen = oneLine(text);
  return ASSIGNED[half].exec(seen)?.[1] ?? seen.replace(EDGES, '');
}

const GUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
/** Both values without a name before them, as two lines that a box has joined. */
const BARE_PAIR = new RegExp(`^(\\w+\\.${GUID})\\s*([a-z0-9]{20,})$`, 'i');

/** So that nothing is taken out while somebody types; servers make client_secrets of 30 characters. */
const SHORTEST_SECRET = 20;

/**
 * Both halves of a key, or one that is named as the client_secret, pasted where a client_id is asked for. Undefined where
 * there is no client_secret in it.
 */
export function pastedPair(text: string): { readonly clientId: string; readonly clientSecret: string } | undefined {
  const seen = oneLine(text);
  const bare = BARE_PAIR.exec(seen.replace(EDGES, ''));
  const clientId = bare?.[1] ?? ASSIGNED.id.exec(seen)?.[1] ?? '';
  const clientSecret = bare?.[2] ?? ASSIGNED.secret.exec(seen)?.[1];
  if (clientSecret === undefined || clientSecret.length < SHORTEST_SECRET) return undefined;
  return { clientId, clientSecret };
}

/**
 * In characters: a page of the web vault with both halves on it is shorter. Looking through text takes time by the square of
 * its length, and whatever is on the clipboard may be pasted.
 */
const LONGEST = 4_096;

function oneLine(text: string): string {
  return text
    .slice(0, LONGEST)
    .replace(/[\r\n\t]+/g, ' ')
    .replace(UNSEEN, '')
    .trim();
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
