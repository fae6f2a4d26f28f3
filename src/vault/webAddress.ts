/**
 * Without a scheme: `localhost`, four numbers, an IPv6 address in brackets, or a name with a dot in it, and then perhaps a
 * port, a path, a query, a fragment. One word alone is none: a server could have put a password in the place of an address,
 * and to open it would be to ask the DNS for it.
 */
const BARE =
  /^(?<host>localhost|(?:\d{1,3}\.){3}\d{1,3}|\[[\da-f:.]+\]|(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+(?:\p{L}[\p{L}\p{M}]+|xn--[\da-z-]+)\.?)(?::(?<port>\d{1,5}))?(?:[/?#].*)?$/iu;

/** What looks like a name on the internet is tried by TLS first; these, and what names its port, seldom speak it. */
const LOCAL =
  /^(?:localhost|[\d.]+|\[.*|.*\.(?:lan|local|localhost|internal|home|intranet|arpa|test|example|invalid)\.?)$/i;

/**
 * The stored address as something that a browser may be sent to: http and https alone, never a command, a file or an app.
 * Names and passwords in it are left out: what is opened is handed on to other programs.
 *
 * What has no scheme opens as other clients do it (clients: libs/common/src/vault/models/view/login-uri.view.ts), by http,
 * but for names on the internet without a port, which all speak https.
 *
 * @returns undefined where there is none.
 */
export function webAddress(stored: string): string | undefined {
  const text = stored.trim();
  // The URL parser drops tabs and line breaks; an address that has some is not what it looks like.
  if (text.length > LONGEST || /[\s\p{C}]/u.test(text)) return undefined;
  try {
    const url = new URL(/^https?:\/\//i.test(text) ? text : withScheme(text));
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
    url.username = '';
    url.password = '';
    return url.href;
  } catch {
    return undefined;
  }
}

/** Longer than any browser takes. */
const LONGEST = 8_192;

function withScheme(text: string): string {
  const { host, port } = BARE.exec(text)?.groups ?? {};
  if (host === undefined) return '';
  const secure = port === undefined ? !LOCAL.test(host) : port === '443';
  return `${secure ? 'https' : 'http'}://${text}`;
}

/** `https://`, `androidapp://`, and the beginning of a pattern such as `^https?://`. */
const SCHEME = /^\^?[a-z][\w+.?()|-]{0,40}:\/\//i;
/** What other clients keep the secret of one-time codes in. */
const OF_CODES = /^(?:otpauth|otpauth-migration|steam):/i;
/** A name alone may be a token. URL parsers take slashes and backslashes too many before it for the two. */
const WITH_USERINFO = /^[^/]*:\/\/(?:[/\\]*\/)?[^/?#]*@/;

/**
 * Whether what stands in the place of an address is one, and may show where nobody has asked to see it. What is not may
 * be a password that a server has moved there; so may be the part of an address before the @.
 */
export function looksLikeAddress(stored: string): boolean {
  const text = stored.trim();
  if (text.length > LONGEST || OF_CODES.test(text)) return false;
  return SCHEME.test(text) ? !WITH_USERINFO.test(text) : webAddress(text) !== undefined;
}
