import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Exchange {
  /** `METHOD /path`. */
  readonly request: string;
  /** `<file>` for a form that brings one. */
  readonly body?: unknown;
  readonly status: number;
  /** Undefined for none, `<file>` for the file that was sent before. */
  readonly answer?: unknown;
}

export interface Act {
  /** What the official CLI was told to do. */
  readonly act: string;
  readonly exchanges: readonly Exchange[];
}

/**
 * What the official CLI 2026.6 and Vaultwarden 1.37 said to each other, one act after the other. Encrypted strings are
 * stand-ins, the same one wherever the same text was encrypted; what a server makes up is a placeholder in angle
 * brackets: `<item1>` is the first item's id, `<date>` a date in the server's form. Some of many fields and addresses of
 * an item are left out on both sides.
 */
export function vaultwardenRecording(): readonly Act[] {
  const file = join(process.cwd(), 'test/support/recordings/vaultwarden.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Act[];
}
