import { printable } from '../../base/printable';
import { classNameOf } from '../../base/thrown';
import { explainKnown } from './explainError';

/**
 * What the log tells of an error: its class, our own message and the error code. The messages of other classes may
 * quote anything, so they are left out.
 */
export function logLine(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const known = explainKnown(error) !== undefined;
  const code = 'code' in error && typeof error.code === 'string' ? ` ${printable(error.code)}` : '';
  const cause = error.cause instanceof Error ? `, because of ${logLine(error.cause)}` : '';
  return `${classNameOf(error)}${known ? `: ${printable(error.message)}` : ''}${code}${known ? '' : stackOf(error)}${cause}`;
}

/** Where it was thrown: function names and positions without the message, which the first lines repeat. */
function stackOf({ stack }: Error): string {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, 5)
    .join('')
    .replace(/\s+at /g, ' < ');
}
