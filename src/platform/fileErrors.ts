import { setTimeout as delay } from 'node:timers/promises';

/** Whether an error of Node has one of these codes, such as `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => error.code === code);
}

/** Awaits work on a file; undefined when there is no such file. */
export async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const ATTEMPTS = 10;

/**
 * Tries again for about a second where Windows refuses: it does so while another program, such as a virus scanner, has
 * the file open.
 */
export async function patiently<T>(work: () => Promise<T>, platform = process.platform): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const isBusy = platform === 'win32' && hasCode(error, 'EPERM', 'EACCES', 'EBUSY');
      if (!isBusy || attempt === ATTEMPTS) throw error;
      await delay(attempt * 20);
    }
  }
}
