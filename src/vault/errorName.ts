/** What the log may tell of an error that nobody is shown: its class. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
