import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Clock, Disposable } from '../../base/ports';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemEdit, ItemPart } from '../../vault/edit/itemEdit';
import { type Merge, partKey } from '../../vault/edit/merge';
import { ConflictError, MissingValueError, TooLongError } from '../../vault/errors';
import type { Field } from '../../vault/fields';
import type { Clipboard } from '../clipboard/clipboard';
import type { ErrorReporter } from '../errors/errorReporter';
import { explainError } from '../errors/explainError';
import { isPresenting } from '../presentation';
import { SHOWN_FOR_MS } from '../prompts/showValue';
import { brandOf } from './cardBrands';
import { compareParts } from './compareParts';
import { clipped } from './describeItem';
import { controlsOf, describeForm, type FormLook, type FormPlace, keysOf, linkable, newsOf } from './describeForm';
import type { ControlNews, FormBanner, FormCard, FromForm, Taken } from './formMessages';
import { partOfKey, partWord } from './formParts';
import { keyOfLimited, problemOf } from './formProblems';
import type { FormBase, FormState } from './formState';
import type { ToPage } from './messages';

/** The item that a form is about, or the new one. */
export interface FormTarget {
  readonly session: Session;
  readonly type: KnownItemType;
  /** Undefined: it is new. */
  readonly itemId: string | undefined;
  /** Of a new one: where it is to be; undefined where that is settled. */
  readonly place: FormPlace | undefined;
  readonly title: string;
  /** Of a new one: whether there is a draft of it. */
  readonly isKept?: boolean;
  /** What is chosen from, by the vault of now. */
  look(): Pick<FormLook, 'owners' | 'collections' | 'folders'>;
  /** The item as it is now. Undefined: it is gone, or the vault is locked. */
  base(): FormBase | undefined;
  /** Brings the edit to the item as it is now. Undefined: that is as it was when the form began. */
  merge(edit: ItemEdit): Pick<Merge, 'conflicts' | 'edit'> | undefined;
  /** From now on the item as it is now counts as what the form began with. */
  accept(): void;
  /** The text of a secret. Undefined: the user did not give the master password. */
  read(field: Field): Promise<string | undefined>;
  /** Keeps what was changed, should the form not be saved. */
  keep(edit: ItemEdit, place: FormPlace | undefined): Promise<void>;
  discard(): Promise<void>;
  /** @returns the id of the item. */
  save(edit: ItemEdit, place: FormPlace | undefined): Promise<string>;
}

export interface FormParts {
  readonly clipboard: Pick<Clipboard, 'copySecret'>;
  readonly clock: Clock;
  readonly reporter: ErrorReporter;
  /** See passwordAsChosen. */
  readonly makePassword: (session: Session) => Promise<string>;
}

/** Makes a form for the page that it is to be in. */
export type MakeForm = (page: FormPage) => ItemForm;

/** The page that a form is in. */
export interface FormPage {
  send(message: ToPage): void;
  /** The form is done with. @param itemId what was saved; undefined: nothing. */
  close(itemId: string | undefined): void;
}

let lastNumber = 0;

/**
 * A form in a page. What is changed in it is held here, and what is unsaved is kept as a draft with every change. Its page
 * may come and go.
 */
export class ItemForm {
  readonly #number = ++lastNumber;
  #place: FormPlace | undefined;
  readonly #problems = new Map<string, string>();
  #sent: FormCard | undefined;
  /** What the page shows of each control. */
  readonly #told = new Map<string, ControlNews>();
  readonly #shown = new Map<string, Disposable>();
  #isKept: boolean;
  #isSaving = false;
  /** What was changed here and elsewhere. */
  #conflict: readonly ItemPart[] = [];
  #isComparing = false;
  #ended = false;

  constructor(
    readonly target: FormTarget,
    private readonly state: FormState,
    private readonly parts: FormParts,
    private readonly page: FormPage,
  ) {
    this.#place = target.place;
    this.#isKept = state.isChanged;
    this.follow();
  }

  /** Shows the form in a page that holds nothing. */
  show(focus?: string): void {
    this.hideAll();
    if (this.#isComparing) this.#compare();
    else this.#showForm(focus ?? this.#firstKey());
  }

  /** The vault has changed: what was not touched here follows, and what was is asked about. */
  follow(): void {
    const merge = this.target.merge(this.state.edit);
    if (merge === undefined) return;
    if (merge.conflicts.length === 0) this.#rebase(merge.edit());
    else this.#setConflict(merge.conflicts);
  }

  receive(message: FromForm): void {
    if (message.form !== this.#number || this.#ended) return;
    this.target.session.touch();
    // What is under way is about what was typed before. Who does not want to wait for it can leave.
    if (this.#isSaving && message.kind !== 'leave') return;
    switch (message.kind) {
      case 'change':
        this.#change(message.key, message.text, message.isDone);
        return;
      case 'restore':
        this.state.restore(message.key);
        this.#problems.delete(message.key);
        this.#changed();
        return;
      case 'add': {
        const [first] = linkable(this.target.type);
        this.#restructure(this.state.add(message.what, first));
        return;
      }
      case 'remove':
        this.#restructure(this.#remove(message.id));
        return;
      case 'move':
        this.state.move(message.id, message.by);
        this.#restructure(undefined);
        return;
      case 'show':
        this.#try(() => this.#show(message.key));
        return;
      case 'mask':
        this.#mask(message.key);
        return;
      case 'generate':
        this.#try(() => this.#generate(message.key));
        return;
      case 'copyPart':
        this.#try(() => this.parts.clipboard.copySecret(message.text, this.#labelOf(message.key)));
        return;
      case 'save':
        this.#try(() => this.save());
        return;
      case 'discard':
        this.#try(() => this.#discard());
        return;
      case 'compare':
        this.#isComparing = true;
        this.#compare();
        return;
      case 'continue':
        return;
      case 'take':
        this.#take(message.choices);
        return;
      case 'leave':
        this.#leave();
    }
  }

  /** Masks all that is shown. */
  hideAll(): void {
    for (const key of [...this.#shown.keys()]) this.#mask(key);
  }

  /** The page is gone, or locked: nothing is sent to it any more. */
  end(): void {
    this.#ended = true;
    for (const timer of this.#shown.values()) timer.dispose();
    this.#shown.clear();
  }

  /** Saves it, if nothing is wrong with it. */
  async save(): Promise<void> {
    if (this.#isSaving || this.#isComparing || this.#ended) return;
    const { target, state } = this;
    if (!this.#check()) return;
    if (target.itemId !== undefined && !state.isChanged) {
      this.#close(undefined);
      return;
    }
    const { untilLock } = target.session;
    this.#setSaving(true);
    try {
      const id = await target.save(state.edit, this.#place);
      if (!untilLock.aborted) this.#close(id);
    } catch (error) {
      // After a lock nothing of the vault is spoken of.
      if (untilLock.aborted) return;
      this.#setSaving(false);
      this.#explain(error);
    }
  }

  #explain(error: unknown): void {
    if (error instanceof ConflictError) {
      // By now the vault has what was changed elsewhere.
      this.#setConflict(error.parts);
      return;
    }
    const key =
      error instanceof TooLongError
        ? keyOfLimited(error.field, this.state)
        : error instanceof MissingValueError
          ? `content.${error.value}`
          : undefined;
    const sentence = explainError(error)?.message ?? '';
    if (key === undefined) throw error;
    this.#problems.set(key, sentence);
    this.#tell();
    this.page.send({ kind: 'focus', key });
  }

  /** @returns whether it can be saved. Goes to the first control that is filled in wrongly. */
  #check(): boolean {
    const card = this.#describe();
    this.#problems.clear();
    for (const key of keysOf(card)) this.#judge(key);
    const needsCollection = this.#place !== undefined && this.#place.organizationId !== '';
    if (needsCollection && this.#place?.collectionIds.length === 0) {
      this.#problems.set('collections', vscode.l10n.t('Choose a collection.'));
    }
    this.#tell();
    const isWrong = ({ problem }: ControlNews) => problem !== undefined;
    const first = newsOf(this.#describe()).find(isWrong);
    if (first === undefined) return this.#problems.size === 0;
    this.page.send({ kind: 'focus', key: first.key });
    return false;
  }

  #judge(key: string): void {
    const problem = problemOf(key, this.state, this.parts.clock.now());
    if (problem === undefined) this.#problems.delete(key);
    else this.#problems.set(key, problem);
  }

  #change(key: string, text: string, isDone: boolean): void {
    const told = this.#told.get(key);
    // What was typed after the form was changed from outside.
    if (told === undefined) return;
    if (key === 'owner' || key.startsWith('collection.')) {
      this.#changePlace(key, text);
      return;
    }
    const brandBefore = brandOf(this.state.text('content.number') ?? '') ?? '';
    if (!this.state.change(key, text)) return;
    if (this.target.type === 'card' && key === 'content.number') this.#followNumber(brandBefore, text);
    this.#told.set(key, { ...told, text });
    if (isDone || this.#problems.has(key)) this.#judge(key);
    if (this.#shown.has(key)) this.#hideLater(key);
    this.#changed();
  }

  /** The brand follows the number, as long as the user has chosen no other one. */
  #followNumber(brandBefore: string, number: string): void {
    const brand = this.state.text('content.brand') ?? '';
    if (brand === '' || brand === brandBefore) this.state.change('content.brand', brandOf(number) ?? brand);
  }

  #changePlace(key: string, text: string): void {
    const place = this.#place;
    if (place === undefined) return;
    this.#problems.delete('collections');
    if (key === 'owner') {
      this.#place = { organizationId: text, collectionIds: [] };
      this.#restructure(undefined);
      return;
    }
    const id = key.slice('collection.'.length);
    const others = place.collectionIds.filter((each) => each !== id);
    this.#place = { ...place, collectionIds: text === 'true' ? [...others, id] : others };
    const told = this.#told.get(key);
    if (told !== undefined) this.#told.set(key, { ...told, text });
    this.#changed();
  }

  /** @returns what the user goes on with. */
  #remove(id: string): string {
    const list = this.state.uris.some((row) => row.id === id) ? 'uris' : 'fields';
    const at = this.state[list].findIndex((row) => row.id === id);
    this.state.remove(id);
    return (this.state[list][at] ?? this.state[list].at(-1))?.id ?? list;
  }

  /** Other controls are there now. */
  #restructure(focus: string | undefined): void {
    this.#showForm(focus);
    this.#changed();
  }

  #changed(): void {
    const { target, state } = this;
    const isChanged = state.isChanged;
    const keeping = isChanged ? target.keep(state.edit, this.#place) : target.discard();
    this.#try(async () => {
      await keeping;
      this.#isKept = isChanged;
      this.#tell();
    });
    this.#tell();
  }

  async #show(key: string): Promise<void> {
    if (isPresenting()) return;
    const text = this.#isComparing ? await this.#comparedText(key) : await this.#textOf(key);
    if (text === undefined || this.#ended || isPresenting() || !vscode.window.state.focused) return;
    this.#hideLater(key);
    this.page.send({ kind: 'shown', key, text, seconds: SHOWN_FOR_MS / 1000 });
  }

  async #textOf(key: string): Promise<string | undefined> {
    const typed = this.state.typed(key);
    if (typed !== undefined) return typed;
    const field = this.state.before(key)?.field;
    if (field?.state !== 'there') return '';
    // The place that it had may be that of another one by now.
    if (this.#conflict.some((part) => partKey(part) === partKey(partOfKey(key)))) return undefined;
    return this.target.read(field);
  }

  async #comparedText(key: string): Promise<string | undefined> {
    const [side, ...rest] = key.split('.');
    const of = rest.join('.');
    if (side === 'mine') return this.state.typed(of);
    const field = this.target.base()?.content.get(of.replace(/^content\./, ''))?.field;
    if (field === undefined) return '';
    const text = await this.target.read(field);
    return text === undefined ? undefined : clipped(text);
  }

  #hideLater(key: string): void {
    this.#shown.get(key)?.dispose();
    this.#shown.set(
      key,
      this.parts.clock.setTimeout(() => this.#mask(key), SHOWN_FOR_MS),
    );
  }

  #mask(key: string): void {
    this.#shown.get(key)?.dispose();
    this.#shown.delete(key);
    this.page.send({ kind: 'masked', key, keeps: this.state.typed(key) !== undefined });
  }

  async #generate(key: string): Promise<void> {
    const text = await this.parts.makePassword(this.target.session);
    if (this.#ended || this.target.session.state.kind !== 'unlocked' || !this.state.change(key, text)) return;
    this.#problems.delete(key);
    this.#changed();
    await this.#show(key);
    this.page.send({ kind: 'said', text: vscode.l10n.t('Password generated') });
  }

  async #discard(): Promise<void> {
    await this.target.discard();
    this.#close(undefined);
  }

  #leave(): void {
    if (!this.#isComparing) {
      this.#close(undefined);
      return;
    }
    this.#isComparing = false;
    this.hideAll();
    this.#showForm(this.#firstKey());
  }

  #take(choices: Readonly<Record<string, Taken>>): void {
    const merge = this.#isComparing ? this.target.merge(this.state.edit) : undefined;
    if (merge === undefined) return;
    // What has come in since somebody compared is not chosen yet.
    if (merge.conflicts.some((part) => choices[partKey(part)] === undefined)) {
      this.#setConflict(merge.conflicts);
      this.#compare();
      return;
    }
    this.#isComparing = false;
    this.hideAll();
    this.#showForm(this.#firstKey());
    this.#rebase(merge.edit(new Map(Object.entries(choices))));
    this.#changed();
  }

  #rebase(edit: ItemEdit): void {
    this.target.accept();
    const base = this.target.base();
    if (base === undefined) return;
    this.#conflict = [];
    this.state.rebase(base, edit);
    if (this.#sent !== undefined) this.#showForm(undefined);
  }

  #setConflict(parts: readonly ItemPart[]): void {
    this.#conflict = parts;
    this.page.send({ kind: 'banner', banner: this.#banner });
  }

  #compare(): void {
    const now = this.target.base();
    if (now === undefined) return;
    this.hideAll();
    this.#sent = undefined;
    const { folders } = this.target.look();
    this.page.send({
      kind: 'compare',
      compare: {
        ...compareParts(this.#conflict, { mine: this.state, now, folders, type: this.target.type }),
        number: this.#number,
      },
    });
  }

  get #banner(): FormBanner | undefined {
    if (this.#conflict.length === 0) return undefined;
    const names = this.#conflict.map(partWord).join(', ');
    return {
      text: vscode.l10n.t('Changed elsewhere: {0}.', names),
      action: { does: 'compare', label: vscode.l10n.t('Compare') },
    };
  }

  #describe(): FormCard {
    const { target } = this;
    const card = describeForm(this.state, {
      type: target.type,
      title: target.title,
      badge: this.#isKept ? vscode.l10n.t('Draft kept') : '',
      banner: this.#banner,
      problems: this.#problems,
      place: this.#place,
      ...target.look(),
    });
    return { ...card, number: this.#number };
  }

  #showForm(focus: string | undefined): void {
    const form = this.#describe();
    this.#sent = form;
    this.#told.clear();
    for (const each of newsOf(form)) this.#told.set(each.key, each);
    this.page.send({ kind: 'form', form, focus });
  }

  /** Tells the page what it does not show yet. */
  #tell(): void {
    if (this.#ended || this.#sent === undefined) return;
    const form = this.#describe();
    const news = newsOf(form).flatMap((each) => {
      const told = this.#told.get(each.key);
      this.#told.set(each.key, each);
      if (told !== undefined && JSON.stringify(told) === JSON.stringify(each)) return [];
      return [{ ...each, text: told?.text === each.text ? undefined : each.text }];
    });
    if (news.length === 0 && form.badge === this.#sent.badge) return;
    this.#sent = form;
    this.page.send({ kind: 'news', controls: news, badge: form.badge });
  }

  #firstKey(): string | undefined {
    return keysOf(this.#describe())[0];
  }

  #labelOf(key: string): string {
    const { sections } = this.#describe();
    return sections.flatMap(controlsOf).find((each) => each.key === key)?.label ?? '';
  }

  #setSaving(isOn: boolean): void {
    this.#isSaving = isOn;
    this.page.send({ kind: 'saving', isOn });
  }

  #close(itemId: string | undefined): void {
    if (this.#ended) return;
    this.end();
    this.page.close(itemId);
  }

  #try(work: () => Promise<void>): void {
    const { session } = this.target;
    const { untilLock } = session;
    work().catch((error: unknown) => {
      // After a lock nothing of the vault is spoken of.
      if (!untilLock.aborted) this.parts.reporter.failure('form', error, session);
    });
  }
}
