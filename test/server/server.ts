import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Clock } from './clock';
import { official } from './dialects/official/official';
import { vaultwarden } from './dialects/vaultwarden/vaultwarden';
import type { Change } from './dialects/dialect';
import type { Faults } from './faults';
import { Hub } from './hub/hub';
import { Listener } from './listener';
import type { Account } from './model';
import { load, save } from './persistence';
import { RateLimits } from './rateLimits';
import type { RequestLog } from './requestLog';
import { Router } from './router';
import { changeSecurityStamp, rotateApiKey } from './routes/accounts';
import { issueUserToken } from './routes/identity';
import { allRoutes } from './routes/all';
import type { ServerState, Urls } from './state';
import { Tokens, type TokenKind } from './tokens';

export interface ServerOptions {
  readonly dialect: keyof typeof dialects;
  readonly accounts: Account[];
  readonly tls?: { readonly key: string; readonly cert: string };
  /** A free one unless given. */
  readonly port?: number;
  /** Sub-path below which everything lives, as `/vault`. */
  readonly basePath?: string;
  /** Stores accounts and vaults in this file. What it contains replaces `accounts`. */
  readonly file?: string;
  /** Limits requests as Bitwarden's cloud or Vaultwarden does; see also `limits`. */
  readonly rateLimits?: boolean;
  /** The kind of access tokens. By default JWTs, as from both servers. */
  readonly tokens?: TokenKind;
  /** False: nothing tells clients of changes, as behind a proxy that lets no WebSocket through. */
  readonly hub?: boolean;
  /** False: the server has no way to send mail. */
  readonly mail?: boolean;
  /** Answers as servers of 2021 to 2024 did: PascalCase names, no master password unlock data. */
  readonly oldAnswers?: boolean;
}

export interface TestServer {
  /** Base address, without a slash at the end. */
  readonly url: string;
  readonly urls: Urls;
  /**
   * The accounts of the running server: what clients change shows here, and what a test changes here shows to clients.
   */
  readonly accounts: Account[];
  /** The first account. */
  readonly account: Account;
  readonly requests: RequestLog;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly hub: Hub;
  /** May be switched on and off. */
  readonly limits: RateLimits;
  /** Every access token issued so far counts as expired. */
  expireTokens(): void;
  /** An access token as connect/token would issue it, for use by another client than the one under test. */
  issueToken(account?: Account): string;
  /** The API key is rotated by another client. */
  rotateApiKey(account?: Account): void;
  /** The password is changed, or all sessions deauthorised, by another client. */
  changeSecurityStamp(account?: Account): void;
  /** The vault was changed in `accounts`: makes clients see a later revision date. */
  touch(account?: Account): void;
  /** As touch, and tells the clients that listen to the hub. @param device of the client that made the change. */
  tell(change: Change, device?: string | null): void;
  /** Ends all connections, those of held requests too. */
  close(): Promise<void>;
}

const dialects = { official, vaultwarden };

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Starts a Bitwarden-compatible server on loopback. */
export async function startServer(options: ServerOptions): Promise<TestServer> {
  const saved = options.file === undefined ? undefined : load(options.file);
  const accounts = saved?.accounts ?? [...options.accounts];
  const clock = new Clock();
  const tokens = new Tokens(saved?.signingKey ?? randomBytes(32).toString('hex'), clock, options.tokens ?? 'jwt');
  const dialect = dialects[options.dialect];
  const hub = new Hub(dialect.hub, tokens);
  if (options.hub === false) hub.faults.status = 404;
  const limits = new RateLimits(dialect.rateLimits, clock);
  limits.enabled = options.rateLimits ?? false;
  const basePath = (options.basePath ?? '').replace(/\/+$/, '');
  let urls: Urls = { base: '', api: '', identity: '' };
  const state: ServerState = {
    dialect,
    accounts,
    clock,
    tokens,
    limits,
    hub,
    urls: () => urls,
    oldAnswers: options.oldAnswers ?? false,
    mail: options.mail ?? true,
  };
  const keep = () => {
    if (options.file !== undefined) save(options.file, { signingKey: tokens.signingKey, accounts });
  };
  keep();

  const router = new Router();
  for (const routes of allRoutes) router.add(routes(state));
  const listener = new Listener(state, router, basePath, keep);
  const answer: RequestListener = (request, response) => {
    listener.handle(request, response).catch((error: unknown) => {
      if (!request.destroyed) console.error('embedded server:', error);
      response.destroy();
    });
  };
  // A token contains the ids of all organisations of its user, so headers can be large.
  const large = { maxHeaderSize: 128 * 1024 };
  const server = options.tls
    ? createHttpsServer({ ...options.tls, ...large }, answer)
    : createHttpServer(large, answer);
  server.on('upgrade', (request, socket) => {
    if (request.url?.startsWith(`${basePath}/notifications/hub`)) hub.accept(request, socket);
    else socket.destroy();
  });
  const port = await listen(server, options.port ?? 0);
  const base = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}${basePath}`;
  urls = { base, api: `${base}/api`, identity: `${base}/identity` };

  const first = () => {
    const [account] = accounts;
    if (!account) throw new Error('this server has no account');
    return account;
  };
  return {
    url: base,
    urls,
    accounts,
    get account() {
      return first();
    },
    requests: listener.requests,
    faults: listener.faults,
    clock,
    hub,
    limits,
    expireTokens: () => tokens.expireAll(),
    issueToken: (account = first()) => issueUserToken(state, account, 'another-device'),
    rotateApiKey: (account = first()) => rotateApiKey(state, account),
    changeSecurityStamp: (account = first()) => changeSecurityStamp(state, account),
    touch: (account = first()) => void (account.revisionDate = clock.iso()),
    tell: (change, device = 'another-device') => {
      first().revisionDate = clock.iso();
      hub.tell(first(), change, device);
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      hub.close();
      server.closeAllConnections();
      listener.faults.clear();
      return closed;
    },
  };
}
