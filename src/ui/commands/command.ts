import type * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Sessions } from '../../account/sessions';
import type { LocalFiles } from '../../base/ports';
import type { ShownFiles } from '../attachments/shownFiles';
import type { Clipboard } from '../clipboard/clipboard';
import type { Codicon } from '../codicon';
import type { Condition, ContextValues } from '../contextValues';
import type { ErrorReporter } from '../errors/errorReporter';
import type { GeneratorParts } from '../generator/generator';
import type { ItemView } from '../item/itemView';
import type { Milestones } from '../milestones';
import type { LastServer } from '../signIn/lastServer';
import type { FollowUp } from '../search/followUp';
import type { SearchKey } from '../search/searchKeys';
import type { OpenKeys } from '../openKeys';
import type { VaultTree } from '../tree/vaultTree';
import type { ItemValues } from '../values/itemValues';
import type { CommandId } from './commandId';

/** What commands work on. */
export interface Parts {
  /** All accounts. */
  readonly sessions: Sessions;
  /** That of the account which was active when the command was called. */
  readonly session: Session;
  readonly clipboard: Clipboard;
  readonly values: ItemValues;
  readonly tree: VaultTree;
  readonly itemView: ItemView;
  readonly local: LocalFiles;
  readonly shownFiles: ShownFiles;
  readonly milestones: Milestones;
  readonly openSearch: OpenKeys<SearchKey>;
  readonly generator: GeneratorParts;
  /** See passwordAsChosen. */
  readonly makePassword: (session: Session) => Promise<string>;
  readonly followUp: FollowUp;
  readonly reporter: ErrorReporter;
  readonly lastServer: LastServer;
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
  /**
   * Called while nobody is signed in, it begins with the sign-in instead of saying so: the walkthrough and a key binding
   * can call it at any time.
   */
  readonly signsInFirst?: true;
  /** Keeps the command out of the palette, where it is called from one place only. */
  readonly hidden?: true;
  readonly menus: readonly MenuPlace[];
  /**
   * @param argument whatever the caller passes: a row of the tree, or anything at all from other extensions.
   * @param selected likewise: all rows that are selected, where that row is one of several.
   */
  readonly run: (parts: Parts, argument: unknown, selected: unknown) => Promise<void> | void;
}

export type MenuPlace = {
  /** What must be true for it to be in this menu, besides `needs`. */
  readonly when?: Condition;
} & (
  | {
      /** The title bar of the view. */
      readonly in: 'view/title';
      /**
       * `group@order`. VS Code shows the group `navigation` as buttons, and the others in the menu behind the three
       * dots.
       */
      readonly group: `${string}@${number}`;
    }
  | {
      /** The context menu of a row, or, in the group `inline`, a button on it. */
      readonly in: 'view/item/context';
      /** A pattern for the `viewItem` of the rows. */
      readonly rows: string;
      readonly group: `${string}@${number}`;
    }
  | {
      /** What a click on the status bar opens. */
      readonly in: 'status';
      readonly group: `${StatusGroup}@${number}`;
    }
);

/** In the order of the menu. */
export type StatusGroup = '1_mend' | '2_use' | '3_server' | '4_account' | '5_help';

/** A command in the menu of the status bar. */
export interface StatusEntry {
  readonly id: CommandId;
  readonly group: StatusGroup;
  readonly icon: Codicon | undefined;
}
