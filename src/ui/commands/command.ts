import type * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Clipboard } from '../clipboard';
import type { Codicon } from '../codicon';
import type { Condition, ContextValues } from '../contextValues';
import type { ErrorReporter } from '../errors/errorReporter';
import type { VaultTree } from '../tree/vaultTree';
import type { ItemValues } from '../values/itemValues';

/** What commands work on. */
export interface Parts {
  readonly session: Session;
  readonly clipboard: Clipboard;
  readonly values: ItemValues;
  readonly tree: VaultTree;
  readonly reporter: ErrorReporter;
  readonly logs: vscode.LogOutputChannel;
  readonly context: () => ContextValues;
}

export interface Command {
  readonly icon?: Codicon;
  /**
   * What has to be so for it to do anything. `enablement` in package.json is made of it, menus and buttons of errors offer
   * nothing else, and one that is called all the same says what is missing.
   */
  readonly needs: Condition;
  /** Not in the command palette: it is for the place that calls it alone. */
  readonly hidden?: true;
  readonly menus: readonly MenuPlace[];
  /** `argument` is whatever the caller passes: a row of the tree, or anything at all from other extensions. */
  readonly run: (parts: Parts, argument: unknown) => Promise<void> | void;
}

export interface MenuPlace {
  /** The title bar of the view, or what a click on the status bar opens. */
  readonly in: 'view/title' | 'status';
  /** `group@order`: VS Code puts `navigation` on the bar and the other groups below its dots. */
  readonly group: `${string}@${number}`;
  /** What has to be so beside what the command needs. */
  readonly when?: Condition;
}
