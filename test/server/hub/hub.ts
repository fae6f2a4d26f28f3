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

/** How the hub misbehaves. */
interface HubFaults {
  /** The answer to every upgrade: that of a server without a hub, or of a proxy. */
  status?: number | undefined;
  /** Tokens are taken in the address alone, where those of browsers are. */
  refusesHeader?: boolean;
  /** Connections come about, and nothing is ever said. */
  isSilent?: boolean;
  /** Messages are kept until `release`. */
  holds?: boolean;
}

/**
 * The notifications hub: SignalR over a WebSocket, without negotiation, in MessagePack. It sends changes and ignores
 * what clients send after the handshake.
 */
export class Hub {
  readonly faults: HubFaults = {};
  /** Where the token of each attempt to connect was. */
  readonly attempts: ('header' | 'address' | 'nowhere')[] = [];
  /** How many pings of clients came, and how many answers to pings of ours. */
  pings = 0;
  pongs = 0;
  readonly #peers = new Set<WebSocketPeer>();
  /** The user ids of the peers that have completed the handshake. */
  readonly #listeners = new Map<WebSocketPeer, string>();
  readonly #held: { readonly userId: string; readonly frame: Buffer }[] = [];

  constructor(
    private readonly dialect: HubDialect,
    private readonly tokens: Tokens,
  ) {}

  /** How many clients listen. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Accepts a connection with an access token in its address or header. The token is checked only now. */
  accept(request: IncomingMessage, socket: Duplex): void {
    const given = new URL(request.url ?? '/', 'http://localhost').searchParams.get('access_token');
    const { authorization } = request.headers;
    this.attempts.push(given !== null ? 'address' : authorization === undefined ? 'nowhere' : 'header');
    const { status, refusesHeader } = this.faults;
    const bearer = given === null ? (refusesHeader ? undefined : authorization) : `Bearer ${given}`;
    const claims = this.tokens.verify(bearer);
    const refusal = status ?? (claims === undefined ? 401 : undefined);
    if (refusal !== undefined || claims === undefined) {
      socket.end(`HTTP/1.1 ${refusal} Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      return;
    }
    const peer = new WebSocketPeer(request, socket);
    this.#peers.add(peer);
    const timer = setInterval(() => this.#ping(peer), PING_MS);
    peer.onClose(() => {
      clearInterval(timer);
      this.#peers.delete(peer);
      this.#listeners.delete(peer);
    });
    peer.onPong = () => this.pongs++;
    peer.onMessage = (message) => {
      if (message.equals(PING)) this.pings++;
      const isHandshake = message.toString().includes('"messagepack"') && message.toString().endsWith(RECORD_SEPARATOR);
      if (!isHandshake || this.#listeners.has(peer) || this.faults.isSilent) return;
      peer.send(Buffer.from(`{}${RECORD_SEPARATOR}`));
      this.#listeners.set(peer, claims.sub);
    };
  }

  /** @param device identifier of the one that acted. */
  tell(account: Account, change: Change, device: string | null): void {
    const { type, contextId, payload } = this.dialect.message(account, change, device);
    this.push(account, { ContextId: contextId, Type: type, Payload: payload });
  }

  /** Sends this content, whatever it is, to the clients of an account. */
  push(account: Account, content: Parameters<typeof pack>[0]): void {
    const frame = framed(pack([INVOCATION, {}, null, 'ReceiveMessage', [content]]));
    if (this.faults.holds) this.#held.push({ userId: account.id, frame });
    else this.#send(account.id, frame);
  }

  /** Sends what was held: the last first, and each twice. */
  release(): void {
    this.faults.holds = false;
    for (const { userId, frame } of this.#held.splice(0).reverse()) {
      this.#send(userId, frame);
      this.#send(userId, frame);
    }
  }

  /** Sends a frame to all who listen. */
  sendRaw(frame: Buffer): void {
    for (const peer of this.#listeners.keys()) peer.send(frame);
  }

  /** Pings all clients now. */
  ping(): void {
    for (const peer of this.#peers) this.#ping(peer);
  }

  /** All connections break. */
  close(): void {
    for (const peer of this.#peers) peer.close();
  }

  #send(userId: string, frame: Buffer): void {
    for (const [peer, listener] of this.#listeners) if (listener === userId) peer.send(frame);
  }

  #ping(peer: WebSocketPeer): void {
    if (this.faults.isSilent) return;
    if (this.dialect.pingsByFrame) peer.ping(PING);
    else peer.send(PING);
  }
}
