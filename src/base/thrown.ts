/** What was thrown, as an Error. JavaScript can throw any value. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('something else than an Error was thrown', { cause: thrown });
}

/**
 * The name of an error's class, for the log. Some libraries take the name from the constructor, which the minifier has
 * renamed; then it is the name of the nearest class above it that states one, such as `TypeError`.
 */
export function classNameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof DOMException) return error.name;
  for (let at: unknown = error; at instanceof Object; at = Object.getPrototypeOf(at) as unknown) {
    const written: unknown = Object.getOwnPropertyDescriptor(at, 'name')?.value;
    if (typeof written === 'string') return written;
  }
  return 'Error';
}

/** What the work returns; undefined where it throws, whatever that is. */
export function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
