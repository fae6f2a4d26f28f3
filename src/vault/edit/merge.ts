import { isDeepStrictEqual } from 'node:util';
import { attempt } from '../../base/thrown';
import { HiddenByOrganizationError, RepromptRequiredError } from '../errors';
import type { Keyring } from '../keyring';
import { MasterPasswordProof } from '../masterPasswordProof';
import type { CustomFieldEdit, ItemEdit, ItemPart, UriEdit } from './itemEdit';
import { type CustomFieldValue, ItemValues, type UriValue } from './itemValues';
import type { ReceivedItem } from './receivedItem';

/** `both` is for notes: one text behind the other. */
export type Choice = 'theirs' | 'mine' | 'both';

/** Three versions of one item. */
export interface Versions {
  /** As it was when the edit began; undefined: nobody knows any more. */
  readonly base: ReceivedItem | undefined;
  /** As it is now. */
  readonly theirs: ReceivedItem;
  /** What was changed in `base`. */
  readonly mine: ItemEdit;
}

type Scalar = string | boolean | null;
export type PartValue = Scalar | readonly UriValue[] | readonly CustomFieldValue[];

/** A text for use as a key of a map: the same part gives the same text. */
export function partKey(part: ItemPart): string {
  return part.kind === 'content' ? `content.${part.name}` : part.kind;
}

/**
 * Brings an edit to an item that has changed since it began. Values are compared in the clear, since official clients encrypt
 * all of them anew with each save; those that nobody has edited are not decrypted.
 */
export class Merge {
  /** What was changed on both sides, to something else. */
  readonly conflicts: readonly ItemPart[];
  readonly #theirs: ItemValues;
  readonly #base: ItemValues | undefined;
  readonly #mine: ItemEdit;
  /** By partKey: what is in the edit, and as it was in `base`. */
  readonly #left = new Set<string>();
  /** The addresses and fields of `theirs` with what was changed on both sides; undefined where that is a conflict. */
  readonly #uris: readonly UriEdit[] | undefined;
  readonly #fields: readonly CustomFieldEdit[] | undefined;

  /** @throws LockedError; the errors of decryption. */
  constructor(
    private readonly versions: Versions,
    private readonly keyring: Keyring,
  ) {
    const { base, theirs, mine } = versions;
    keyring.assertOpen();
    this.#mine = mine;
    this.#theirs = new ItemValues(theirs.cipher, keyring);
    this.#base = base && new ItemValues(base.cipher, keyring);
    const conflicts: ItemPart[] = [];
    for (const part of scalarParts(mine)) {
      const [wanted, now, before] = [this.#wanted(part), this.#now(part), this.#before(part)];
      if (wanted === before) this.#left.add(partKey(part));
      else if (wanted !== now && now !== before) conflicts.push(part);
    }
    if (mine.uris !== undefined) {
      this.#uris = this.#mergedUris(mine.uris);
      if (this.#uris === undefined) conflicts.push({ kind: 'uris' });
    }
    if (mine.fields !== undefined) {
      this.#fields = this.#mergedFields(mine.fields);
      if (this.#fields === undefined) conflicts.push({ kind: 'fields' });
    }
    this.conflicts = conflicts;
  }

  /**
   * The edit of `theirs` that comes of the edit of `base`.
   *
   * @param choices by partKey, of the conflicts; without one, mine.
   */
  edit(choices: ReadonlyMap<string, Choice> = new Map()): ItemEdit {
    const choiceOf = (part: ItemPart) => choices.get(partKey(part)) ?? 'mine';
    const takesTheirs = new Set(
      this.conflicts.filter((part) => choiceOf(part) === 'theirs').map((part) => partKey(part)),
    );
    const { content, uris, fields, ...rest } = this.#mine;
    const keeps = (part: ItemPart) => !takesTheirs.has(partKey(part)) && !this.#left.has(partKey(part));
    const { name, notes, folderId, favorite, reprompt } = rest;
    const isBoth = this.conflicts.some(({ kind }) => kind === 'notes') && choiceOf({ kind: 'notes' }) === 'both';
    return {
      ...(name !== undefined && keeps({ kind: 'name' }) ? { name } : {}),
      ...(notes !== undefined && keeps({ kind: 'notes' })
        ? { notes: isBoth ? `${this.#theirs.notes}\n\n${notes}` : notes }
        : {}),
      ...(folderId !== undefined && keeps({ kind: 'folder' }) ? { folderId } : {}),
      ...(favorite !== undefined && keeps({ kind: 'favorite' }) ? { favorite } : {}),
      ...(reprompt !== undefined && keeps({ kind: 'reprompt' }) ? { reprompt } : {}),
      ...(content === undefined
        ? {}
        : {
            content: Object.fromEntries(
              Object.entries(content).filter(([value]) => keeps({ kind: 'content', name: value })),
            ),
          }),
      ...(uris !== undefined && keeps({ kind: 'uris' }) ? { uris: this.#uris ?? this.#ownUris(uris) } : {}),
      ...(fields !== undefined && keeps({ kind: 'fields' }) ? { fields: this.#fields ?? this.#ownFields(fields) } : {}),
    };
  }

  /**
   * A value for a person to choose by.
   *
   * @returns undefined where it is not known: `base` may be encrypted with a key of before.
   * @throws RepromptRequiredError unless a proof is given, for items that ask for it; HiddenByOrganizationError for what the
   * organisation hides; LockedError; the errors of decryption.
   */
  value(part: ItemPart, side: 'base' | 'theirs' | 'mine', proof?: MasterPasswordProof): PartValue | undefined {
    const { theirs } = this.versions;
    const asks = [theirs, this.versions.base].some((version) => version?.cipher.reprompt === true);
    if (asks && !MasterPasswordProof.isFor(this.keyring, proof)) throw new RepromptRequiredError('reprompt');
    const hides = part.kind === 'fields' || (part.kind === 'content' && theirs.cipher.login !== undefined);
    if (hides && !theirs.cipher.viewPassword) throw new HiddenByOrganizationError('hidden by the organisation');
    const { uris, fields } = this.#mine;
    switch (side) {
      case 'base':
        return this.#before(part);
      case 'theirs':
        return this.#now(part);
      case 'mine':
        if (part.kind === 'uris')
          return this.#wantedUris(
            uris ?? [],
            attempt(() => this.#base?.uris),
          );
        if (part.kind === 'fields')
          return this.#wantedFields(
            fields ?? [],
            attempt(() => this.#base?.fields),
          );
        return this.#wanted(part);
    }
  }

  #wanted(part: ItemPart): Scalar | undefined {
    const { name, notes, folderId, favorite, reprompt, content } = this.#mine;
    switch (part.kind) {
      case 'name':
        return name;
      case 'notes':
        return notes;
      case 'folder':
        return folderId;
      case 'favorite':
        return favorite;
      case 'reprompt':
        return reprompt;
      case 'content':
        return content?.[part.name];
      case 'uris':
      case 'fields':
        return undefined;
    }
  }

  #now(part: ItemPart): PartValue {
    return valueIn(this.versions.theirs, this.#theirs, part);
  }

  /** Undefined where that is not known, which equals nothing. */
  #before(part: ItemPart): PartValue | undefined {
    const [item, values] = [this.versions.base, this.#base];
    return item && values && attempt(() => valueIn(item, values, part));
  }

  #mergedUris(mine: readonly UriEdit[]): readonly UriEdit[] | undefined {
    const base = attempt(() => this.#base?.uris);
    const theirs = this.#theirs.uris;
    const own = this.#wantedUris(mine, base);
    return merged({
      ...{ base, theirs, mine, own },
      key: ({ uri }: UriValue) => uri,
      isChanged: ({ uri, match }: UriEdit, before: UriValue) =>
        (uri !== undefined && uri !== before.uri) || (match !== undefined && match !== before.match),
    });
  }

  #mergedFields(mine: readonly CustomFieldEdit[]): readonly CustomFieldEdit[] | undefined {
    const base = attempt(() => this.#base?.fields);
    const theirs = this.#theirs.fields;
    const own = this.#wantedFields(mine, base);
    return merged({
      ...{ base, theirs, mine, own },
      key: ({ name }: CustomFieldValue) => name,
      isChanged: ({ type, name, value, linkedTo }: CustomFieldEdit, before: CustomFieldValue) =>
        (type !== undefined && type !== before.type) ||
        (name !== undefined && name !== before.name) ||
        (value !== undefined && value !== before.value) ||
        (linkedTo !== undefined && linkedTo !== before.linkedTo),
    });
  }

  /** The addresses as sealEdit makes them. */
  #wantedUris(mine: readonly UriEdit[], base: readonly UriValue[] | undefined): readonly UriValue[] {
    return mine.flatMap(({ from, ...to }) => {
      const before = from === undefined ? undefined : base?.[from];
      const wanted = over(before, to, NO_URI);
      return wanted.uri === '' && !isDeepStrictEqual(before, wanted) ? [] : [wanted];
    });
  }

  /** The fields as sealEdit makes them. */
  #wantedFields(
    mine: readonly CustomFieldEdit[],
    base: readonly CustomFieldValue[] | undefined,
  ): readonly CustomFieldValue[] {
    return mine.map(({ from, ...to }) => {
      const before = from === undefined ? undefined : base?.[from];
      const wanted = over(before, to, NO_FIELD);
      if (wanted.type === 'linked') return { ...wanted, value: '' };
      const isAsked = wanted.type !== 'boolean' || wanted.value === 'true' || isDeepStrictEqual(before, wanted);
      return { ...wanted, value: isAsked ? wanted.value : 'false', linkedTo: undefined };
    });
  }

  /** My list in the place of theirs: each entry that both have keeps what we do not know of it. */
  #ownUris(mine: readonly UriEdit[]): readonly UriEdit[] {
    const base = attempt(() => this.#base?.uris);
    if (base === undefined) return placedIn(this.#theirs.uris, mine);
    const places = placesOf(base, this.#theirs.uris, ({ uri }) => uri);
    return mine.map(({ from, ...to }): UriEdit => {
      const before = from === undefined ? undefined : base[from];
      const place = from === undefined ? undefined : places[from];
      return { ...(place === undefined ? {} : { from: place }), ...wholeUri(before, to) };
    });
  }

  #ownFields(mine: readonly CustomFieldEdit[]): readonly CustomFieldEdit[] {
    const base = attempt(() => this.#base?.fields);
    if (base === undefined) return placedIn(this.#theirs.fields, mine);
    const places = placesOf(base, this.#theirs.fields, ({ name }) => name);
    return mine.map(({ from, ...to }): CustomFieldEdit => {
      const before = from === undefined ? undefined : base[from];
      const place = from === undefined ? undefined : places[from];
      return { ...(place === undefined ? {} : { from: place }), ...wholeField(before, to) };
    });
  }
}

const NO_URI: UriValue = { uri: '', match: null };
const NO_FIELD: CustomFieldValue = { type: 'text', name: '', value: '', linkedTo: undefined };

/** All that we know of an address after its change. @param before undefined: it is new. */
export function wholeUri(before: UriValue | undefined, to: Omit<UriEdit, 'from'>): UriEdit {
  const { uri, match } = over(before, to, NO_URI);
  return { uri, ...(typeof match === 'number' ? {} : { match }) };
}

/** All that we know of a custom field after its change. @param before undefined: it is new. */
export function wholeField(before: CustomFieldValue | undefined, to: Omit<CustomFieldEdit, 'from'>): CustomFieldEdit {
  const { type, name, value, linkedTo } = over(before, to, NO_FIELD);
  return {
    ...(typeof type === 'number' ? {} : { type }),
    ...{ name, value },
    ...(typeof linkedTo === 'string' ? { linkedTo } : {}),
  };
}

/** The parts of an edit that are one value each. */
function scalarParts({ name, notes, folderId, favorite, reprompt, content }: ItemEdit): ItemPart[] {
  return [
    ...(name === undefined ? [] : [{ kind: 'name' } as const]),
    ...(notes === undefined ? [] : [{ kind: 'notes' } as const]),
    ...(folderId === undefined ? [] : [{ kind: 'folder' } as const]),
    ...(favorite === undefined ? [] : [{ kind: 'favorite' } as const]),
    ...(reprompt === undefined ? [] : [{ kind: 'reprompt' } as const]),
    ...Object.keys(content ?? {}).map((value) => ({ kind: 'content', name: value }) as const),
  ];
}

function valueIn({ cipher }: ReceivedItem, values: ItemValues, part: ItemPart): PartValue {
  switch (part.kind) {
    case 'name':
      return values.name;
    case 'notes':
      return values.notes;
    case 'folder':
      return cipher.folderId ?? null;
    case 'favorite':
      return cipher.favorite;
    case 'reprompt':
      return cipher.reprompt;
    case 'content':
      return values.content(part.name);
    case 'uris':
      return values.uris;
    case 'fields':
      return values.fields;
  }
}

/** An entry with what was changed of it. */
function over<V extends object>(before: V | undefined, to: Partial<V>, blank: V): V {
  const changed = Object.entries(to).filter(([, value]) => value !== undefined);
  return { ...(before ?? blank), ...Object.fromEntries(changed) };
}

/**
 * For each entry of one list its place in the other: entries are the same by their key, the second of a key that of the
 * second, and so on. Undefined: it is not there.
 */
function placesOf<V>(from: readonly V[], to: readonly V[], key: (value: V) => string): readonly (number | undefined)[] {
  const byKey = new Map<string, number[]>();
  for (const [at, value] of to.entries()) byKey.set(key(value), [...(byKey.get(key(value)) ?? []), at]);
  return from.map((value) => byKey.get(key(value))?.shift());
}

/** Where nobody knows which entries were meant: those that are now in their places. */
function placedIn<E extends { readonly from?: number }>(theirs: readonly unknown[], mine: readonly E[]): readonly E[] {
  return mine.map((edit) => {
    const { from, ...entry } = edit;
    return from === undefined || from < theirs.length ? edit : (entry as E);
  });
}

/** Both changes of a list in one. Undefined where they do not go together. */
function merged<V extends object, E extends { readonly from?: number }>(list: {
  readonly base: readonly V[] | undefined;
  readonly theirs: readonly V[];
  readonly mine: readonly E[];
  /** The entries as I want them. */
  readonly own: readonly V[];
  readonly key: (value: V) => string;
  readonly isChanged: (edit: E, before: V) => boolean;
}): readonly E[] | undefined {
  const { base, theirs, mine, own, key, isChanged } = list;
  if (base === undefined) return undefined;
  // Nobody has changed anything here, or both have made the same of it.
  if (isDeepStrictEqual(own, base) || isDeepStrictEqual(own, theirs)) return theirs.map((_, from) => ({ from }) as E);
  if (isDeepStrictEqual(base, theirs)) return mine;
  const places = placesOf(base, theirs, key);
  const isSame = (at: number, place: number) => isDeepStrictEqual(base[at], theirs[place]);
  const kept: E[] = [];
  const used = new Set<number>();
  for (const edit of mine) {
    const { from } = edit;
    const before = from === undefined ? undefined : base[from];
    if (from === undefined || before === undefined) {
      kept.push(edit);
      continue;
    }
    const place = places[from];
    const changed = isChanged(edit, before);
    // What they have removed stays removed, unless it was changed here.
    if (place === undefined && changed) return undefined;
    if (place === undefined) continue;
    if (changed && !isSame(from, place)) return undefined;
    used.add(place);
    kept.push(changed ? { ...edit, from: place } : ({ from: place } as E));
  }
  const mineHas = new Set(mine.map(({ from }) => from));
  for (const [at, place] of places.entries()) {
    if (mineHas.has(at) || place === undefined) continue;
    if (!isSame(at, place)) return undefined;
    used.add(place);
  }
  const added = theirs.flatMap((_, from) => (used.has(from) ? [] : [{ from } as E]));
  return [...kept, ...added];
}
