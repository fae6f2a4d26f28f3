import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** In bytes. */
export const PAGE = 4096;
const ENTRY = 8;

/** A range of addresses that can be read. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The memory that a process, with all its threads, can write to, without the pages that it has never used (Linux).
 *
 * @param pid of a process that was started by this one, or `self`.
 */
export function presentPages(pid: number | 'self'): Span[] {
  const pagemap = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    return writable(pid).flatMap((span) => present(span, pagemap));
  } finally {
    closeSync(pagemap);
  }
}

function writable(pid: number | 'self'): Span[] {
  return readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [, start, end] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      if (start === undefined || end === undefined) return [];
      return [{ start: Number.parseInt(start, 16), end: Number.parseInt(end, 16) }];
    });
}

/**
 * The used pages of a range. There is one entry of 64 bits for each page; the two highest bits say "in memory" and
 * "swapped out" (linux: admin-guide/mm/pagemap.rst).
 */
function present({ start, end }: Span, pagemap: number): Span[] {
  const entries = Buffer.alloc(((end - start) / PAGE) * ENTRY);
  readSync(pagemap, entries, 0, entries.length, (start / PAGE) * ENTRY);
  const spans: { start: number; end: number }[] = [];
  for (let page = start, at = 0; page < end; page += PAGE, at += ENTRY) {
    if (((entries[at + ENTRY - 1] ?? 0) & 0xc0) === 0) continue;
    const last = spans.at(-1);
    if (last?.end === page) last.end += PAGE;
    else spans.push({ start: page, end: page + PAGE });
  }
  return spans;
}
