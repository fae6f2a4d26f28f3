import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Session } from '../../account/session';
import { isSignedIn } from '../../account/state';
import { toError } from '../../base/thrown';
import { floorsOf, noFloors } from '../../generate/floors';
import { type GeneratorKind, generatorKinds } from '../../generate/kinds';
import { type Floors, type GeneratorOptions, passphraseHeldTo, passwordHeldTo } from '../../generate/options';
import { generatePassword } from '../../generate/password';
import type { Strength } from '../../generate/strengthWorker';
import { StrengthMeter } from '../../generate/strengthMeter';
import { generateUsername } from '../../generate/username';
import { generatePassphrase, parseWords } from '../../generate/words';
import { commandTitle } from '../commands/commandId';
import type { OpenKeys } from '../openKeys';
import { isPresenting, onDidChangePresenting } from '../presentation';
import { askInBox, closeEmpty } from '../prompts/box';
import { type Destination, destinationFor } from '../values/destination';
import { ChosenOptions } from './chosenOptions';
import { type GeneratorKey, generatorKeysLine } from './generatorKeys';
import {
  type GeneratorButton,
  generatorButtons,
  type GeneratorRow,
  generatorRows,
  kindCommands,
} from './generatorRows';
import { type Setting, settingsOf } from './settingsOf';

/** What a window has for all generators. */
export interface GeneratorParts {
  readonly keys: OpenKeys<GeneratorKey>;
  readonly memory: vscode.Memento;
  /** Reads the list of words. */
  readonly words: () => Promise<string>;
  /** The path of the program that measures strength. */
  readonly strength: string;
}

interface Made {
  readonly kind: GeneratorKind;
  readonly text: string;
}

/** What the user wants done with what was generated, or to see what was generated before. */
export type Outcome =
  | (Made & { readonly does: 'copy' })
  | (Made & { readonly does: 'insert'; readonly destination: Destination })
  | { readonly does: 'history' };

/**
 * Shows what is generated, anew with every change of how. Closes at a lock, since it is on the screen.
 *
 * @returns undefined where the user has closed it.
 * @throws TypeError for a list of words that is damaged; and what keeps it from being read.
 */
export function openGenerator(
  parts: GeneratorParts,
  session: Session,
  kind: GeneratorKind,
): Promise<Outcome | undefined> {
  return new Generator(parts, session, kind).outcome;
}

class Generator {
  readonly outcome: Promise<Outcome | undefined>;
  // VS Code honours sortByLabel, which is missing in its typings.
  readonly #pick: vscode.QuickPick<GeneratorRow> & { sortByLabel?: boolean } = vscode.window.createQuickPick();
  readonly #chosen: ChosenOptions;
  readonly #meter: StrengthMeter;
  readonly #closing: vscode.Disposable;
  #openKeys: { dispose(): void } | undefined;
  #settle: { resolve(outcome: Outcome | undefined): void; reject(error: Error): void } | undefined;
  #options: GeneratorOptions;
  #words: readonly string[] | undefined;
  /** Counts what is generated. Whoever finds another number after an `await` has been overtaken. */
  #number = 0;
  /** What the session said when the latest one was begun. */
  #basis: unknown;
  #made: Made | undefined;
  #strength: Strength | undefined;
  #rows: readonly GeneratorRow[] = [];
  /** A box has taken the place of the list, for a moment. */
  #isAsking = false;

  constructor(
    private readonly parts: GeneratorParts,
    private readonly session: Session,
    private kind: GeneratorKind,
  ) {
    this.outcome = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#chosen = new ChosenOptions(parts.memory);
    this.#options = this.#chosen.value;
    this.#meter = new StrengthMeter(parts.strength);
    const close = () => this.#end();
    this.#closing = vscode.Disposable.from(
      session.onDidLock(close),
      // It shows what it was given before.
      onDidChangePresenting((isOn) => (isOn ? close() : undefined)),
      session.onDidChange(() => this.#follow()),
    );
    const pick = this.#pick;
    pick.sortByLabel = false;
    pick.onDidHide(() => {
      this.#openKeys?.dispose();
      if (!this.#isAsking) this.#end();
    });
    // Nothing is to be typed: all rows stay.
    pick.onDidChangeValue(() => (pick.value = ''));
    pick.onDidAccept(() => this.#enter(pick.activeItems[0]));
    pick.onDidTriggerButton((button) => this.#press((button as GeneratorButton).does));
    pick.onDidTriggerItemButton(({ item, button }) => this.#pressOn(item, (button as GeneratorButton).does));
    this.#show();
    this.#regenerate();
  }

  /** What organisations ask for, as far as it is known: of a locked vault it is not. */
  get #floors(): Floors {
    const { state } = this.session;
    return state.kind === 'unlocked' ? floorsOf(state.vault.policies) : noFloors;
  }

  /** What of the session the value and its note go by. */
  get #currentBasis(): unknown {
    const { state } = this.session;
    return { floors: this.#floors, state: state.kind, account: isSignedIn(state) ? state.account : undefined };
  }

  get #settings(): readonly Setting[] {
    return settingsOf(this.kind, this.#options, this.#floors);
  }

  #show(): void {
    this.#isAsking = false;
    this.#openKeys = this.parts.keys.begin(({ does }) => this.#press(does));
    this.#pick.show();
  }

  #enter(row: GeneratorRow | undefined): void {
    // The row may be one of those before.
    const leadsTo = this.#rows.find(({ id }) => id !== undefined && id === row?.id)?.leadsTo;
    if (leadsTo === undefined) return;
    if (leadsTo === 'copy') this.#finish('copy');
    else if ('kind' in leadsTo) this.#switchTo(leadsTo.kind);
    else this.#change(leadsTo.set);
  }

  #press(does: GeneratorButton['does']): void {
    switch (does) {
      case 'copy':
      case 'insert':
        this.#finish(does);
        return;
      case 'history':
        this.#end({ does });
        return;
      case 'regenerate':
        this.#regenerate();
        return;
      case 'shorter':
      case 'longer':
        this.#step(this.#settings[0], does);
    }
  }

  #pressOn(row: GeneratorRow, does: GeneratorButton['does']): void {
    if (does === 'shorter' || does === 'longer') this.#step(this.#rows.find(({ id }) => id === row.id)?.sets, does);
    else this.#press(does);
  }

  #step(setting: Setting | undefined, does: 'shorter' | 'longer'): void {
    if (setting?.kind !== 'number') return;
    const value = setting.value + (does === 'longer' ? 1 : -1);
    if (value >= setting.least && value <= setting.most) this.#set(setting.with(value));
  }

  #change(setting: Setting): void {
    switch (setting.kind) {
      case 'toggle':
        if (setting.isForced !== true) this.#set(setting.toggled);
        return;
      case 'choice':
        this.#set(setting.chosen);
        return;
      case 'number':
      case 'text':
        void this.#ask(setting).catch((error: unknown) => this.#fail(error));
    }
  }

  async #ask(setting: Extract<Setting, { kind: 'number' | 'text' }>): Promise<void> {
    this.#isAsking = true;
    this.#pick.hide();
    const prompt =
      setting.kind === 'text' ? setting.prompt : vscode.l10n.t('A number from {0} to {1}', setting.least, setting.most);
    const isHidden = setting.kind === 'text' && setting.isPersonal === true && isPresenting();
    const answer = await askInBox({
      title: setting.label,
      prompt,
      value: isHidden ? '' : `${setting.value}`,
      closeOn: this.session.onDidLock,
      accept: (text) => {
        const options = setting.kind === 'text' ? setting.with(text) : withNumber(setting, text);
        return Promise.resolve(options === undefined ? { again: prompt } : { value: options });
      },
    });
    if (this.#settle === undefined) return;
    if (answer.kind === 'done') {
      this.#beginAtTop();
      this.#set(answer.value);
    }
    this.#show();
  }

  #switchTo(kind: GeneratorKind): void {
    this.kind = kind;
    this.#beginAtTop();
    this.#regenerate();
  }

  /** The next Enter copies. */
  #beginAtTop(): void {
    this.#pick.activeItems = [];
  }

  #set(options: GeneratorOptions): void {
    this.#options = options;
    this.#chosen.remember(options).catch((error: unknown) => this.#fail(error));
    this.#regenerate();
  }

  /** What was made before an unlock or a policy may be less than is asked for by now, so it cannot be used any more. */
  #follow(): void {
    if (isDeepStrictEqual(this.#basis, this.#currentBasis)) return;
    this.#made = undefined;
    this.#regenerate();
  }

  #regenerate(): void {
    this.#generate().catch((error: unknown) => this.#fail(error));
  }

  async #generate(): Promise<void> {
    const number = ++this.#number;
    const isOutdated = () => number !== this.#number || this.#settle === undefined;
    this.#basis = this.#currentBasis;
    const { only } = this.#floors;
    if (only !== undefined && this.kind !== 'username') this.kind = only;
    const { kind } = this;
    const text = await this.#make(kind);
    if (isOutdated()) return;
    this.#made = text === undefined ? undefined : { kind, text };
    this.#strength = undefined;
    this.#render();
    if (text === undefined || kind === 'username') return;
    const strength = await this.#meter.measure(text);
    if (isOutdated() || strength === undefined) return;
    this.#strength = strength;
    this.#render();
  }

  async #make(kind: GeneratorKind): Promise<string | undefined> {
    const { passwords, passphrases, usernames } = this.#options;
    const words = kind === 'password' ? [] : await this.#loadWords();
    switch (kind) {
      case 'password':
        return generatePassword(passwordHeldTo(passwords, this.#floors));
      case 'passphrase':
        return generatePassphrase(passphraseHeldTo(passphrases, this.#floors), words);
      case 'username': {
        const { state } = this.session;
        return generateUsername(usernames, { words, account: isSignedIn(state) ? state.account : undefined });
      }
    }
  }

  async #loadWords(): Promise<readonly string[]> {
    this.#words ??= parseWords(await this.parts.words());
    return this.#words;
  }

  #render(): void {
    const pick = this.#pick;
    const settings = this.#settings;
    const hasLength = settings[0]?.kind === 'number';
    const { only } = this.#floors;
    const active = pick.activeItems[0]?.id;
    this.#rows = generatorRows({
      kind: this.kind,
      value: this.#made?.text,
      strength: this.#strength,
      settings,
      others: generatorKinds.filter((kind) => only === undefined || kind === only || kind === 'username'),
      note: this.#note(only),
    });
    pick.title = commandTitle(kindCommands[this.kind]);
    pick.placeholder = generatorKeysLine(process.platform, hasLength);
    pick.buttons = generatorButtons(hasLength);
    pick.keepScrollPosition = true;
    pick.items = this.#rows;
    const kept = this.#rows.find(({ id }) => id !== undefined && id === active);
    if (kept !== undefined) pick.activeItems = [kept];
  }

  #note(only: Floors['only']): string {
    if (this.#made === undefined) {
      if (this.#options.usernames.kind === 'catchAll') return vscode.l10n.t('Enter the domain below first.');
      return isSignedIn(this.session.state)
        ? vscode.l10n.t('Your account has no email that a plus fits into.')
        : vscode.l10n.t('It is made of the email of your account: sign in first.');
    }
    const kept =
      this.session.state.kind === 'unlocked'
        ? vscode.l10n.t('What you use is kept in the generator history, which locks with the vault.')
        : vscode.l10n.t('The vault is not unlocked: what you use is not kept in the generator history.');
    if (this.session.state.kind === 'locked' && this.kind !== 'username') {
      return `${kept} ${vscode.l10n.t('Rules of your organizations are not known until you unlock it.')}`;
    }
    if (only === undefined || this.kind === 'username') return kept;
    const allowed =
      only === 'password'
        ? vscode.l10n.t('Your organization allows passwords, not passphrases.')
        : vscode.l10n.t('Your organization allows passphrases, not passwords.');
    return `${allowed} ${kept}`;
  }

  #finish(does: 'copy' | 'insert'): void {
    const made = this.#made;
    if (made === undefined) return;
    if (does === 'copy') {
      this.#end({ does, ...made });
      return;
    }
    // Where there is none, the value stays on the screen.
    const destination = destinationFor(does);
    if (destination !== undefined) this.#end({ does, destination, ...made });
  }

  #fail(error: unknown): void {
    this.#settle?.reject(toError(error));
    this.#end();
  }

  #end(outcome?: Outcome): void {
    const settle = this.#settle;
    if (settle === undefined) return;
    this.#settle = undefined;
    this.#made = undefined;
    this.#closing.dispose();
    this.#openKeys?.dispose();
    this.#meter.dispose();
    closeEmpty(this.#pick);
    this.#pick.dispose();
    settle.resolve(outcome);
  }
}

function withNumber({ least, most, with: changed }: Extract<Setting, { kind: 'number' }>, text: string) {
  const value = Number(text);
  return /^\s*\d+\s*$/.test(text) && value >= least && value <= most ? changed(value) : undefined;
}
