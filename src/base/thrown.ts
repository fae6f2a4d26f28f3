/** What was thrown, as an Error: JavaScript lets anything be thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('something else than an Error was thrown', { cause: thrown });
}

/**
 * What the log may tell of an error that nobody is shown: its class, by the name that was written down for it. A name that
 * is made from the constructor, as some libraries do, is what the minifier has called it; then it is that of the built-in
 * class behind it.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof DOMException) return error.name;
  for (let at: unknown = error; at instanceof Object; at = Object.getPrototypeOf(at) as unknown) {
    const written: unknown = Object.getOwnPropertyDescriptor(at, 'name')?.value;
    if (typeof written === 'string') return written;
  }
  return 'Error';
}
