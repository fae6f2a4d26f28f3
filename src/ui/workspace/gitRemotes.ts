/** Longer than any address of a remote that a person has typed. */
const LONGEST_ADDRESS = 2_048;

/** No line that names a remote is longer. What reads a line takes time in step with its length, at most. */
const LONGEST_LINE = 4_096;

/** More remotes than anybody has; each costs a look at all addresses of the vault. */
const MOST_HOSTS = 16;

/**
 * The hosts of the remotes that a `.git/config` names, without what only machines call them by. Whatever the file holds,
 * nothing of it but hosts comes out: an address may have a password in it.
 *
 * @param config the text of the file, which anybody may have written.
 * @returns in the order of the file, in lower case, each once; with a port where a website has one.
 */
export function remoteHosts(config: string): readonly string[] {
  const addresses: string[] = [];
  let inRemote = false;
  for (const line of config.replaceAll(/\\\r?\n/g, '').split(/\r?\n/)) {
    if (line.length > LONGEST_LINE) continue;
    const section = /^\s*\[([^\]"]*(?:"(?:\\.|[^"\\])*")?)\]/.exec(line);
    if (section !== null) inRemote = /^\s*remote(?:\s*"|\.)/i.test(section[1] ?? '');
    if (!inRemote) continue;
    const rest = section === null ? line : line.slice(section[0].length);
    const value = /^\s*(?:push)?url\s*=(.*)$/i.exec(rest)?.[1];
    if (value !== undefined) addresses.push(valueOf(value));
  }
  return hostsOf(addresses);
}

/** The hosts of these addresses of remotes, as {@link remoteHosts} has them. */
export function hostsOf(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.flatMap((each) => hostOfRemote(each) ?? []))].slice(0, MOST_HOSTS);
}

/**
 * The host of the website that goes with the address of a remote, with its port for http and https: the one of ssh is no
 * website's.
 *
 * @returns undefined for a path, for an address that another program understands (`ext::…`), and for what is none.
 */
export function hostOfRemote(address: string): string | undefined {
  const text = address.trim();
  if (text.length > LONGEST_ADDRESS || /[\s\p{C}]/u.test(text)) return undefined;
  const [, scheme, rest] = /^([a-z][a-z\d+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return hostOfScp(text);
  if (/^https?$/i.test(scheme)) return notEmpty(parsed(`${scheme}://${rest}`)?.host);
  if (!/^(?:ssh|git|git\+ssh|ssh\+git)$/i.test(scheme)) return undefined;
  return websiteOf(parsed(`https://${rest}`)?.hostname);
}

/** `git@host:path`. Before the colon there is no slash, and one letter alone is a drive of Windows. */
function hostOfScp(text: string): string | undefined {
  const [, host] = /^(?:[^/@:]*@)?([^/@:[\]]{2,}|\[[\da-f:.]+\]):(?!:)/i.exec(text) ?? [];
  return host === undefined ? undefined : websiteOf(parsed(`https://${host}`)?.hostname);
}

/** Hosts that speak ssh alone, with the one where people sign in. */
const WEBSITES: Readonly<Record<string, string>> = {
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'altssh.bitbucket.org': 'bitbucket.org',
  'ssh.dev.azure.com': 'dev.azure.com',
};

/** @param host of an ssh address. A name of one part is most often one of the user's own, from `~/.ssh/config`. */
function websiteOf(host: string | undefined): string | undefined {
  return host !== undefined && Object.hasOwn(WEBSITES, host) ? WEBSITES[host] : notEmpty(host);
}

function notEmpty(host: string | undefined): string | undefined {
  return host === '' ? undefined : host;
}

function parsed(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}

/** A value without quotes, escapes and what is said behind it. */
function valueOf(text: string): string {
  let value = '';
  let isQuoted = false;
  for (const [part, escaped] of text.trim().matchAll(/\\(.)|[^\\]/gu)) {
    if (escaped !== undefined) value += escaped;
    else if (part === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (part === '#' || part === ';')) break;
    else value += part;
    if (value.length > LONGEST_ADDRESS) break;
  }
  return value.trim();
}
