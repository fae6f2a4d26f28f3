import { concatPublic, NO_BYTES, publicZeros } from '../base/publicBytes';

/** Bytes of a frame at the most. The longest message, a padded key with its account, takes less than half of it. */
export const LONGEST_FRAME = 1024;

const HEAD = 2;

/** What came over the socket is not what this protocol sends: the connection is to be closed. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

/** @returns the length in two bytes, highest first, and the content. @throws WireError for more than a frame holds. */
export function frame(content: Uint8Array): Buffer {
  if (content.length > LONGEST_FRAME) throw new WireError('too long for a frame');
  const head = publicZeros(HEAD);
  head.writeUInt16BE(content.length);
  return concatPublic(head, content);
}

/** Puts frames together again. It holds less than one frame at any time. */
export class FrameReader {
  #rest: Uint8Array = NO_BYTES;

  /** @returns the frames that are whole now. @throws WireError for one that says that it is longer than allowed. */
  push(chunk: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let bytes = concatPublic(this.#rest, chunk);
    while (bytes.length >= HEAD) {
      const length = bytes.readUInt16BE();
      if (length > LONGEST_FRAME) throw new WireError('a frame that is too long');
      if (bytes.length < HEAD + length) break;
      frames.push(bytes.subarray(HEAD, HEAD + length));
      bytes = bytes.subarray(HEAD + length);
    }
    this.#rest = concatPublic(bytes);
    return frames;
  }
}
