import type { CustomFieldEdit, CustomFieldType, ItemEdit, UriEdit } from '../../vault/edit/itemEdit';
import { type Field, type UriMatch, uriMatches } from '../../vault/fields';
import type { Added } from './formMessages';

/** A value of the item as it is, as far as the form knows it. */
export interface FormValue {
  /** Undefined: there is none. */
  readonly field: Field | undefined;
  /** Undefined: it is a secret, or cannot be read. */
  readonly text: string | undefined;
}

/** What a form begins with: an item, or what a new one has before anything is typed. */
export interface FormBase {
  readonly name: string;
  readonly notes: FormValue;
  readonly folderId: string | null;
  readonly favorite: boolean;
  readonly reprompt: boolean;
  readonly content: ReadonlyMap<string, FormValue>;
  readonly uris: readonly (FormValue & { readonly from: number })[];
  readonly fields: readonly (FormValue & { readonly from: number })[];
}

/** An address in the form. Its id stays, wherever it is moved. */
export interface UriRow extends UriEdit {
  readonly id: string;
}

export interface FieldRow extends CustomFieldEdit {
  readonly id: string;
}

/**
 * What was changed in a form. It knows nothing of a page, nor of secrets that are as they were.
 *
 * Keys are `name`, `notes`, `folder`, `favorite`, `reprompt`, `content.<name>`, and of what is listed its id, a dot and the
 * name of the value: `uri1.match`, `field2.value`.
 */
export class FormState {
  #own: Omit<ItemEdit, 'content' | 'uris' | 'fields'>;
  readonly #content: Map<string, string>;
  #uris: readonly UriRow[];
  #fields: readonly FieldRow[];
  #lastId: number;

  /** @param former what an edit of the same item stood in before: entries that are in both keep their ids. */
  constructor(
    readonly base: FormBase,
    { content, uris, fields, ...own }: ItemEdit = {},
    former?: FormState,
  ) {
    this.#own = own;
    this.#content = new Map(Object.entries(content ?? {}));
    this.#lastId = former ? former.#lastId : 0;
    const fromAll = (values: FormBase['uris' | 'fields']) => values.map(({ from }) => ({ from }));
    this.#uris = this.#rows('uri', uris ?? fromAll(base.uris), (row) => uriOf(row, base), former ? former.#uriIds : []);
    this.#fields = this.#rows(
      'field',
      fields ?? fromAll(base.fields),
      (row) => nameOf(row, base),
      former ? former.#fieldIds : [],
    );
  }

  /** Entries are the same by their text, as in a merge: their places may be those of others by now. */
  #rows<T extends object>(
    of: 'uri' | 'field',
    rows: readonly T[],
    textOf: (row: T) => string | undefined,
    former: readonly Named[],
  ): (T & { readonly id: string })[] {
    const left = [...former];
    return rows.map((row) => {
      const at = left.findIndex(({ text }) => text === textOf(row));
      const [kept] = at === -1 ? [] : left.splice(at, 1);
      return { ...row, id: kept?.id ?? this.#newId(of) };
    });
  }

  get #uriIds(): readonly Named[] {
    return this.#uris.map((row) => ({ id: row.id, text: uriOf(row, this.base) }));
  }

  get #fieldIds(): readonly Named[] {
    return this.#fields.map((row) => ({ id: row.id, text: nameOf(row, this.base) }));
  }

  get uris(): readonly UriRow[] {
    return this.#uris;
  }

  get fields(): readonly FieldRow[] {
    return this.#fields;
  }

  /** The changes, and nothing else: what was changed back is none. */
  get edit(): ItemEdit {
    const uris = this.#uris.map((row) => without(row, 'id'));
    const fields = this.#fields.map((row) => without(row, 'id'));
    return {
      ...this.#own,
      ...(this.#content.size === 0 ? {} : { content: Object.fromEntries(this.#content) }),
      ...(isAsIs(uris, this.base.uris) ? {} : { uris }),
      ...(isAsIs(fields, this.base.fields) ? {} : { fields }),
    };
  }

  get isChanged(): boolean {
    return Object.keys(this.edit).length > 0;
  }

  /** What the user has typed; undefined: it is as it was. */
  typed(key: string): string | undefined {
    switch (key) {
      case 'name':
      case 'notes':
        return this.#own[key];
      case 'folder':
        return this.#own.folderId === undefined ? undefined : (this.#own.folderId ?? '');
      case 'favorite':
      case 'reprompt':
        return this.#own[key]?.toString();
    }
    const [of = '', name = ''] = partsOf(key);
    if (of === 'content') return this.#content.get(name);
    const uri = this.#uris.find(({ id }) => id === of);
    if (uri !== undefined) return name === 'match' ? asText(uri.match) : name === 'uri' ? uri.uri : undefined;
    const field = this.#fields.find(({ id }) => id === of);
    return name === 'name' || name === 'value' || name === 'linkedTo' ? field?.[name] : undefined;
  }

  /** The value as it was, of a control. */
  before(key: string): FormValue | undefined {
    if (key === 'notes') return this.base.notes;
    const [of = '', name = ''] = partsOf(key);
    if (of === 'content') return this.base.content.get(name);
    const uri = name === 'uri' ? this.#uris.find(({ id }) => id === of) : undefined;
    if (uri !== undefined) return this.base.uris.find(({ from }) => from === uri.from);
    const field = name === 'value' ? this.#fields.find(({ id }) => id === of) : undefined;
    return field && this.base.fields.find(({ from }) => from === field.from);
  }

  /** The text of a control: what was typed, or what it was where that is known. */
  text(key: string): string | undefined {
    const typed = this.typed(key);
    if (typed !== undefined) return typed;
    switch (key) {
      case 'name':
        return this.base.name;
      case 'folder':
        return this.base.folderId ?? '';
      case 'favorite':
      case 'reprompt':
        return String(this.base[key]);
    }
    const [of = '', name = ''] = partsOf(key);
    if (name === 'match') {
      const row = this.#uris.find(({ id }) => id === of);
      return this.base.uris.find(({ from }) => from === row?.from)?.field?.match ?? '';
    }
    if (name === 'name' || name === 'linkedTo') {
      const row = this.#fields.find(({ id }) => id === of);
      const field = this.base.fields.find(({ from }) => from === row?.from)?.field;
      return (name === 'name' ? field?.customName : field?.linkedTo) ?? '';
    }
    const before = this.before(key);
    return before?.field === undefined || before.field.state === 'empty' ? '' : before.text;
  }

  /** Whether the control has a value, be it known or not. */
  isThere(key: string): boolean {
    const typed = this.typed(key);
    if (typed !== undefined) return typed !== '';
    const state = this.before(key)?.field?.state;
    return state === 'there' || state === 'withheld' || state === 'unreadable';
  }

  /** @returns whether there is such a control, and the text is one that it can have. */
  change(key: string, text: string): boolean {
    switch (key) {
      case 'name':
        this.#setOwn('name', text === this.base.name ? undefined : text);
        return true;
      case 'notes':
        this.#setOwn('notes', text === known(this.base.notes) ? undefined : text);
        return true;
      case 'folder': {
        const folderId = text === '' ? null : text;
        this.#setOwn('folderId', folderId === this.base.folderId ? undefined : folderId);
        return true;
      }
      case 'favorite':
      case 'reprompt': {
        const is = text === 'true';
        this.#setOwn(key, is === this.base[key] ? undefined : is);
        return true;
      }
    }
    const [of = '', name = ''] = partsOf(key);
    if (of === 'content') return this.#changeContent(name, text);
    if (this.#uris.some(({ id }) => id === of)) return this.#changeUri(of, name, text);
    return this.#fields.some(({ id }) => id === of) && this.#changeField(of, name, text);
  }

  /** What was typed into the control is forgotten. */
  restore(key: string): void {
    if (key === 'notes') this.#setOwn('notes', undefined);
    const [of = '', name = ''] = partsOf(key);
    if (of === 'content') this.#content.delete(name);
    this.#uris = this.#uris.map((row) => (row.id === of && name === 'uri' ? without(row, 'uri') : row));
    this.#fields = this.#fields.map((row) => (row.id === of && name === 'value' ? without(row, 'value') : row));
  }

  /** @returns the id of what is new. */
  add(what: Added, linkedTo = ''): string {
    if (what === 'uri') {
      const id = this.#newId('uri');
      this.#uris = [...this.#uris, { id, uri: '', match: null }];
      return id;
    }
    const id = this.#newId('field');
    const type: CustomFieldType = what;
    const value = type === 'linked' ? { linkedTo } : { value: type === 'boolean' ? 'false' : '' };
    this.#fields = [...this.#fields, { id, type, name: '', ...value }];
    return id;
  }

  remove(id: string): void {
    this.#uris = this.#uris.filter((row) => row.id !== id);
    this.#fields = this.#fields.filter((row) => row.id !== id);
  }

  move(id: string, by: 1 | -1): void {
    this.#uris = moved(this.#uris, id, by);
    this.#fields = moved(this.#fields, id, by);
  }

  #setOwn<Name extends 'name' | 'notes' | 'folderId' | 'favorite' | 'reprompt'>(
    name: Name,
    value: ItemEdit[Name] | undefined,
  ): void {
    const kept = without(this.#own, name);
    this.#own = value === undefined ? kept : { ...kept, [name]: value };
  }

  #changeContent(name: string, text: string): boolean {
    const before = this.base.content.get(name);
    if (before === undefined) return false;
    if (text === known(before)) this.#content.delete(name);
    else this.#content.set(name, text);
    return true;
  }

  #changeUri(id: string, name: string, text: string): boolean {
    const before = (row: UriRow) => this.base.uris.find(({ from }) => from === row.from);
    const change = (row: UriRow): UriRow => {
      if (name === 'uri') {
        return text === known(before(row)) ? without(row, 'uri') : { ...row, uri: text };
      }
      const match = uriMatches.find((each) => each === text) ?? null;
      const was = before(row);
      return was !== undefined && match === (was.field?.match ?? null) ? without(row, 'match') : { ...row, match };
    };
    if (name !== 'uri' && name !== 'match') return false;
    this.#uris = this.#uris.map((row) => (row.id === id ? change(row) : row));
    return true;
  }

  #changeField(id: string, name: string, text: string): boolean {
    if (name !== 'name' && name !== 'value' && name !== 'linkedTo') return false;
    const change = (row: FieldRow): FieldRow => {
      const before = this.base.fields.find(({ from }) => from === row.from);
      const was =
        name === 'value' ? known(before) : name === 'name' ? before?.field?.customName : before?.field?.linkedTo;
      return before !== undefined && text === was ? without(row, name) : { ...row, [name]: text };
    };
    this.#fields = this.#fields.map((row) => (row.id === id ? change(row) : row));
    return true;
  }

  #newId(of: 'uri' | 'field'): string {
    this.#lastId++;
    return `${of}${this.#lastId}`;
  }
}

/** An entry, and what tells it from others. */
interface Named {
  readonly id: string;
  readonly text: string | undefined;
}

function uriOf({ from, uri }: UriEdit, base: FormBase): string | undefined {
  return uri ?? base.uris.find((each) => each.from === from)?.text;
}

function nameOf({ from, name }: CustomFieldEdit, base: FormBase): string | undefined {
  return name ?? base.fields.find((each) => each.from === from)?.field?.customName;
}

function partsOf(key: string): string[] {
  return key.split('.');
}

/** The text that a value is known to have; what is not there is an empty one. */
function known(value: FormValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  return value.field === undefined || value.field.state === 'empty' ? '' : value.text;
}

function asText(match: UriMatch | null | undefined): string | undefined {
  return match === undefined ? undefined : (match ?? '');
}

/** Whether a list is as it was: each in its place, and nothing typed. */
function isAsIs(rows: readonly { readonly from?: number }[], base: readonly { readonly from: number }[]): boolean {
  return (
    rows.length === base.length &&
    rows.every((row, at) => row.from === base[at]?.from && Object.keys(row).every((name) => name === 'from'))
  );
}

function moved<T extends { readonly id: string }>(rows: readonly T[], id: string, by: 1 | -1): readonly T[] {
  const at = rows.findIndex((row) => row.id === id);
  const [row, other] = [rows[at], rows[at + by]];
  if (row === undefined || other === undefined) return rows;
  return rows.map((each) => (each === row ? other : each === other ? row : each));
}

function without<T extends object, Name extends keyof T>(from: T, name: Name): Omit<T, Name> {
  return Object.fromEntries(Object.entries(from).filter(([each]) => each !== name)) as Omit<T, Name>;
}
