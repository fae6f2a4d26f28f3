/** The page sends these back with what the user does. */
export interface Numbered {
  /** Of the form, so that nothing is typed into another one. */
  readonly number: number;
  /** Higher each time the form is sent anew, so that it is known what the user had before their eyes. */
  readonly version: number;
}

/**
 * What the form of an item and the extension tell each other. As in messages.ts, the page gets no secret that the user has
 * neither typed into this page nor asked to see.
 */
export interface FormCard extends Numbered {
  readonly title: string;
  /** What becomes of changes that were not saved. Empty: there are none. */
  readonly badge: string;
  /** Said above the fields, as long as it lasts. */
  readonly banner: FormBanner | undefined;
  readonly sections: readonly FormSection[];
  /** At the end. */
  readonly flags: readonly FormControl[];
  readonly words: FormWords;
}

export interface FormBanner {
  readonly text: string;
  /** The button that leads on, if there is one. */
  readonly action: { readonly does: 'compare'; readonly label: string } | undefined;
}

export interface FormSection {
  readonly title: string | undefined;
  readonly controls: readonly FormControl[];
  readonly list: FormList | undefined;
}

/** Things of which there may be many, in an order. */
export interface FormList {
  readonly id: 'uris' | 'fields';
  readonly entries: readonly FormEntry[];
  readonly adds: readonly { readonly what: Added; readonly label: string }[];
}

export const addable = ['uri', 'text', 'hidden', 'boolean', 'linked'] as const;
export type Added = (typeof addable)[number];

export interface FormEntry {
  readonly id: string;
  /** "Website 2", "Custom field 1". */
  readonly label: string;
  readonly controls: readonly FormControl[];
}

/** Something to fill in. */
export interface FormControl {
  /** Names it in messages. */
  readonly key: string;
  readonly label: string;
  /** What is seen of the label, where that says no more than is needed among others. */
  readonly short: string | undefined;
  readonly kind: 'line' | 'lines' | 'choice' | 'check';
  /** It is masked, and its text comes alone, once it is revealed. */
  readonly isSecret: boolean;
  /** In clear; of a box that is ticked `true`. Empty for a secret. */
  readonly text: string;
  /** Of a secret: there is a value. */
  readonly isThere: boolean;
  /** Of a choice. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Why it cannot be changed; empty where that is plain. */
  readonly fixed: string | undefined;
  /** What follows from a change, or how it is filled in. */
  readonly hint: string | undefined;
  readonly problem: string | undefined;
  readonly isRequired: boolean;
  readonly canGenerate: boolean;
  /** Two of these stand side by side. */
  readonly isHalf: boolean;
}

export interface FormWords {
  readonly save: string;
  readonly saveKeys: string;
  readonly discard: string;
  readonly reveal: string;
  readonly hide: string;
  readonly generate: string;
  readonly clear: string;
  readonly remove: string;
  readonly moveUp: string;
  readonly moveDown: string;
  /** What stands in the place of a secret that is there, and what a screen reader says of it. */
  readonly dots: string;
  readonly masked: string;
  readonly saving: string;
  readonly hidesIn: string;
}

/** What changes about a control while the form stays as it is. */
export type ControlNews = Pick<FormControl, 'key' | 'isThere' | 'hint' | 'problem'> & {
  /** Undefined: as the user has it. */
  readonly text: string | undefined;
};

/** A field that was changed both here and elsewhere. */
export interface ComparedField {
  readonly key: string;
  readonly label: string;
  readonly isSecret: boolean;
  /** Of a secret what is seen before it is revealed; empty: dots. */
  readonly theirs: string;
  readonly mine: string;
  readonly choices: readonly Taken[];
}

export const taken = ['theirs', 'mine', 'both'] as const;
export type Taken = (typeof taken)[number];

export interface CompareCard extends Numbered {
  readonly title: string;
  readonly explanation: string;
  readonly fields: readonly ComparedField[];
  readonly words: Readonly<Record<Taken | 'use' | 'back' | 'reveal' | 'hide' | 'masked' | 'none', string>>;
}

export type ToForm =
  /** `focus`: the key of the control, or the id of the entry or the list, that the user goes on with. */
  | { readonly kind: 'form'; readonly form: FormCard; readonly focus: string | undefined }
  | { readonly kind: 'news'; readonly controls: readonly ControlNews[]; readonly badge: string }
  /** `focus`: the user goes on with its button. */
  | { readonly kind: 'banner'; readonly banner: FormBanner | undefined; readonly focus: boolean }
  | { readonly kind: 'focus'; readonly key: string }
  | { readonly kind: 'shown'; readonly key: string; readonly text: string; readonly seconds: number }
  /** `keeps`: the user has typed it, so it stays in its box, masked. */
  | { readonly kind: 'masked'; readonly key: string; readonly keeps: boolean }
  | { readonly kind: 'saving'; readonly isOn: boolean }
  | { readonly kind: 'compare'; readonly compare: CompareCard };

type Acts =
  /** `isDone`: the user has left the field. */
  | { readonly kind: 'change'; readonly key: string; readonly text: string; readonly isDone: boolean }
  /** A secret that was typed over is to be as it was. */
  | { readonly kind: 'restore'; readonly key: string }
  | { readonly kind: 'add'; readonly what: Added }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'move'; readonly id: string; readonly by: 1 | -1 }
  | { readonly kind: 'show' | 'mask' | 'generate'; readonly key: string }
  /** Part of a secret that is shown, or of the notes. */
  | { readonly kind: 'copyPart'; readonly key: string; readonly text: string }
  | { readonly kind: 'save' | 'discard' | 'compare' | 'leave' }
  | { readonly kind: 'take'; readonly choices: Readonly<Record<string, Taken>> };

export type FromForm = Acts & { readonly form: number; readonly version: number };

const KEY = /^[\w.:-]{1,200}$/;

/** @param message whatever the page has sent. A text of any length: what is too long is said when it is saved. */
export function isFromForm(message: unknown): message is FromForm {
  const { kind, form, version, key, text, id, by, what, isDone, choices } = (message ?? {}) as Record<string, unknown>;
  if (typeof form !== 'number' || typeof version !== 'number') return false;
  const isKey = (value: unknown) => typeof value === 'string' && KEY.test(value);
  const isText = typeof text === 'string';
  switch (kind) {
    case 'change':
      return isKey(key) && isText && typeof isDone === 'boolean';
    case 'restore':
    case 'show':
    case 'mask':
    case 'generate':
      return isKey(key);
    case 'copyPart':
      return isKey(key) && isText;
    case 'add':
      return addable.includes(what as Added);
    case 'remove':
      return isKey(id);
    case 'move':
      return isKey(id) && (by === 1 || by === -1);
    case 'save':
    case 'discard':
    case 'compare':
    case 'leave':
      return true;
    case 'take':
      return (
        typeof choices === 'object' &&
        choices !== null &&
        Object.entries(choices).every(([name, value]) => isKey(name) && taken.includes(value as Taken))
      );
    default:
      return false;
  }
}
