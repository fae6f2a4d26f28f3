/** A part of a host name. Names of a local network may have underscores. */
const LABEL = '[\\p{L}\\p{N}_](?:[\\p{L}\\p{M}\\p{N}_-]{0,61}[\\p{L}\\p{M}\\p{N}_])?';

/**
 * The last part of one, as in `home2` and `k8s`. With digits in it it is short, since tokens often end in a dot and many
 * letters and digits.
 */
const LAST_LABEL =
  '(?:\\p{L}[\\p{L}\\p{M}]{1,62}|\\p{L}[\\p{L}\\p{M}\\p{N}_-]{0,13}[\\p{L}\\p{M}\\p{N}]|xn--[\\da-z-]+)';

/**
 * An address without a scheme: `localhost`, four numbers, an IPv6 address in brackets, or a name with a dot, followed
 * by a port, a path, a query or a fragment. A single word does not count. A server could have put a password in the
 * place of an address, and opening that would send it to the DNS.
 */
const BARE = new RegExp(
  `^(?<host>localhost|(?:\\d{1,3}\\.){3}\\d{1,3}|\\[[\\da-f:.]+\\]|(?:${LABEL}\\.)+${LAST_LABEL}\\.?)(?::(?<port>\\d{1,5}))?(?:[/?#].*)?$`,
  'iu',
);

/**
 * Hosts of a local network, and hosts with a port: they seldom speak TLS, so they open by http. Names on the internet
 * open by https; their last part has no digit, hyphen or underscore, except in Punycode.
 */
const LOCAL =
  /^(?:localhost|[\d.]+|\[.*|.*\.(?:lan|local|localhost|internal|home|intranet|arpa|test|example|invalid|(?!xn--)[^.]*[\d_-][^.]*)\.?)$/i;

/**
 * Blanks may stand in a path, but not before. The URL parser drops tabs and line breaks, so that an address with some of
 * them leads elsewhere than it seems to, and takes a backslash for a slash: `https://accounts\.corp\.example`, which is a
 * pattern, would lead to the host `accounts`.
 */
const MISLEADING = /[^\S ]|[\p{C}\\]|^[^/?#]*:\/\/+[^/?#]* /u;

/** The host of a URL as the parser writes it. It lets through `*`, `(` and `$`, which patterns have. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

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
  if (text.length > LONGEST || MISLEADING.test(text)) return undefined;
  try {
    const url = new URL(/^https?:\/\//i.test(text) ? text : withScheme(text));
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined;
    if (!HOST.test(url.hostname)) return undefined;
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
