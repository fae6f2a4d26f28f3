import type { GeneratorKind } from '../../generate/kinds';
import { LockedError, SignedOutError } from '../../vault/errors';
import { deliver, destinationFor } from '../values/destination';
import type { Parts } from './command';
import { copyGenerated, generatedWords } from './copyGenerated';
import { showGeneratorHistory } from './generatorHistory';

/** Lets the user generate something, and copies it or puts it at every cursor. No vault is needed for that. */
export async function generate(parts: Parts, kind: GeneratorKind): Promise<void> {
  const { session, clipboard, generator } = parts;
  const { openGenerator } = await import('../generator/generator');
  session.touch();
  const outcome = await openGenerator(generator, session, kind);
  if (outcome === undefined) return;
  if (outcome.does === 'history') {
    await showGeneratorHistory(parts);
    return;
  }
  if (outcome.does === 'insert') {
    const destination = destinationFor('insert');
    if (destination === undefined) return;
    if (!(await deliver(destination, outcome.text, generatedWords(outcome.kind)))) return;
  } else await copyGenerated(clipboard, outcome.kind, outcome.text);
  try {
    await session.generatorHistory.add(outcome.kind, outcome.text);
  } catch (error) {
    // It was locked right after the copy.
    if (!(error instanceof LockedError || error instanceof SignedOutError)) throw error;
  }
}
