import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Exchange {
  /** `METHOD /path`. */
  readonly request: string;
  /** `<file>` stands for a form that has a file in it. */
  readonly body?: unknown;
  readonly status: number;
  /** Undefined: there was none. `<file>` stands for the file that was sent before. */
  readonly answer?: unknown;
}

export interface Act {
  /** What the official CLI was told to do. */
  readonly act: string;
  readonly exchanges: readonly Exchange[];
}

/**
 * The requests and answers between the official CLI 2026.6 and Vaultwarden 1.37, one act after the other. In the place
 * of encrypted strings are others, always the same one for the same text. What a server makes up is a placeholder in
 * angle brackets: `<item1>` is the id of the first item, `<date>` a date in the server's form. Of an item with many
 * fields and addresses some are left out on both sides.
 */
export function vaultwardenRecording(): readonly Act[] {
  const file = join(process.cwd(), 'test/support/recordings/vaultwarden.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Act[];
}
