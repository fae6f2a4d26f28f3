import type { Session } from '../../account/session';
import { floorsOf, noFloors } from '../../generate/floors';
import { passphraseHeldTo, passwordHeldTo } from '../../generate/options';
import { generatePassword } from '../../generate/password';
import { generatePassphrase, parseWords } from '../../generate/words';
import { ChosenOptions } from './chosenOptions';
import type { GeneratorParts } from './generator';

/**
 * A password made as the user has had them made the last time, and kept in the history.
 *
 * @throws TypeError for a list of words that is damaged; what keeps it from being read; LockedError.
 */
export async function passwordAsChosen(
  { memory, words }: Pick<GeneratorParts, 'memory' | 'words'>,
  session: Session,
): Promise<string> {
  const { state } = session;
  const { passwords, passphrases } = new ChosenOptions(memory).value;
  const floors = state.kind === 'unlocked' ? floorsOf(state.vault.policies) : noFloors;
  const kind = floors.only ?? 'password';
  const text =
    kind === 'password'
      ? generatePassword(passwordHeldTo(passwords, floors))
      : generatePassphrase(passphraseHeldTo(passphrases, floors), parseWords(await words()));
  await session.generatorHistory.add(kind, text);
  return text;
}
