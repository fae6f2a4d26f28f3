import type { GeneratorKind } from '../../generate/kinds';
import { LockedError, SignedOutError } from '../../vault/errors';
import { deliver } from '../values/destination';
import type { Parts } from './command';
import { copyGenerated, generatedWords } from './copyGenerated';
import { showGeneratorHistory } from './generatorHistory';

/** Lets the user generate something, and copies it or puts it at every cursor. No vault is needed for that. */
export async function generate(parts: Parts, kind: GeneratorKind): Promise<void> {
  const { sessions, clipboard, generator } = parts;
  const { openGenerator } = await import('../generator/generator');
  sessions.current.touch();
  const outcome = await openGenerator(generator, sessions.active, kind);
  if (outcome === undefined) return;
  // Another account may become active before the value is on the clipboard.
  const session = sessions.current;
  if (outcome.does === 'history') {
    await showGeneratorHistory({ ...parts, session });
    return;
  }
  const { kind: made, text } = outcome;
  // What was refused is kept all the same: it is on the screen no longer.
  if (outcome.does === 'insert') await deliver(outcome.destination, text, generatedWords(made));
  else await copyGenerated(clipboard, made, text);
  try {
    await session.generatorHistory.add(made, text);
  } catch (error) {
    // It was locked right after the copy.
    if (!(error instanceof LockedError || error instanceof SignedOutError)) throw error;
  }
}
