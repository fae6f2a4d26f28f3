import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** The server's end of a WebSocket (RFC 6455), as far as the hub needs it: small messages in one frame each. */
export class WebSocketPeer {
  #received = Buffer.alloc(0);
  onMessage: (message: Buffer) => void = () => undefined;
  onPong: () => void = () => undefined;

  constructor(
    request: IncomingMessage,
    private readonly socket: Duplex,
  ) {
    const key = `${request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', () => socket.destroy());
    // An upgraded connection stays half open otherwise.
    socket.on('end', () => socket.destroy());
  }

  onClose(closed: () => void): void {
    this.socket.once('close', closed);
  }

  send(message: Buffer): void {
    this.#frame(BINARY, message);
  }

  ping(content: Buffer): void {
    this.#frame(PING, content);
  }

  close(): void {
    this.socket.destroy();
  }

  #frame(kind: number, content: Buffer): void {
    const short = content.length < 126;
    const head = Buffer.from(short ? [0x80 | kind, content.length] : [0x80 | kind, 126, 0, 0]);
    if (!short) head.writeUInt16BE(content.length, 2);
    if (!this.socket.destroyed) this.socket.write(Buffer.concat([head, content]));
  }

  /**
   * Reads the frames of the client, which are masked. One that is too long for a length of two bytes ends the
   * connection.
   */
  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const [first = 0, second = 0] = this.#received;
      const isLong = (second & 0x7f) === 126;
      const start = isLong ? 4 : 2;
      if (this.#received.length < start + 4) return;
      const length = isLong ? this.#received.readUInt16BE(2) : second & 0x7f;
      if (length === 127 || (second & 0x80) === 0) {
        this.close();
        return;
      }
      if (this.#received.length < start + 4 + length) return;
      const mask = this.#received.subarray(start, start + 4);
      const content = Buffer.from(this.#received.subarray(start + 4, start + 4 + length));
      for (const [at, byte] of content.entries()) content[at] = byte ^ (mask[at % 4] ?? 0);
      this.#received = this.#received.subarray(start + 4 + length);
      this.#handle(first & 0x0f, content);
    }
  }

  #handle(kind: number, content: Buffer): void {
    if (kind === TEXT || kind === BINARY) this.onMessage(content);
    else if (kind === PING) this.#frame(PONG, content);
    else if (kind === PONG) this.onPong();
    else if (kind === CLOSE) {
      this.#frame(CLOSE, content);
      this.socket.end();
    }
  }
}
