import * as vscode from 'vscode';
import { SessionDroppedError } from '../../vault/errors';
import type { Session } from '../../account/session';
import type { Sessions } from '../../account/sessions';
import type { Logger } from '../../base/ports';
import { type CommandId, commandTitle } from '../commands/commandId';
import { explainError } from './explainError';
import type { Explanation } from './explanation';
import { logLine } from './logLine';
import { noticeAbout } from '../accountNames';
import { switchTo } from '../switchTo';

/** Number of buttons that fit into a notification. The menu of the status bar has all commands. */
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
    /** Whether a command can do something now, with this account. */
    private readonly isAvailable: (id: CommandId, session: Session) => boolean,
    private readonly sessions: Sessions,
  ) {}

  /** Shows an error. Does not wait for the user to answer. @param session of the account that it is about. */
  failure(doing: string, error: unknown, session: Session = this.sessions.current): void {
    const explanation = this.record(doing, error);
    if (explanation === undefined) return;
    // The event of the dropped session shows the same sentence. If both are warnings, VS Code shows them as one.
    void this.show(error instanceof SessionDroppedError ? 'warning' : 'error', explanation, session);
  }

  /** Writes the log line and returns the sentence, for callers that show it elsewhere than in a notification. */
  record(doing: string, error: unknown): Explanation | undefined {
    const explanation = explainError(error);
    if (explanation === undefined) this.log.debug(`${doing}: cancelled`);
    else this.log.error(`${doing}: ${logLine(error)}`);
    return explanation;
  }

  /** The buttons work on the account that it is about, though another one may be active by then, and on no other. */
  async show(
    severity: keyof typeof notify,
    { message, buttons }: Explanation,
    session: Session = this.sessions.current,
  ): Promise<void> {
    const offered = buttons.filter((id) => this.isAvailable(id, session)).slice(0, MOST_BUTTONS);
    // The log has nothing to add where nothing failed.
    const ids: CommandId[] = severity === 'information' ? offered : [...offered, 'vaultside.openLogs'];
    const choices = ids.map((command) => ({ title: commandTitle(command), command }));
    // The sentence may quote a server.
    const chosen = await notify[severity](noticeAbout(message, this.sessions, session), ...choices);
    if (chosen === undefined) return;
    const isOfAccount = session.accountId !== undefined && chosen.command !== 'vaultside.openLogs';
    if (isOfAccount && !switchTo(this.sessions, session)) return;
    await vscode.commands.executeCommand(chosen.command);
  }
}
