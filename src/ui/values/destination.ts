import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import { say } from '../announce';
import { commandTitle } from '../commands/commandId';
import { withoutLinks } from '../untrustedText';

/** Where in VS Code a value goes that is not copied: chosen when the user asks for it, before anything else is asked. */
export interface Destination {
  /**
   * Asks whether a secret may go there, where that is not plain.
   *
   * @param what the value, in the user's words.
   */
  confirms(what: string): Promise<boolean>;
  /** @returns why the text did not get there; undefined if it did. */
  put(text: string): Promise<string | undefined>;
  /** What is said when it is done. */
  done(what: string): string;
}

/** Undefined where there is none, which a notification says. */
export function destinationFor(does: 'insert' | 'terminal'): Destination | undefined {
  const { activeTextEditor, activeTerminal } = vscode.window;
  if (does === 'insert' && activeTextEditor !== undefined) return new Cursors(activeTextEditor);
  if (does === 'terminal' && activeTerminal !== undefined) return new CommandLine(activeTerminal);
  void vscode.window.showInformationMessage(
    does === 'insert'
      ? vscode.l10n.t('There is no text editor to insert into. Open a file first.')
      : vscode.l10n.t('There is no terminal. Open one first.'),
  );
  return undefined;
}

/** Puts the text there, and says that it did or why not. @returns whether it did. @param what the text, in the user's words. */
export async function deliver(destination: Destination, text: string, what: string): Promise<boolean> {
  const refusal = await destination.put(text);
  if (refusal === undefined) say(destination.done(what));
  else void vscode.window.showWarningMessage(withoutLinks(refusal));
  return refusal === undefined;
}

/** All cursors of a text editor. What is selected there is replaced. */
class Cursors implements Destination {
  constructor(private readonly editor: vscode.TextEditor) {}

  confirms(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async put(text: string): Promise<string | undefined> {
    const { editor } = this;
    if (vscode.window.activeTextEditor !== editor) {
      return vscode.l10n.t('You have switched to another editor. Nothing was inserted.');
    }
    const { version } = editor.document;
    const isDone = await editor.edit((edit) => {
      for (const selection of editor.selections) {
        if (selection.isEmpty) edit.insert(selection.active, text);
        else edit.replace(selection, text);
      }
    });
    // VS Code says that it has edited a read-only editor, too.
    if (!isDone || editor.document.version === version) {
      return vscode.l10n.t('This editor cannot be written to. Nothing was inserted.');
    }
    editor.selections = editor.selections.map(({ end }) => new vscode.Selection(end, end));
    return undefined;
  }

  done(what: string): string {
    return vscode.l10n.t('{0} inserted', what);
  }
}

/** Line ends, escape sequences and all other control characters: a shell runs or obeys them. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

/** The command line of a terminal. Enter is left to the user. */
class CommandLine implements Destination {
  constructor(private readonly terminal: vscode.Terminal) {}

  async confirms(what: string): Promise<boolean> {
    const copy = commandTitle('vaultside.copyToTerminal');
    const chosen = await vscode.window.showWarningMessage(
      withoutLinks(vscode.l10n.t('Copy {0} to the terminal "{1}"?', what, printable(this.terminal.name, 40))),
      {
        modal: true,
        detail: vscode.l10n.t(
          'Whoever scrolls back in the terminal can read it there, and shells keep a history of what is run in them. Enter is not pressed.',
        ),
      },
      copy,
    );
    return chosen === copy;
  }

  put(text: string): Promise<string | undefined> {
    const { terminal } = this;
    if (CONTROL.test(text)) {
      return Promise.resolve(
        vscode.l10n.t('It has line ends or other control characters, which a terminal would run. Nothing was sent.'),
      );
    }
    if (vscode.window.activeTerminal !== terminal || terminal.exitStatus !== undefined) {
      return Promise.resolve(vscode.l10n.t('You have switched to another terminal. Nothing was sent.'));
    }
    terminal.show();
    terminal.sendText(text, false);
    return Promise.resolve(undefined);
  }

  done(what: string): string {
    return vscode.l10n.t('{0} copied to the terminal', what);
  }
}
