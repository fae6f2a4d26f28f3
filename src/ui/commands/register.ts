import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Parts } from './command';
import { commandIds, commands, isAvailable } from './commandTable';
import { commandTitle } from './commandId';
import { signIn } from './signIn';
import { unavailable } from './unavailable';

/**
 * Registers all commands; lint allows that nowhere else. What a command throws is shown here, and no command returns
 * anything to its caller.
 * @param started settles when the stored account has been read; commands wait for it.
 */
export function registerCommands(parts: Omit<Parts, 'session'>, started: Promise<void>): vscode.Disposable {
  const { sessions, reporter, context } = parts;
  return vscode.Disposable.from(
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(id, async (argument: unknown, selected: unknown) => {
        const { needs, run, signsInFirst } = commands[id];
        let session: Session | undefined;
        try {
          await started;
          if (signsInFirst && sessions.current.state.kind === 'signedOut') {
            await signIn(parts);
            // The user gave up, or has got what the command is for.
            if (context().state !== 'unlocked' || !isAvailable(id, context())) return;
          }
          // Another account may become active while the command runs: it goes on with its own.
          session = sessions.current;
          if (isAvailable(id, context())) await run({ ...parts, session }, argument, selected);
          else void reporter.show('information', unavailable(commandTitle(id), needs, session.state), session);
        } catch (error) {
          reporter.failure(id, error, session);
        }
      }),
    ),
  );
}
