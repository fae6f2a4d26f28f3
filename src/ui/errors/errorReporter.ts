import * as vscode from 'vscode';
import { SessionDroppedError } from '../../vault/errors';
import type { Logger } from '../../vault/ports';
import type { Session } from '../../vault/session';
import { availableCommands } from '../commands/availableCommands';
import { commandTitle } from '../commands/titles';
import { explainError } from './explainError';
import type { Explanation } from './explanation';
import { logLine } from './logLine';
import { withoutLinks } from '../untrustedText';

/** More do not fit into a notification; the status bar offers them all. */
const MOST_BUTTONS = 2;

/** Shows failures: the sentence and buttons of `errors/` in a notification, the log line in the log. */
export class ErrorReporter {
  constructor(
    private readonly log: Logger,
    private readonly session: Pick<Session, 'state'>,
  ) {}

  /** Does not wait for the user to answer. */
  failure(doing: string, error: unknown): void {
    const explanation = this.record(doing, error);
    if (explanation === undefined) return;
    // The event of the drop says the same words; shown alike, VS Code makes one notification of the two.
    void this.show(error instanceof SessionDroppedError ? 'warning' : 'error', explanation);
  }

  /** Writes the log line and gives the words, for a caller that has a better place for them than a notification. */
  record(doing: string, error: unknown): Explanation | undefined {
    const explanation = explainError(error, vscode.l10n);
    if (explanation === undefined) this.log.debug(`${doing}: cancelled`);
    else this.log.error(`${doing}: ${logLine(error)}`);
    return explanation;
  }

  async show(severity: 'error' | 'warning', { message, buttons }: Explanation): Promise<void> {
    const choices = [
      ...availableCommands(buttons, this.session.state).slice(0, MOST_BUTTONS),
      'vaultside.openLogs' as const,
    ].map((command) => ({
      title: commandTitle(command, vscode.l10n),
      command,
    }));
    // It may quote a server.
    const text = withoutLinks(message);
    const chosen =
      severity === 'error'
        ? await vscode.window.showErrorMessage(text, ...choices)
        : await vscode.window.showWarningMessage(text, ...choices);
    if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command);
  }
}
