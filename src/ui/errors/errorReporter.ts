import * as vscode from 'vscode';
import { SessionDroppedError } from '../../vault/errors';
import type { Logger } from '../../base/ports';
import { type CommandId, commandTitle } from '../commands/titles';
import { explainError } from './explainError';
import type { Explanation } from './explanation';
import { logLine } from './logLine';
import { withoutLinks } from '../untrustedText';

/** More do not fit into a notification; the status bar offers them all. */
const MOST_BUTTONS = 2;

const notify = {
  information: (text: string, ...choices: Choice[]) => vscode.window.showInformationMessage(text, ...choices),
  warning: (text: string, ...choices: Choice[]) => vscode.window.showWarningMessage(text, ...choices),
  error: (text: string, ...choices: Choice[]) => vscode.window.showErrorMessage(text, ...choices),
};

interface Choice extends vscode.MessageItem {
  readonly command: CommandId;
}

/** Shows failures: the sentence and buttons of `errors/` in a notification, the log line in the log. */
export class ErrorReporter {
  constructor(
    private readonly log: Logger,
    /** Whether a command can do something now. */
    private readonly isAvailable: (id: CommandId) => boolean,
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
    const explanation = explainError(error);
    if (explanation === undefined) this.log.debug(`${doing}: cancelled`);
    else this.log.error(`${doing}: ${logLine(error)}`);
    return explanation;
  }

  async show(severity: keyof typeof notify, { message, buttons }: Explanation): Promise<void> {
    const offered = buttons.filter((id) => this.isAvailable(id)).slice(0, MOST_BUTTONS);
    // What is no failure has left nothing in the log.
    const ids: CommandId[] = severity === 'information' ? offered : [...offered, 'vaultside.openLogs'];
    const choices = ids.map((command) => ({ title: commandTitle(command), command }));
    // It may quote a server.
    const chosen = await notify[severity](withoutLinks(message), ...choices);
    if (chosen !== undefined) await vscode.commands.executeCommand(chosen.command);
  }
}
