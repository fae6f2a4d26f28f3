import { closeSync, openSync, readSync } from 'node:fs';
import { mask } from './masked';
import { PAGE, presentPages } from './presentPages';

/** What to look for, with its bytes under the mask. */
export interface Needle {
  readonly name: string;
  readonly masked: Buffer;
}

/** In bytes. Searching for pieces also finds a secret of which a part was overwritten. */
const PIECE = 16;
const CHUNK = 1 << 20;

interface Candidate {
  readonly name: string;
  readonly piece: Buffer;
  readonly address: number;
}

function piecesOf({ masked }: Needle): Buffer[] {
  const starts = [];
  for (let start = 0; start + PIECE <= masked.length; start += PIECE) starts.push(start);
  if (masked.length % PIECE !== 0) starts.push(Math.max(0, masked.length - PIECE));
  return starts.map((start) => masked.subarray(start, start + PIECE));
}

/**
 * Looks for each secret, in pieces of 16 bytes, in the whole memory of this process (Linux). What is read is masked at
 * once. The buffer for reading is part of that memory, so what is found is looked at again when the buffer is empty.
 *
 * @returns for each piece found the name of its secret.
 */
export function searchOwnMemory(needles: readonly Needle[]): string[] {
  return searchMemory('self', needles);
}

/** As searchOwnMemory, in the memory of another process of this user. */
export function searchMemory(pid: number | 'self', needles: readonly Needle[]): string[] {
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const buffer = Buffer.from(new ArrayBuffer(CHUNK));
  const read = (into: Buffer, address: number): Buffer => {
    try {
      const bytes = into.subarray(0, readSync(memory, into, 0, into.length, address));
      mask(bytes);
      return bytes;
    } catch {
      // The piece of memory was given back since it was listed.
      return into.subarray(0, 0);
    }
  };
  try {
    const byPrefix = prefixes(needles);
    const candidates: Candidate[] = [];
    for (const { start, end } of presentPages(pid)) {
      for (let from = start; from < end;) {
        const bytes = read(buffer.subarray(0, Math.min(CHUNK, end - from)), from);
        search(bytes, from, byPrefix, candidates);
        // A page that was given back in between ends what is read: the search goes on behind it.
        from = bytes.length === CHUNK ? from + CHUNK - PIECE : (Math.floor((from + bytes.length) / PAGE) + 1) * PAGE;
      }
    }
    buffer.fill(0);
    return candidates
      .filter(({ piece, address }) => read(buffer.subarray(0, piece.length), address).equals(piece))
      .map(({ name }) => name);
  } finally {
    closeSync(memory);
  }
}

/** By the first two bytes, under the mask. */
function prefixes(needles: readonly Needle[]): (Omit<Candidate, 'address'>[] | undefined)[] {
  const byPrefix: (Omit<Candidate, 'address'>[] | undefined)[] = new Array<undefined>(1 << 16).fill(undefined);
  for (const needle of needles) {
    for (const piece of piecesOf(needle)) {
      (byPrefix[piece.readUInt16LE(0)] ??= []).push({ name: needle.name, piece });
    }
  }
  return byPrefix;
}

function search(bytes: Buffer, address: number, byPrefix: ReturnType<typeof prefixes>, found: Candidate[]): void {
  for (let at = 0; at + 1 < bytes.length; at++) {
    const pieces = byPrefix[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)];
    if (pieces === undefined) continue;
    for (const { name, piece } of pieces) {
      if (bytes.subarray(at, at + piece.length).equals(piece)) found.push({ name, piece, address: address + at });
    }
  }
}
