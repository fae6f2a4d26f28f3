import { unpack } from './messagePack';

/**
 * SignalR's hub protocol over a WebSocket, as far as a client that only listens needs it (aspnetcore:
 * src/SignalR/docs/specs/HubProtocol.md).
 */

/** Ends a message of the handshake. */
const RECORD_SEPARATOR = 0x1e;

const INVOCATION = 1;
const PING_TYPE = 6;
const CLOSE = 7;

/** Opens the conversation; sent as text. */
export const HANDSHAKE = `{"protocol":"messagepack","version":1}${String.fromCharCode(RECORD_SEPARATOR)}`;

/** Keeps the server from taking a silent client for one that is gone: an array with one number, and its length before it. */
export const PING = Uint8Array.of(2, 0x91, PING_TYPE);

export type HubMessage =
  | { readonly kind: 'call'; readonly target: string; readonly values: readonly unknown[] }
  /** The server will say no more. */
  | { readonly kind: 'close' }
  /** A ping, or something that is nothing to a listener. */
  | { readonly kind: 'other' };

/**
 * Reads the answer to the handshake.
 *
 * @returns the bytes behind it: messages may follow in the same frame.
 * @throws SyntaxError where it is something else, also where the server refuses; the message holds no input.
 */
export function readHandshake(frame: Buffer): Buffer {
  const end = frame.indexOf(RECORD_SEPARATOR);
  const answer = frame.subarray(0, Math.max(end, 0)).toString();
  if (!/^\s*\{\s*\}\s*$/.test(answer)) throw new SyntaxError('no answer to the handshake');
  return frame.subarray(end + 1);
}

/** The bytes of a length: with 7 bits in each, a message has up to 2 MiB. */
const LONGEST_LENGTH = 3;

/**
 * Takes a frame apart into its messages, each behind its length in groups of seven bits, the lowest first.
 *
 * @param frame of the WebSocket, with whole messages; a caller bounds its size.
 * @throws SyntaxError for a cut-off message, and for one that is no MessagePack; the message holds no input.
 */
export function* readMessages(frame: Buffer): Generator<HubMessage, void> {
  for (let at = 0; at < frame.length;) {
    let length = 0;
    let isLast = false;
    for (let digit = 0; !isLast; digit++) {
      const byte = frame[at++];
      if (byte === undefined || digit === LONGEST_LENGTH) throw new SyntaxError('no length of a message');
      length |= (byte & 0x7f) << (7 * digit);
      isLast = byte < 0x80;
    }
    if (length > frame.length - at) throw new SyntaxError('cut off message');
    yield messageOf(unpack(frame.subarray(at, at + length)));
    at += length;
  }
}

function messageOf(value: unknown): HubMessage {
  if (!Array.isArray(value)) throw new SyntaxError('no message');
  const [type, , , target, values] = value as readonly unknown[];
  if (type === CLOSE) return { kind: 'close' };
  if (type !== INVOCATION || typeof target !== 'string' || !Array.isArray(values)) return { kind: 'other' };
  return { kind: 'call', target, values: values as readonly unknown[] };
}
