import type { CommandId } from '../commands/commandId';

export interface Explanation {
  /** What happened and what to do about it, in a sentence or two. */
  readonly message: string;
  /** Commands that mend it, the likeliest first. "Open Logs" is offered everywhere and is not listed. */
  readonly buttons: readonly CommandId[];
}

export const explain = (message: string, ...buttons: CommandId[]): Explanation => ({ message, buttons });

/** Explains errors of one class, and knows nothing of others. */
export type Rule = (error: unknown) => Explanation | undefined;

export function when<E>(
  type: abstract new (...args: never[]) => E,
  sentence: (error: E) => string,
  ...buttons: CommandId[]
): Rule {
  return (error) => (error instanceof type ? explain(sentence(error), ...buttons) : undefined);
}
