import type { Socket } from 'node:net';
import { NO_BYTES, publicZeros } from '../base/publicBytes';
import { wipe } from '../base/secretBytes';
import type { Aes256GcmKey } from '../bitwarden/crypto/aead/aes256Gcm';
import { frame, WireError } from './frames';
import { decode, encode, type Message } from './messages';

/** A side that does not read what it is sent is given up, so that it fills nobody's memory. */
const MOST_UNSENT = 64 * 1024;

/**
 * What comes after the handshake: each message is sealed by AES-256-GCM under the key of its direction, with the count of
 * the messages before it as the nonce. One that is changed, left out, repeated or moved does not open.
 */
export class Channel {
  readonly #sent = new Nonces();
  readonly #received = new Nonces();

  constructor(
    private readonly socket: Socket,
    private readonly keys: { readonly send: Aes256GcmKey; readonly receive: Aes256GcmKey },
  ) {}

  /** @param message its key stays the caller's to wipe. */
  send(message: Message): void {
    if (this.socket.destroyed) return;
    const bytes = encode(message);
    const sealed = this.keys.send.seal(this.#sent.next(), bytes, NO_BYTES);
    wipe(bytes);
    this.socket.write(frame(sealed));
    if (this.socket.writableLength > MOST_UNSENT) this.socket.destroy();
  }

  /** @returns the message of a frame; its key is the caller's to wipe. @throws WireError */
  open(sealed: Uint8Array): Message {
    const nonce = this.#received.next();
    let bytes;
    try {
      bytes = this.keys.receive.open(nonce, sealed, NO_BYTES);
    } catch (error) {
      throw new WireError('not sealed by the other side', { cause: error });
    }
    try {
      return decode(bytes);
    } finally {
      wipe(bytes);
    }
  }

  wipe(): void {
    this.keys.send.wipe();
    this.keys.receive.wipe();
  }
}

/** 12 bytes that count up. A key serves one connection, which ends long before the numbers do. */
class Nonces {
  #count = 0n;

  next(): Uint8Array {
    const nonce = publicZeros(12);
    nonce.writeBigUInt64BE(this.#count++, 4);
    return nonce;
  }
}
