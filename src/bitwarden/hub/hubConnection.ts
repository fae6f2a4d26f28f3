import WebSocket from 'ws';
import type { Clock, Disposable } from '../../base/ports';
import { asBuffer } from '../../base/secretBytes';
import { toError } from '../../base/thrown';
import { CancelledError, HttpError, MalformedAnswerError, NetworkError, UnauthorizedError } from '../errors';
import { networkFailure } from '../http/failures';
import { type Push, readPush } from './push';
import { HANDSHAKE, PING, readHandshake, readMessages } from './signalR';

/** In bytes: hundreds of times as large as any message of either server. */
const LARGEST_FRAME = 64 * 1024;

/** In milliseconds, for the whole way to an open hub. */
const OPENING_MS = 15_000;

/** Both servers ping every 15 seconds, and the official one drops a client that is silent for 30 (SignalR's defaults). */
const PING_MS = 15_000;
const SILENCE_MS = 45_000;

export interface HubOptions {
  /** The address, `https` or `http`. */
  readonly url: string;
  /**
   * Goes into a header, which both servers take (server: ServiceCollectionExtensions.cs; vaultwarden: src/api/notifications.rs).
   * Official clients, which run in browsers, have it in the address. VS Code writes addresses of requests to its log.
   */
  readonly token: string;
  readonly userAgent: string;
  readonly clock: Clock;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  readonly onPush: (push: Push) => void;
}

/** A hub that is open. */
export interface HubConnection {
  /** Resolves when it has ended, with the reason: undefined where the signal fired. Never rejects. */
  readonly ended: Promise<Error | undefined>;
}

/**
 * Connects to the notifications hub: a WebSocket at once, without SignalR's negotiation (server:
 * src/Notifications/NotificationsHub.cs; vaultwarden: src/api/notifications.rs). It goes the way of all requests, through
 * Node's `http` and `https`, which VS Code patches with the user's proxy and certificates. Redirects are not followed.
 *
 * @throws CancelledError; UnauthorizedError; HttpError with any other status than that of an upgrade; MalformedAnswerError
 * for what is no hub; NetworkError, TlsError.
 */
export function openHub(options: HubOptions): Promise<HubConnection> {
  const { clock, signal } = options;
  const { host } = new URL(options.url);
  if (signal.aborted) return Promise.reject(new CancelledError());
  return new Promise((resolve, reject) => {
    const socket = connect(options);
    let state: 'opening' | 'open' | 'ended' = 'opening';
    let tellEnd: (reason: Error | undefined) => void = () => undefined;
    let nextPing: Disposable | undefined;
    const end = (reason: Error | undefined) => {
      const before = state;
      state = 'ended';
      silence.dispose();
      nextPing?.dispose();
      signal.removeEventListener('abort', onAbort);
      socket.terminate();
      if (before === 'opening') reject(reason ?? new CancelledError());
      else if (before === 'open') tellEnd(reason);
    };
    const onAbort = () => end(undefined);
    signal.addEventListener('abort', onAbort);
    const endAfter = (milliseconds: number) =>
      clock.setTimeout(() => end(new NetworkError('timeout', host)), milliseconds);
    let silence = endAfter(OPENING_MS);
    const heard = () => {
      if (state !== 'open') return;
      silence.dispose();
      silence = endAfter(SILENCE_MS);
    };
    const keepAlive = () => {
      socket.send(PING);
      nextPing = clock.setTimeout(keepAlive, PING_MS);
    };
    const receive = (frame: Buffer) => {
      let messages = frame;
      if (state === 'opening') {
        messages = readHandshake(frame);
        state = 'open';
        resolve({ ended: new Promise((tell) => (tellEnd = tell)) });
        keepAlive();
      }
      heard();
      for (const message of readMessages(messages)) {
        if (message.kind === 'close') throw new NetworkError('dropped', host);
        if (message.kind !== 'call' || message.target !== 'ReceiveMessage') continue;
        const push = readPush(message.values[0]);
        if (push !== undefined) options.onPush(push);
      }
    };
    socket.on('open', () => socket.send(HANDSHAKE));
    socket.on('message', (frame) => {
      try {
        if (state !== 'ended') receive(asBuffer(frame));
      } catch (error) {
        end(error instanceof SyntaxError ? new MalformedAnswerError(host, 'messages of a hub') : toError(error));
      }
    });
    socket.on('ping', heard);
    socket.on('unexpected-response', (_request, { statusCode = 0 }) => {
      end(statusCode === 401 ? new UnauthorizedError(host) : new HttpError(statusCode, host, undefined));
    });
    socket.on('error', (error) => end(failureOf(error, host)));
    socket.on('close', () => end(new NetworkError('dropped', host)));
  });
}

function connect({ url, token, userAgent }: HubOptions): WebSocket {
  const headers = { 'User-Agent': userAgent, Authorization: `Bearer ${token}` };
  return new WebSocket(new URL(url), { headers, perMessageDeflate: false, maxPayload: LARGEST_FRAME });
}

/** What the library itself says, such as of a wrong key of the upgrade, has a code of its own, or none. */
function failureOf(error: Error, host: string): Error {
  const code = 'code' in error ? String(error.code) : '';
  if (code === '' || code.startsWith('WS_ERR_')) return new MalformedAnswerError(host, 'a WebSocket');
  return networkFailure(error, host);
}
