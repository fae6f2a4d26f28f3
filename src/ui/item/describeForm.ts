import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import { uriMatches } from '../../vault/fields';
import type { Listed } from '../../vault/items';
import { fieldWord } from '../itemWords';
import { fieldNote, MASK } from '../labels';
import { brandOptions } from './cardBrands';
import { matchWords } from './describeItem';
import { typeFields } from './formBase';
import type {
  Added,
  ControlNews,
  FormCard,
  FormControl,
  FormEntry,
  FormSection,
  FormWords,
  Numbered,
} from './formMessages';
import type { FormState } from './formState';

/** Where a new item is to be. Empty: the user's own. */
export interface FormPlace {
  readonly organizationId: string;
  readonly collectionIds: readonly string[];
}

/** What a form shows beside what was changed in it. */
export interface FormLook {
  readonly type: KnownItemType;
  readonly title: string;
  readonly badge: string;
  readonly banner: FormCard['banner'];
  readonly problems: ReadonlyMap<string, string>;
  /** Undefined: the item is there already, and stays where it is. */
  readonly place: FormPlace | undefined;
  /** Whose the item is; of a new one, whose it may be. */
  readonly owners: readonly { readonly value: string; readonly label: string }[];
  /** Those that a new item may be put into. */
  readonly collections: Listed['collections'];
  readonly folders: Listed['folders'];
}

const plain = {
  short: undefined,
  isSecret: false,
  options: [],
  fixed: undefined,
  hint: undefined,
  isRequired: false,
  canGenerate: false,
  isHalf: false,
} as const;

/** The form as its page shows it, without any secret. */
export function describeForm(state: FormState, look: FormLook): Omit<FormCard, keyof Numbered> {
  const { title, badge, banner } = look;
  return {
    title,
    badge,
    banner,
    sections: [
      section(undefined, [...placeControls(state, look), ...contentControls(state, look)]),
      ...(look.type === 'login' ? [uriSection(state, look)] : []),
      fieldSection(state, look),
      section(undefined, [notesControl(state, look)]),
    ],
    flags: [
      control(state, look, { key: 'favorite', label: vscode.l10n.t('Favorite'), kind: 'check' }),
      control(state, look, {
        key: 'reprompt',
        label: vscode.l10n.t('Ask for the master password again'),
        kind: 'check',
      }),
    ],
    words: words(),
  };
}

/** What is different about the controls that are there, after the user has changed something. */
export function newsOf({ sections, flags }: Pick<FormCard, 'sections' | 'flags'>): ControlNews[] {
  return controlsIn({ sections, flags }).map(({ key, text, isThere, hint, problem }) => ({
    key,
    text,
    isThere,
    hint,
    problem,
  }));
}

/** In the order of the form. */
export function controlsIn({ sections, flags }: Pick<FormCard, 'sections' | 'flags'>): readonly FormControl[] {
  return [...sections.flatMap(controlsOf), ...flags];
}

function controlsOf({ controls, list }: FormSection): readonly FormControl[] {
  return [...controls, ...(list?.entries ?? []).flatMap((entry) => entry.controls)];
}

function section(title: string | undefined, controls: readonly FormControl[]): FormSection {
  return { title, controls, list: undefined };
}

/** @param made the key, the label and what is special about it. */
function control(
  state: FormState,
  { problems }: Pick<FormLook, 'problems'>,
  made: Pick<FormControl, 'key' | 'label' | 'kind'> & Partial<FormControl>,
): FormControl {
  const { key } = made;
  const field = state.before(key)?.field;
  const isFixed = field?.state === 'withheld' || field?.state === 'unreadable';
  const text = state.text(key);
  // What is chosen cannot be covered by dots.
  const isChosen = made.kind === 'check' || made.kind === 'choice';
  const isSecret = !isChosen && (made.isSecret === true || text === undefined);
  return {
    ...plain,
    fixed: isFixed
      ? fieldNote(field)
      : isChosen && text === undefined
        ? vscode.l10n.t('asks for the master password')
        : undefined,
    text: isSecret ? '' : (text ?? ''),
    isThere: state.isThere(key),
    problem: problems.get(key),
    ...made,
    isSecret,
  };
}

function placeControls(state: FormState, look: FormLook): FormControl[] {
  const { folders, owners, place, collections } = look;
  const noFolder = { value: '', label: vscode.l10n.t('No folder') };
  const chosen = collections.filter(({ organizationId }) => organizationId === place?.organizationId);
  return [
    control(state, look, { key: 'name', label: vscode.l10n.t('Name'), kind: 'line', isRequired: true }),
    control(state, look, {
      key: 'folder',
      label: vscode.l10n.t('Folder'),
      kind: 'choice',
      options: [noFolder, ...folders.map(({ id, name }) => ({ value: id, label: printable(name) }))],
      isHalf: true,
    }),
    {
      ...control(state, look, { key: 'owner', label: vscode.l10n.t('Owner'), kind: 'choice', isHalf: true }),
      isSecret: false,
      text: place?.organizationId ?? owners[0]?.value ?? '',
      options: owners,
      fixed: place === undefined ? '' : undefined,
    },
    ...chosen.map(({ id, name }, at) => ({
      ...control(state, look, {
        key: `collection.${id}`,
        label: vscode.l10n.t('Collection {0}', printable(name)),
        kind: 'check',
      }),
      isSecret: false,
      text: String(place?.collectionIds.includes(id) === true),
      problem: at === 0 ? look.problems.get('collections') : undefined,
    })),
  ];
}

function contentControls(state: FormState, look: FormLook): FormControl[] {
  return typeFields(look.type).map(({ name, open }) => {
    const key = `content.${name}`;
    const options = choices(name, look.type, state.text(key) ?? '');
    const isPassword = look.type === 'login' && name === 'password';
    const replaces = isPassword && state.before(key)?.field?.state === 'there' && state.typed(key) !== undefined;
    return control(state, look, {
      key,
      label: name === 'totp' ? vscode.l10n.t('Authenticator key') : fieldWord(name),
      kind: options !== undefined ? 'choice' : name === 'privateKey' ? 'lines' : 'line',
      isSecret: !open,
      options: options ?? [],
      canGenerate: isPassword,
      isHalf: options !== undefined && name !== 'brand',
      hint: replaces ? vscode.l10n.t('The old one goes into the history.') : undefined,
    });
  });
}

/** What a value is chosen from. One that is not among them is offered, too. Undefined: it is typed. */
function choices(name: string, type: KnownItemType, value: string): FormControl['options'] | undefined {
  if (type !== 'card') return undefined;
  const options = cardOptions[name]?.();
  if (options === undefined) return undefined;
  const isOther = value !== '' && !options.some((each) => each.value === value);
  const none = { value: '', label: vscode.l10n.t('Not set') };
  return [none, ...options, ...(isOther ? [{ value, label: printable(value) }] : [])];
}

const YEARS_BACK = 1;
const YEARS = 21;

const cardOptions: Readonly<Partial<Record<string, () => FormControl['options']>>> = {
  brand: brandOptions,
  expMonth: () => {
    const format = new Intl.DateTimeFormat(vscode.env.language, { month: 'long', timeZone: 'UTC' });
    return Array.from({ length: 12 }, (_, month) => ({
      value: `${month + 1}`,
      label: `${`${month + 1}`.padStart(2, '0')} · ${format.format(Date.UTC(2000, month, 15))}`,
    }));
  },
  expYear: () => {
    const first = new Date().getFullYear() - YEARS_BACK;
    return Array.from({ length: YEARS }, (_, at) => ({ value: `${first + at}`, label: `${first + at}` }));
  },
};

function notesControl(state: FormState, look: FormLook): FormControl {
  return control(state, look, { key: 'notes', label: vscode.l10n.t('Notes'), kind: 'lines' });
}

function uriSection(state: FormState, look: FormLook): FormSection {
  const matches = uriMatches.map((match) => ({ value: match, label: capital(matchWords[match]()) }));
  const entries = state.uris.map(({ id }, at): FormEntry => {
    const label = at === 0 ? vscode.l10n.t('Website') : vscode.l10n.t('Website {0}', at + 1);
    return {
      id,
      label,
      controls: [
        control(state, look, { key: `${id}.uri`, label, kind: 'line' }),
        control(state, look, {
          key: `${id}.match`,
          label: vscode.l10n.t('Match of {0}', label),
          short: vscode.l10n.t('Match'),
          kind: 'choice',
          options: [{ value: '', label: vscode.l10n.t('Default') }, ...matches],
        }),
      ],
    };
  });
  return {
    title: vscode.l10n.t('Websites'),
    controls: [],
    list: { id: 'uris', entries, adds: [{ what: 'uri', label: vscode.l10n.t('Add Website') }] },
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What custom fields of this type can be linked to. */
export function linkable(type: KnownItemType): string[] {
  const names = typeFields(type).flatMap(({ name, linkedId }) => (linkedId === undefined ? [] : [name]));
  return type === 'identity' ? [...names, 'fullName'] : names;
}

function fieldSection(state: FormState, look: FormLook): FormSection {
  const names = linkable(look.type);
  const adds: { what: Added; label: string }[] = [
    { what: 'text', label: vscode.l10n.t('Add Text Field') },
    { what: 'hidden', label: vscode.l10n.t('Add Hidden Field') },
    { what: 'boolean', label: vscode.l10n.t('Add Yes/No Field') },
  ];
  if (names.length > 0) adds.push({ what: 'linked', label: vscode.l10n.t('Add Linked Field') });
  return {
    title: vscode.l10n.t('Custom fields'),
    controls: [],
    list: { id: 'fields', entries: state.fields.map((row, at) => fieldEntry(state, look, row, at, names)), adds },
  };
}

function fieldEntry(
  state: FormState,
  look: FormLook,
  { id, type, from }: FormState['fields'][number],
  at: number,
  names: readonly string[],
): FormEntry {
  const label = vscode.l10n.t('Custom field {0}', at + 1);
  const before = state.base.fields.find((each) => each.from === from)?.field;
  const isBoolean = type === 'boolean' || before?.isBoolean === true;
  const isLinked = type === 'linked' || before?.state === 'linked';
  const nameUnknown =
    before !== undefined && before.customName === undefined && state.typed(`${id}.name`) === undefined;
  const name = control(state, look, {
    key: `${id}.name`,
    label: vscode.l10n.t('Name of custom field {0}', at + 1),
    short: vscode.l10n.t('Name'),
    kind: 'line',
    ...(nameUnknown ? { fixed: vscode.l10n.t('cannot be opened') } : {}),
  });
  const valueLabel = vscode.l10n.t('Value of custom field {0}', at + 1);
  const short = vscode.l10n.t('Value');
  const options = names.map((each) => ({ value: each, label: fieldWord(each) }));
  const value = isLinked
    ? control(state, look, { key: `${id}.linkedTo`, label: valueLabel, short, kind: 'choice', options })
    : control(state, look, {
        key: `${id}.value`,
        label: valueLabel,
        short: isBoolean ? vscode.l10n.t('Yes') : short,
        kind: isBoolean ? 'check' : 'line',
        isSecret: !isBoolean && (type === 'hidden' || (type === undefined && before?.masked === true)),
      });
  return { id, label, controls: [name, value] };
}

function words(): FormWords {
  return {
    save: vscode.l10n.t('Save'),
    saveKeys: process.platform === 'darwin' ? '⌘S' : 'Ctrl+S',
    discard: vscode.l10n.t('Discard'),
    reveal: vscode.l10n.t('Reveal'),
    hide: vscode.l10n.t('Hide'),
    generate: vscode.l10n.t('Generate'),
    clear: vscode.l10n.t('Clear'),
    remove: vscode.l10n.t('Remove'),
    moveUp: vscode.l10n.t('Move Up'),
    moveDown: vscode.l10n.t('Move Down'),
    dots: MASK,
    masked: vscode.l10n.t('hidden; what you type replaces it'),
    saving: vscode.l10n.t('Saving…'),
    hidesIn: vscode.l10n.t('hides in {0} s', '{0}'),
  };
}
