import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import type { Clock, Disposable } from '../../base/ports';
import type { KnownItemType } from '../../bitwarden/wire/itemTypes';
import type { ItemEdit, ItemPart } from '../../vault/edit/itemEdit';
import { type Merge, partKey, type PartValue } from '../../vault/edit/merge';
import { ConflictError, GoneElsewhereError, MissingValueError, TooLongError } from '../../vault/errors';
import type { Field } from '../../vault/fields';
import type { Clipboard } from '../clipboard/clipboard';
import type { ErrorReporter } from '../errors/errorReporter';
import { explainError } from '../errors/explainError';
import { isPresenting } from '../presentation';
import { SHOWN_FOR_MS } from '../prompts/showValue';
import { brandOf } from './cardBrands';
import { compareParts, textOfCompared } from './compareParts';
import { clipped } from './describeItem';
import { controlsIn, describeForm, type FormLook, type FormPlace, linkable, newsOf } from './describeForm';
import {
  type ControlNews,
  type FormBanner,
  type FormCard,
  type FormControl,
  type FromForm,
  type Numbered,
  type Taken,
  taken,
} from './formMessages';
import { partWord } from './formParts';
import { keyOfLimited, problemOf } from './formProblems';
import { type FormBase, FormState } from './formState';
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
  /** The item as it is now, as the server has sent it. Undefined: there is none, or the vault is locked. */
  element(): Uint8Array | undefined;
  /** The same, read. */
  base(): FormBase | undefined;
  /** Brings the edit to the item as it is now. Undefined: that is as it was when the form began. */
  merge(edit: ItemEdit): Pick<Merge, 'conflicts' | 'edit'> | undefined;
  /** From now on the item as it is now counts as what the form began with. @returns takes that back. */
  accept(): () => void;
  /** The text of a secret. Undefined: the user did not give the master password. */
  read(field: Field): Promise<string | undefined>;
  /** A value that was changed on both sides, for a person to choose by. Undefined: as read, or nobody knows it. */
  readCompared(edit: ItemEdit, part: ItemPart, side: Taken): Promise<PartValue | undefined>;
  /** Keeps what was changed, should the form not be saved. */
  keep(edit: ItemEdit, place: FormPlace | undefined): Promise<void>;
  discard(): Promise<void>;
  /** @returns the id of the item; undefined: the user did not give the master password that it asks for. */
  save(edit: ItemEdit, place: FormPlace | undefined): Promise<string | undefined>;
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

/** What changes what is in a form. */
type FormEdit = Extract<FromForm, { readonly kind: 'change' | 'restore' | 'add' | 'remove' | 'move' }>;

/** A form before the vault changed. */
interface Former {
  /** The last one in which it was sent. */
  readonly version: number;
  readonly state: FormState;
  /** Has the form begin with the item of then. */
  readonly takeBack: () => void;
}

/** A page is never that far behind. */
const MOST_FORMERS = 20;

/**
 * A form in a page. What is changed in it is held here, and what is unsaved is kept as a draft with every change. Its page
 * may come and go.
 */
export class ItemForm {
  readonly #number = ++lastNumber;
  #version = 0;
  #state: FormState;
  /** As long as the page may not have seen what came after, the oldest first. */
  #formers: readonly Former[] = [];
  /** The item when the form has last followed it. */
  #followed: Uint8Array | undefined;
  #place: FormPlace | undefined;
  readonly #problems = new Map<string, string>();
  #sent: Omit<FormCard, keyof Numbered> | undefined;
  /** What the page shows of each control. */
  readonly #told = new Map<string, ControlNews>();
  readonly #shown = new Map<string, Disposable>();
  /** There is a draft of it as it is. */
  #isKept: boolean;
  /** What needs no draft. */
  readonly #unchanged: string | undefined;
  /** Why the last change could not be kept has been said. */
  #saidWhyNotKept = false;
  #isSaving = false;
  /** What was changed here and elsewhere. */
  #conflict: readonly ItemPart[] = [];
  /** Why what was changed elsewhere cannot be brought together with the form. */
  #obstacle: string | undefined;
  #isComparing = false;
  #ended = false;

  constructor(
    readonly target: FormTarget,
    state: FormState,
    private readonly parts: FormParts,
    private readonly page: FormPage,
    isKept: boolean,
  ) {
    this.#state = state;
    this.#isKept = isKept;
    this.#place = target.place;
    this.#unchanged = isKept ? undefined : this.#written;
    this.follow();
  }

  /** Shows the form in a page that holds nothing. */
  show(focus?: string): void {
    this.hideAll();
    if (this.#isComparing) this.#showComparison();
    else this.#showForm(focus ?? this.#firstKey());
  }

  /** The vault has changed: what was not touched here follows, and what was is asked about. */
  follow(): void {
    const element = this.target.element();
    const followed = this.#followed;
    if (element !== undefined && followed !== undefined && Buffer.from(element).equals(followed)) return;
    this.#followed = element;
    this.#merge();
  }

  receive(message: FromForm): void {
    if (message.form !== this.#number || this.#ended) return;
    this.target.session.touch();
    // What is under way is about what was typed before. Who does not want to wait for it can leave.
    if (this.#isSaving && message.kind !== 'leave') return;
    switch (message.kind) {
      case 'change':
      case 'restore':
      case 'add':
      case 'remove':
      case 'move':
        this.#editAsSeen(message);
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
        this.#try(() => this.#compare());
        return;
      case 'take':
        this.#try(() => this.#take(message));
        return;
      case 'leave':
        this.#leave();
    }
  }

  /**
   * What the user did before their page had seen a change from elsewhere was meant for the item of then: the form goes back to
   * that, and follows once more.
   */
  #editAsSeen(message: FormEdit): void {
    const former = this.#formers.find(({ version }) => version >= message.version);
    this.#formers = [];
    if (former === undefined) {
      this.#edit(message);
      return;
    }
    former.takeBack();
    this.#state = former.state;
    this.#version = former.version;
    this.#edit(message);
    this.#merge();
    if (this.#conflict.length > 0) this.#showForm(undefined);
  }

  #edit(message: FormEdit): void {
    switch (message.kind) {
      case 'change':
        this.#change(message.key, message.text, message.isDone);
        return;
      case 'restore':
        this.#state.restore(message.key);
        this.#problems.delete(message.key);
        this.#changed();
        return;
      case 'add': {
        const [first] = linkable(this.target.type);
        this.#restructure(this.#state.add(message.what, first));
        return;
      }
      case 'remove':
        this.#restructure(this.#remove(message.id));
        return;
      case 'move':
        this.#state.move(message.id, message.by);
        this.#restructure(undefined);
    }
  }

  /** Masks all that is shown. */
  hideAll(): void {
    for (const key of [...this.#shown.keys()]) this.#mask(key);
  }

  /** The page is gone, or locked: nothing is sent to it any more. */
  end(): void {
    this.#ended = true;
    this.#formers = [];
    for (const timer of this.#shown.values()) timer.dispose();
    this.#shown.clear();
  }

  /** Saves it, if nothing is wrong with it. */
  async save(): Promise<void> {
    if (this.#isSaving || this.#isComparing || this.#ended) return;
    const { target } = this;
    if (!this.#check()) return;
    if (target.itemId !== undefined && !this.#state.isChanged) {
      this.#close(undefined);
      return;
    }
    const { untilLock } = target.session;
    this.#setSaving(true);
    try {
      const id = await target.save(this.#state.edit, this.#place);
      if (untilLock.aborted) return;
      if (id === undefined) this.#setSaving(false);
      else this.#close(id);
    } catch (error) {
      // After a lock nothing of the vault is spoken of.
      if (untilLock.aborted) return;
      this.#setSaving(false);
      this.#explain(error);
    }
  }

  #explain(error: unknown): void {
    // Who has left the form meanwhile is told elsewhere.
    if (this.#ended) throw error;
    if (error instanceof ConflictError) {
      // By now the vault has what was changed elsewhere.
      this.#conflict = error.parts;
      this.#sendBanner(true);
      return;
    }
    if (error instanceof GoneElsewhereError) {
      this.#obstacle = vscode.l10n.t(
        'This item was deleted elsewhere. What you typed is kept: leave the form, then Continue Draft makes a new item of it.',
      );
      this.#sendBanner(false);
      return;
    }
    const key =
      error instanceof TooLongError
        ? keyOfLimited(error.field, this.#state)
        : error instanceof MissingValueError
          ? `content.${error.value}`
          : undefined;
    const sentence = explainError(error)?.message ?? '';
    if (key === undefined) throw error;
    this.#problems.set(key, sentence);
    this.#tell();
    this.#send({ kind: 'focus', key });
  }

  /** @returns whether it can be saved. Goes to the first control that is filled in wrongly. */
  #check(): boolean {
    const card = this.#describe();
    this.#problems.clear();
    for (const { key } of controlsIn(card)) this.#judge(key);
    this.#judgePlace();
    this.#tell();
    const isWrong = ({ problem }: ControlNews) => problem !== undefined;
    const first = newsOf(this.#describe()).find(isWrong);
    if (first === undefined) return this.#problems.size === 0;
    this.#send({ kind: 'focus', key: first.key });
    return false;
  }

  #judgePlace(): void {
    const { organizationId, collectionIds } = this.#place ?? {};
    if (organizationId === undefined || organizationId === '' || collectionIds?.length !== 0) return;
    if (this.target.look().collections.some((each) => each.organizationId === organizationId)) {
      this.#problems.set('collections', vscode.l10n.t('Choose a collection.'));
    } else {
      this.#problems.set('owner', vscode.l10n.t('You have no collection of this organization to put the item into.'));
    }
  }

  #judge(key: string): void {
    const problem = problemOf(key, this.#state, this.parts.clock.now());
    if (problem === undefined) this.#problems.delete(key);
    else this.#problems.set(key, problem);
  }

  #change(key: string, text: string, isDone: boolean): void {
    const control = controlsIn(this.#describe()).find((each) => each.key === key);
    // What was typed after the form was changed from outside.
    if (control === undefined || !canHave(control, text)) return;
    if (key === 'owner' || key.startsWith('collection.')) {
      this.#changePlace(key, text);
      return;
    }
    const brandBefore = brandOf(this.#state.text('content.number') ?? '') ?? '';
    if (!this.#state.change(key, text)) return;
    if (this.target.type === 'card' && key === 'content.number') this.#followNumber(brandBefore, text);
    this.#setTold(key, text);
    if (isDone || this.#problems.has(key)) this.#judge(key);
    if (this.#shown.has(key)) this.#hideLater(key);
    this.#changed();
  }

  /** The page shows it by itself. */
  #setTold(key: string, text: string): void {
    const told = this.#told.get(key);
    if (told !== undefined) this.#told.set(key, { ...told, text });
  }

  /** The brand follows the number, as long as the user has chosen no other one. */
  #followNumber(brandBefore: string, number: string): void {
    const brand = this.#state.text('content.brand') ?? '';
    if (brand === '' || brand === brandBefore) this.#state.change('content.brand', brandOf(number) ?? brand);
  }

  #changePlace(key: string, text: string): void {
    const place = this.#place;
    if (place === undefined) return;
    this.#problems.delete('collections');
    this.#problems.delete('owner');
    if (key === 'owner') {
      this.#place = { organizationId: text, collectionIds: [] };
      this.#restructure(undefined);
      return;
    }
    const id = key.slice('collection.'.length);
    const others = place.collectionIds.filter((each) => each !== id);
    this.#place = { ...place, collectionIds: text === 'true' ? [...others, id] : others };
    this.#setTold(key, text);
    this.#changed();
  }

  /** @returns what the user goes on with. */
  #remove(id: string): string {
    const list = this.#state.uris.some((row) => row.id === id) ? 'uris' : 'fields';
    const at = this.#state[list].findIndex((row) => row.id === id);
    this.#state.remove(id);
    return (this.#state[list][at] ?? this.#state[list].at(-1))?.id ?? list;
  }

  /** Other controls are there now. */
  #restructure(focus: string | undefined): void {
    this.#showForm(focus);
    this.#changed();
  }

  #changed(): void {
    const { target } = this;
    const isChanged = this.#isChanged;
    const keeping = isChanged ? target.keep(this.#state.edit, this.#place) : target.discard();
    this.#try(async () => {
      try {
        await keeping;
        this.#isKept = isChanged;
        this.#saidWhyNotKept = false;
      } catch (error) {
        this.#isKept = false;
        // The next key that is pressed most likely fails as this one did.
        if (this.#saidWhyNotKept) return;
        this.#saidWhyNotKept = true;
        throw error;
      } finally {
        this.#tell();
      }
    });
    this.#tell();
  }

  get #isChanged(): boolean {
    return this.#state.isChanged && this.#written !== this.#unchanged;
  }

  get #written(): string {
    return JSON.stringify([this.#state.edit, this.#place]);
  }

  async #show(key: string): Promise<void> {
    if (isPresenting()) return;
    const version = this.#version;
    const text = this.#isComparing ? await this.#comparedText(key) : await this.#textOf(key);
    // It may be of something else by now.
    if (version !== this.#version || text === undefined || this.#ended || !vscode.window.state.focused) return;
    this.#hideLater(key);
    this.#send({ kind: 'shown', key, text, seconds: SHOWN_FOR_MS / 1000 });
  }

  async #textOf(key: string): Promise<string | undefined> {
    const typed = this.#state.typed(key);
    if (typed !== undefined) return typed;
    const field = this.#state.before(key)?.field;
    if (field?.state !== 'there') return '';
    // The vault has what was changed elsewhere, in which the place that it had may be that of another one.
    if (this.#banner !== undefined) {
      this.#sendBanner(true);
      return undefined;
    }
    return this.target.read(field);
  }

  async #comparedText(key: string): Promise<string | undefined> {
    const side = taken.find((each) => key.startsWith(`${each}.`));
    const part = this.#conflict.find((each) => key === `${side}.${partKey(each)}`);
    if (side === undefined || part === undefined) return undefined;
    const value = await this.target.readCompared(this.#state.edit, part, side);
    return value === undefined ? undefined : clipped(textOfCompared(value));
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
    this.#send({ kind: 'masked', key, keeps: this.#state.typed(key) !== undefined });
  }

  async #generate(key: string): Promise<void> {
    const text = await this.parts.makePassword(this.target.session);
    if (this.#ended || this.target.session.state.kind !== 'unlocked' || !this.#state.change(key, text)) return;
    this.#problems.delete(key);
    this.#changed();
    await this.#show(key);
    this.#send({ kind: 'said', text: vscode.l10n.t('Password generated') });
  }

  async #discard(): Promise<void> {
    if (this.#isChanged && !(await this.#confirmsDiscard())) return;
    await this.target.discard();
    this.#close(undefined);
  }

  async #confirmsDiscard(): Promise<boolean> {
    const { untilLock } = this.target.session;
    const discard = vscode.l10n.t('Discard');
    const question = vscode.l10n.t('Discard what you have changed?');
    const chosen = await vscode.window.showWarningMessage(question, { modal: true }, discard);
    return chosen === discard && !this.#ended && !untilLock.aborted;
  }

  #leave(): void {
    if (this.#isComparing) this.#endComparison();
    else this.#close(undefined);
  }

  /** Brings what was changed here to the item as it is now. */
  #merge(): void {
    this.#conflict = [];
    this.#obstacle = undefined;
    try {
      const merge = this.target.merge(this.#state.edit);
      if (merge?.conflicts.length === 0) {
        this.#rebase(merge.edit());
        return;
      }
      this.#conflict = merge?.conflicts ?? [];
    } catch (error) {
      this.#obstacle = explainError(error)?.message;
    }
    if (this.#isComparing && this.#conflict.length > 0) this.#showComparison();
    else if (this.#isComparing) this.#endComparison();
    else this.#sendBanner(false);
  }

  #rebase(edit: ItemEdit): void {
    const takeBack = this.target.accept();
    const base = this.target.base();
    if (base === undefined) return;
    const former = { version: this.#version, state: this.#state, takeBack };
    this.#formers = [...this.#formers, former].slice(-MOST_FORMERS);
    this.#state = new FormState(base, edit, this.#state);
    this.#conflict = [];
    if (this.#isComparing) this.#endComparison();
    else if (this.#sent !== undefined) {
      // What is shown may be another value by now.
      this.hideAll();
      this.#showForm(undefined);
    }
  }

  #compare(): void {
    this.#merge();
    if (this.target.base() === undefined) throw new GoneElsewhereError('item');
    if (this.#conflict.length > 0) this.#showComparison();
  }

  #showComparison(): void {
    const now = this.target.base();
    if (now === undefined) return;
    this.hideAll();
    this.#isComparing = true;
    this.#sent = undefined;
    const { folders } = this.target.look();
    const compared = compareParts(this.#conflict, { mine: this.#state, now, folders, type: this.target.type });
    this.#send({ kind: 'compare', compare: { ...compared, number: this.#number, version: this.#nextVersion() } });
  }

  #endComparison(): void {
    this.#isComparing = false;
    this.hideAll();
    this.#showForm(this.#firstKey());
  }

  /** Of a comparison that was followed by another one nothing is taken: nobody has seen the values of now. */
  #take({ choices, version }: Extract<FromForm, { kind: 'take' }>): void {
    if (!this.#isComparing || version !== this.#version) return;
    const merge = this.target.merge(this.#state.edit);
    if (merge === undefined) return;
    this.#rebase(merge.edit(new Map(Object.entries(choices))));
    this.#changed();
  }

  get #banner(): FormBanner | undefined {
    if (this.#obstacle !== undefined) return { text: this.#obstacle, action: undefined };
    if (this.#conflict.length === 0) return undefined;
    const names = this.#conflict.map(partWord).join(', ');
    return {
      text: vscode.l10n.t('Changed elsewhere: {0}.', names),
      action: { does: 'compare', label: vscode.l10n.t('Compare') },
    };
  }

  #sendBanner(focus: boolean): void {
    if (this.#sent !== undefined) this.#send({ kind: 'banner', banner: this.#banner, focus });
  }

  #describe(): Omit<FormCard, keyof Numbered> {
    const { target } = this;
    return describeForm(this.#state, {
      type: target.type,
      title: target.title,
      badge: this.#isKept ? vscode.l10n.t('Draft kept') : '',
      banner: this.#banner,
      problems: this.#problems,
      place: this.#place,
      ...target.look(),
    });
  }

  #nextVersion(): number {
    this.#version++;
    return this.#version;
  }

  #showForm(focus: string | undefined): void {
    const form = this.#describe();
    this.#sent = form;
    this.#told.clear();
    for (const each of newsOf(form)) this.#told.set(each.key, each);
    this.#send({ kind: 'form', form: { ...form, number: this.#number, version: this.#nextVersion() }, focus });
  }

  /** In presentation mode the page shows nothing, and gets it all when that is over. */
  #send(message: ToPage): void {
    if (!isPresenting()) this.page.send(message);
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
    this.#send({ kind: 'news', controls: news, badge: form.badge });
  }

  #firstKey(): string | undefined {
    return controlsIn(this.#describe())[0]?.key;
  }

  #labelOf(key: string): string {
    return controlsIn(this.#describe()).find((each) => each.key === key)?.label ?? '';
  }

  #setSaving(isOn: boolean): void {
    this.#isSaving = isOn;
    this.#send({ kind: 'saving', isOn });
  }

  #close(itemId: string | undefined): void {
    if (this.#ended) return;
    this.end();
    this.page.close(itemId);
  }

  #try(work: () => unknown): void {
    const { session } = this.target;
    const { untilLock } = session;
    const working = async () => {
      await work();
    };
    working().catch((error: unknown) => {
      // After a lock nothing of the vault is spoken of.
      if (!untilLock.aborted) this.parts.reporter.failure('form', error, session);
    });
  }
}

function canHave({ kind, options, fixed }: FormControl, text: string): boolean {
  return fixed === undefined && (kind !== 'choice' || options.some(({ value }) => value === text));
}
