import { ServerUrlError } from '../errors';
import { asObject, nonEmptyText } from '../wire/wireObject';

/** The addresses of a server: absolute URLs without a slash at the end, query or fragment; each may have a sub-path. */
export interface ServerUrls {
  readonly webVault: string;
  readonly api: string;
  readonly identity: string;
}

/** What the user chose; the addresses are as typed. */
export type ServerChoice =
  | { readonly region: 'us' }
  | { readonly region: 'eu' }
  | {
      readonly region: 'selfHosted';
      readonly base?: string | undefined;
      readonly api?: string | undefined;
      readonly identity?: string | undefined;
    };

function cloud(domain: string): ServerUrls {
  return {
    webVault: `https://vault.${domain}`,
    api: `https://api.${domain}`,
    identity: `https://identity.${domain}`,
  };
}

const US = cloud('bitwarden.com');
const EU = cloud('bitwarden.eu');

const OFFICIAL_HOST = /^(?:(?:vault|api|identity|www)\.)?bitwarden\.(com|eu)$/;

/** This machine: plain http to these hosts crosses no network. */
const LOOPBACK_HOST = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * The beginning of `https:/host`, `https//host`, `https:host` and `https:\\\\host`, as people mistype it, and of a
 * right address.
 */
const SLIPPED_SCHEME = /^(https?)(?::[/\\]*|[/\\]{2,})(?=[^/\\])/i;

/** Text without a scheme must not begin like another one, or it would be taken for a host called `ftp` or `htps`. */
const ODD_BEGINNING = /^(?:https?$|https?[/\\]|[a-z][a-z\d+.-]*:(?!\d)|[^/]*\/\/)/i;

/**
 * Turns what the user typed into an address of the form `https://host[:port][/sub-path]`, without a trailing slash.
 * Text without a scheme means https. Plain http is for loopback hosts alone. A slip in `https://` is put right; a host
 * that the URL parser makes out of a number, such as 0.0.32.251 out of 8443, is refused.
 *
 * @throws ServerUrlError with the reason, for anything else.
 */
export function parseServerUrl(typed: string): string {
  const trimmed = typed.trim();
  if (trimmed === '') throw new ServerUrlError('empty');
  // The URL parser drops tabs and line breaks silently; an address that has some is not what it looks like.
  if (/[\s\p{C}]/u.test(trimmed)) throw new ServerUrlError('unreadable');
  const text = trimmed.replace(SLIPPED_SCHEME, '$1://');
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(text);
  if (text.includes('\\') || (!hasScheme && ODD_BEGINNING.test(text))) throw new ServerUrlError('unreadable');
  let url: URL;
  try {
    url = new URL(hasScheme ? text : `https://${text}`);
  } catch {
    throw new ServerUrlError('unreadable');
  }
  const isOtherNumber = /^[\d.]+$/.test(url.hostname) && !text.includes(url.hostname);
  if (isOtherNumber || /^https?$/.test(url.hostname)) throw new ServerUrlError('unreadable');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK_HOST.test(url.hostname))) {
    throw new ServerUrlError('notHttps');
  }
  if (url.username !== '' || url.password !== '') throw new ServerUrlError('credentials');
  if (/[?#]/.test(trimmed)) throw new ServerUrlError('queryOrFragment');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * The addresses to use for a choice. A self-hosted choice needs a base, or both api and identity. A missing
 * address is never taken from the US cloud, as the official client does
 * (clients: libs/common/src/platform/services/default-environment.service.ts). A base on an official host means that
 * region, whatever page of it was pasted.
 *
 * @throws ServerUrlError when an address is missing or must not be used.
 */
export function resolveServer(choice: ServerChoice): ServerUrls {
  switch (choice.region) {
    case 'us':
      return US;
    case 'eu':
      return EU;
    case 'selfHosted':
      return resolveSelfHosted(given(choice.base), given(choice.api), given(choice.identity));
  }
}

function given(typed: string | undefined): string | undefined {
  return typed === undefined || typed.trim() === '' ? undefined : parseServerUrl(typed);
}

function resolveSelfHosted(base?: string, api?: string, identity?: string): ServerUrls {
  if (base !== undefined) {
    const region = OFFICIAL_HOST.exec(new URL(base).host)?.[1];
    const defaults =
      region === undefined
        ? { webVault: base, api: `${base}/api`, identity: `${base}/identity` }
        : region === 'eu'
          ? EU
          : US;
    return { webVault: defaults.webVault, api: api ?? defaults.api, identity: identity ?? defaults.identity };
  }
  if (api !== undefined && identity !== undefined) {
    return { webVault: api.replace(/\/api$/, ''), api, identity };
  }
  throw new ServerUrlError(api === undefined && identity === undefined ? 'empty' : 'incomplete');
}

/**
 * Where the server tells of changes: never where an answer of its own says. Undefined: a token of other servers must not go
 * to the official host that belongs to the web vault.
 */
export function notificationsUrl({ webVault, identity }: ServerUrls): string | undefined {
  const domain = OFFICIAL_HOST.exec(new URL(webVault).host)?.[1];
  if (domain === undefined) return `${webVault}/notifications`;
  return identity === cloud(`bitwarden.${domain}`).identity ? `https://notifications.bitwarden.${domain}` : undefined;
}

/** What the user is shown: `host[:port][/sub-path]` of the web vault; punycode stays, so that a homograph shows. */
export function serverHost(urls: ServerUrls): string {
  return urls.webVault.replace(/^[a-z]+:\/\//, '');
}

/** `host[:port]` of the API, by which errors about its answers name the server. */
export function apiHost({ api }: Pick<ServerUrls, 'api'>): string {
  return new URL(api).host;
}

/**
 * Checks a record read back from storage by the same rules as typed addresses.
 *
 * @throws ServerUrlError when it is not exactly what {@link resolveServer} could have given.
 */
export function parseServerUrls(value: unknown): ServerUrls {
  const record = asObject(value);
  const stored = (name: keyof ServerUrls): string => {
    const address = record && nonEmptyText(record, name);
    if (address === undefined || parseServerUrl(address) !== address) throw new ServerUrlError('unreadable');
    return address;
  };
  return { webVault: stored('webVault'), api: stored('api'), identity: stored('identity') };
}
