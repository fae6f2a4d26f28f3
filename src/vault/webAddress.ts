/**
 * An address without a scheme: `localhost`, four numbers, an IPv6 address in brackets, or a name with a dot, followed
 * by a port, a path, a query or a fragment. A single word does not count. A server could have put a password in the
 * place of an address, and opening that would send it to the DNS.
 */
const BARE =
  /^(?<host>localhost|(?:\d{1,3}\.){3}\d{1,3}|\[[\da-f:.]+\]|(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+(?:\p{L}[\p{L}\p{M}]+|xn--[\da-z-]+)\.?)(?::(?<port>\d{1,5}))?(?:[/?#].*)?$/iu;

/**
 * Hosts of a local network, and hosts with a port: they seldom speak TLS, so they open by http. Names on the internet
 * open by https.
 */
const LOCAL =
  /^(?:localhost|[\d.]+|\[.*|.*\.(?:lan|local|localhost|internal|home|intranet|arpa|test|example|invalid)\.?)$/i;

/**
 * The stored address as an http or https URL that a browser may be sent to. Never a command, a file or another
 * application. A username or password in it is left out, since what is opened is handed on to other programs.
 *
 * Without a scheme it opens by http, as in other clients (clients:
 * libs/common/src/vault/models/view/login-uri.view.ts), except that names on the internet without a port open by https.
 *
 * @returns undefined if there is no such URL.
 */
export function webAddress(stored: string): string | undefined {
  const text = stored.trim();
  // The URL parser drops tabs and line breaks, so that an address with some of them leads elsewhere than it seems to.
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
/** Schemes in which other clients keep the secret of one-time codes. */
const OF_CODES = /^(?:otpauth|otpauth-migration|steam):/i;
/**
 * An address with a part before `@`. Even a name without a password may be a token. URL parsers accept any number of
 * slashes and backslashes before it.
 */
const WITH_USERINFO = /^[^/]*:\/\/(?:[/\\]*\/)?[^/?#]*@/;

/**
 * Whether a text in the place of an address is one, and may be shown without being asked for. Any other text may be a
 * password that a server has moved there, and so may the part of an address before `@`.
 */
export function looksLikeAddress(stored: string): boolean {
  const text = stored.trim();
  if (text.length > LONGEST || OF_CODES.test(text)) return false;
  return SCHEME.test(text) ? !WITH_USERINFO.test(text) : webAddress(text) !== undefined;
}
