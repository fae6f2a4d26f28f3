import type * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Clipboard } from '../clipboard/clipboard';
import type { Codicon } from '../codicon';
import type { Condition, ContextValues } from '../contextValues';
import type { ErrorReporter } from '../errors/errorReporter';
import type { ItemView } from '../item/itemView';
import type { FollowUp } from '../search/followUp';
import type { OpenSearch } from '../search/openSearch';
import type { VaultTree } from '../tree/vaultTree';
import type { ItemValues } from '../values/itemValues';

/** What commands work on. */
export interface Parts {
  readonly session: Session;
  readonly clipboard: Clipboard;
  readonly values: ItemValues;
  readonly tree: VaultTree;
  readonly itemView: ItemView;
  readonly openSearch: OpenSearch;
  readonly followUp: FollowUp;
  readonly reporter: ErrorReporter;
  readonly logs: vscode.LogOutputChannel;
  readonly context: () => ContextValues;
}

export interface Command {
  readonly icon?: Codicon;
  /**
   * What must be true for the command to do anything. `enablement` in package.json is made of it, and menus and the
   * buttons of errors leave the command out otherwise. If it is called all the same, a notification says what is
   * missing.
   */
  readonly needs: Condition;
  /** Keeps the command out of the palette, where it is called from one place only. */
  readonly hidden?: true;
  readonly menus: readonly MenuPlace[];
  /** @param argument whatever the caller passes: a row of the tree, or anything at all from other extensions. */
  readonly run: (parts: Parts, argument: unknown) => Promise<void> | void;
}

export interface MenuPlace {
  /** The title bar of the view, the context menu of an item's row, or what a click on the status bar opens. */
  readonly in: 'view/title' | 'view/item/context' | 'status';
  /**
   * `group@order`. VS Code shows the group `navigation` as buttons, and the others in the menu behind the three dots.
   */
  readonly group: `${string}@${number}`;
  /** What must be true for it to be in this menu, besides `needs`. */
  readonly when?: Condition;
}
