import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Account } from './model';

export interface Saved {
  readonly signingKey: string;
  readonly accounts: Account[];
}

/**
 * What an earlier run has stored in the file. Undefined: there is no file. Throws for a broken file, since its content
 * cannot be made again.
 */
export function load(file: string): Saved | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Saved;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function save(file: string, saved: Saved): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(saved), { mode: 0o600 });
  renameSync(draft, file);
}
