import { type FromForm, isFromForm, type ToForm } from './formMessages';

/**
 * What an item page and the extension tell each other. Both import these types, and nothing else of each other.
 *
 * No value that is masked is in an ItemCard: it comes alone, once the user has asked for it, and is taken back.
 */
export interface ItemCard {
  /** The page sends it back with what the user does, so that it is done with the item that they saw. */
  readonly number: number;
  readonly title: string;
  /** Type, folder, organization and collections. */
  readonly subtitle: string;
  /** Name of a codicon, or of one of our icons. */
  readonly icon: string;
  /** What is special about the item, such as that it is in the trash. */
  readonly notes: readonly string[];
  /** What can be done with the item as a whole, in the order of the buttons. */
  readonly tools: readonly ItemTool[];
  /** The item was changed in a form, and that was not saved. */
  readonly draft: { readonly text: string; readonly goOn: string; readonly discard: string } | undefined;
  /** What people come for; the first is the one that C does. */
  readonly actions: readonly PageButton[];
  /** Only for cards: as it lies on the table. */
  readonly face:
    { readonly brand: string; readonly number: string; readonly holder: string; readonly expires: string } | undefined;
  readonly sections: readonly PageSection[];
  /** Dates, in small print. */
  readonly footer: readonly string[];
  readonly words: PageWords;
}

/** Words of the page that go with no item. */
export interface PageWords {
  readonly copy: string;
  readonly reveal: string;
  readonly hide: string;
  readonly open: string;
  readonly openFile: string;
  readonly saveFile: string;
  readonly deleteFile: string;
  readonly masked: string;
  /** `{0}` is the number of seconds. */
  readonly hidesIn: string;
  /** `{0}` is the number of seconds. */
  readonly goodFor: string;
  /** `{0}` is the number of seconds. */
  readonly renews: string;
  /** `{0}` is the code that comes next, `{1}` the number of seconds until then. */
  readonly nextIn: string;
}

export interface PageButton {
  readonly does: 'copy' | 'open';
  readonly key: string;
  readonly label: string;
  /** The letter that does the same. */
  readonly letter: string;
}

export interface ItemTool {
  readonly does: 'edit' | 'clone' | 'discardDraft';
  readonly icon: string;
  readonly label: string;
  /** The key that does the same, if there is one. */
  readonly letter: string | undefined;
}

export interface PageSection {
  readonly title: string | undefined;
  readonly rows: readonly PageRow[];
  /** Of the files: the button that adds one. */
  readonly adds?: string | undefined;
}

export interface PageRow {
  /** Names the value in messages; `refKey` of it. Empty where there is nothing to do with the row. */
  readonly key: string;
  readonly label: string;
  /** In clear, or what is said in the place of a value. Undefined: masked until it is revealed. */
  readonly text: string | undefined;
  /** Text of several lines, shown as it is. */
  readonly isLong: boolean;
  readonly can: readonly RowAction[];
}

export type RowAction = ValueAction | FileAction;

/** What can be done with a value. */
export type ValueAction = 'copy' | 'reveal' | 'open';

/** What can be done with a file of the item. */
export const fileActions = ['openFile', 'saveFile', 'deleteFile'] as const;
export type FileAction = (typeof fileActions)[number];

export type ToPage =
  | ToForm
  | { readonly kind: 'item'; readonly card: ItemCard }
  /** In place of an item. */
  | { readonly kind: 'nothing'; readonly text: string }
  | { readonly kind: 'revealed'; readonly key: string; readonly text: string; readonly seconds: number }
  | { readonly kind: 'hidden'; readonly key: string }
  /** For screen readers: what was done. */
  | { readonly kind: 'said'; readonly text: string }
  /** Puts the focus on the row, and has its value revealed if that is masked. */
  | { readonly kind: 'goTo'; readonly key: string }
  | {
      readonly kind: 'code';
      readonly key: string;
      readonly text: string;
      /** The code that comes after it. */
      readonly next: string;
      readonly seconds: number;
      readonly period: number;
    };

export type FromPage =
  | FromForm
  | { readonly kind: 'tool'; readonly does: ItemTool['does']; readonly card: number }
  /** The page has been loaded, or has been shown again, and holds nothing. */
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'act';
      readonly does: RowAction;
      readonly key: string;
      readonly card: number;
      /** What is selected of the value, to copy no more than that. */
      readonly part?: string | undefined;
    }
  | { readonly kind: 'addFile'; readonly card: number }
  | { readonly kind: 'hide'; readonly key: string }
  /** The focus is in the page. */
  | { readonly kind: 'entered' }
  /** The focus is not in the page any more. */
  | { readonly kind: 'left' }
  /** Escape: back to where the user came from. */
  | { readonly kind: 'back' };

/** @param message whatever the page has sent. */
export function isFromPage(message: unknown): message is FromPage {
  const { kind, does, key, card, part } = (message ?? {}) as Record<string, unknown>;
  switch (kind) {
    case 'ready':
    case 'entered':
    case 'left':
    case 'back':
      return true;
    case 'act':
      return (
        typeof key === 'string' &&
        typeof card === 'number' &&
        (part === undefined || typeof part === 'string') &&
        (does === 'copy' || does === 'reveal' || does === 'open' || fileActions.some((each) => each === does))
      );
    case 'addFile':
      return typeof card === 'number';
    case 'hide':
      return typeof key === 'string';
    case 'tool':
      return typeof card === 'number' && (does === 'edit' || does === 'clone' || does === 'discardDraft');
    default:
      return isFromForm(message);
  }
}
