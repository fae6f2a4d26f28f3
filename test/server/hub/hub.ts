import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Change, HubDialect } from '../dialects/dialect';
import type { Account } from '../model';
import type { Tokens } from '../tokens';
import { framed, pack } from './messagePack';
import { WebSocketPeer } from './webSocket';

const PING_MS = 15_000;
const INVOCATION = 1;
const PING = framed(pack([6]));
/** Ends a message of the handshake. */
const RECORD_SEPARATOR = '\x1e';

/**
 * The notifications hub: SignalR over a WebSocket, without negotiation, in MessagePack. It sends changes and ignores
 * what clients send after the handshake.
 */
export class Hub {
  readonly #peers = new Set<WebSocketPeer>();
  /** The user ids of the peers that have completed the handshake. */
  readonly #listeners = new Map<WebSocketPeer, string>();

  constructor(
    private readonly dialect: HubDialect,
    private readonly tokens: Tokens,
  ) {}

  /** Accepts a connection with an access token in its address or header. The token is checked only now. */
  accept(request: IncomingMessage, socket: Duplex): void {
    const given = new URL(request.url ?? '/', 'http://localhost').searchParams.get('access_token');
    const claims = this.tokens.verify(given === null ? request.headers.authorization : `Bearer ${given}`);
    if (!claims) return void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    const peer = new WebSocketPeer(request, socket);
    this.#peers.add(peer);
    const timer = setInterval(() => this.#ping(peer), PING_MS);
    peer.onClose(() => {
      clearInterval(timer);
      this.#peers.delete(peer);
      this.#listeners.delete(peer);
    });
    peer.onMessage = (message) => {
      const isHandshake = message.toString().includes('"messagepack"') && message.toString().endsWith(RECORD_SEPARATOR);
      if (!isHandshake || this.#listeners.has(peer)) return;
      peer.send(Buffer.from(`{}${RECORD_SEPARATOR}`));
      this.#listeners.set(peer, claims.sub);
    };
  }

  /** @param device identifier of the one that acted. */
  tell(account: Account, change: Change, device: string | null): void {
    const { type, contextId, payload } = this.dialect.message(account, change, device);
    const content = { ContextId: contextId, Type: type, Payload: payload };
    const message = framed(pack([INVOCATION, {}, null, 'ReceiveMessage', [content]]));
    for (const [peer, userId] of this.#listeners) if (userId === account.id) peer.send(message);
  }

  close(): void {
    for (const peer of this.#peers) peer.close();
  }

  #ping(peer: WebSocketPeer): void {
    if (this.dialect.pingsByFrame) peer.ping(PING);
    else peer.send(PING);
  }
}
