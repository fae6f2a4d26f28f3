import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { needlesOf, type Mark, type Needle } from './marks';

/** Bytes and where they were: in a file, an entry of the browser's storage, or the arguments of a process. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Looks for many needles in one pass over the bytes. */
export class Scanner {
  /** Needles by their first two bytes, taken as a number. */
  readonly #byHead: (Needle[] | undefined)[] = new Array<Needle[] | undefined>(65_536);

  constructor(marks: readonly Mark[]) {
    for (const needle of marks.flatMap(needlesOf)) {
      (this.#byHead[needle.bytes.readUInt16BE(0)] ??= []).push(needle);
    }
  }

  /** All leaks, each once, as "mark (encoding) in place". */
  leaksIn(places: readonly Place[]): string[] {
    return [...new Set(places.flatMap((place) => this.#leaksInOne(place)))];
  }

  #leaksInOne({ name, bytes }: Place): string[] {
    const leaks: string[] = [];
    for (let at = 0; at + 1 < bytes.length; at++) {
      const candidates = this.#byHead[(bytes[at]! << 8) | bytes[at + 1]!];
      for (const needle of candidates ?? []) {
        const end = at + needle.bytes.length;
        if (end <= bytes.length && needle.bytes.compare(bytes, at, end) === 0) {
          leaks.push(`${needle.mark} (${needle.encoding}) in ${name}`);
        }
      }
    }
    return leaks;
  }
}

/** Every file below the folder. The name of a file counts as content. */
export function filesUnder(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const named = { name: `the name of ${path}`, bytes: Buffer.from(path) };
    if (!entry.isFile()) return [named];
    try {
      return [named, { name: path, bytes: readFileSync(path) }];
    } catch (error) {
      // A program that still runs may delete its files meanwhile.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [named];
      throw error;
    }
  });
}
