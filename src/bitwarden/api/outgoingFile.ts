/** An encrypted file that is to be sent. */
export interface OutgoingFile {
  /** In bytes. */
  readonly size: number;
  /** @param start the offset of the first byte. @param end that behind the last one. */
  readonly pieces: (start: number, end: number) => AsyncIterable<Uint8Array>;
}
