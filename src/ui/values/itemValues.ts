import * as vscode from 'vscode';
import { Emitter, type Event } from '../../base/event';
import { type Field, isContent } from '../../vault/fields';
import { LockedError, RepromptRequiredError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import type { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import type { Clock } from '../../base/ports';
import { readProven, readValue, type Value } from '../../vault/read';
import type { Session } from '../../account/session';
import { webAddress } from '../../vault/webAddress';
import type { Clipboard } from '../clipboard/clipboard';
import type { ItemAction } from '../itemActions';
import { fieldLabel, itemName, whoseValue } from '../labels';
import { openAddress } from '../links';
import { askMasterPassword } from '../prompts/masterPassword';
import { showValue } from '../prompts/showValue';
import type { Copied } from '../search/followUp';
import { deliver, type Destination, destinationFor } from './destination';
import { noValue } from './noValue';
import { RepromptGrace } from './repromptGrace';

/** A field of an item that the user has chosen, without its value. */
export interface ChosenField {
  /** Of the account whose vault it is. */
  readonly session: Session;
  readonly vault: OpenVault;
  readonly item: Item;
  readonly field: Field;
}

/** Copies, shows, opens and inserts values of items. All commands that do something with a value come here. */
export class ItemValues implements vscode.Disposable {
  readonly #copied = new Emitter<Copied>();
  /** A whole value was copied. */
  readonly onDidCopy = this.#copied.event;
  readonly #grace: RepromptGrace;
  /** Whose items it holds for: two servers may know the same ones. */
  #graceOf: { readonly session: Session; readonly untilLock: AbortSignal } | undefined;
  readonly #subscriptions: vscode.Disposable;

  constructor(
    /** What shows a value closes when another account becomes active. */
    private readonly active: Pick<Session, 'onDidLock'>,
    private readonly clipboard: Clipboard,
    private readonly clock: Clock,
  ) {
    this.#grace = new RepromptGrace(clock);
    this.#subscriptions = vscode.Disposable.from(
      active.onDidLock(() => this.#grace.end()),
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (!focused) this.#grace.end();
      }),
    );
  }

  /**
   * @param part of the value, which is copied in its place.
   * @param destination what `insert` and `terminal` work on, where it was chosen before the field.
   * @returns what was copied, in the user's words; undefined where nothing was.
   */
  async act(
    does: ItemAction['does'],
    chosen: ChosenField,
    { part, destination }: { readonly part?: string | undefined; readonly destination?: Destination | undefined } = {},
  ): Promise<string | undefined> {
    if (does === 'insert' || does === 'terminal') {
      const to = destination ?? destinationFor(does);
      if (to !== undefined) await this.#put(does, chosen, to);
      return undefined;
    }
    const value = await this.read(chosen, does);
    if (value === undefined) return undefined;
    const isPart = part !== undefined && part !== '' && value.text.includes(part);
    const done = await this.#do(does, chosen, isPart ? { ...value, text: part } : value);
    if (does === 'copy' && !isPart) {
      this.#copied.fire({ accountId: chosen.session.accountId, itemId: chosen.item.id, ref: chosen.field.ref });
    }
    return done;
  }

  /**
   * Reads a value that is then used, with the master password where the item asks for it.
   *
   * @param does what the value is for, which the question for the master password says.
   * @returns undefined where there is none, which a notification says, and where the user did not give the password.
   * @throws LockedError when the vault was locked meanwhile; and as readValue.
   */
  async read(chosen: ChosenField, does: ItemAction['does']): Promise<Value | undefined> {
    const { session, item, field } = chosen;
    if (field.state === 'empty' || field.state === 'linked') {
      void vscode.window.showInformationMessage(noValue(item, field));
      return undefined;
    }
    const { untilLock } = session;
    const value = await this.#read(chosen, does);
    if (untilLock.aborted) throw new LockedError('locked meanwhile');
    // The item may have changed since the field was chosen. Copying an empty text would clear the clipboard.
    if (value?.text !== '') {
      if (value !== undefined) session.itemUse.record(item.id);
      return value;
    }
    void vscode.window.showInformationMessage(noValue(item, field));
    return undefined;
  }

  /**
   * The value as it is stored, for who is about to change it.
   *
   * @returns undefined where the user did not give the master password.
   * @throws as read.
   */
  async readStored({ session, vault, item, field }: ChosenField): Promise<string | undefined> {
    const { untilLock } = session;
    session.touch();
    const text = await readProven(vault, item.id, field.ref, () => this.prove(session, [item], 'show'));
    if (untilLock.aborted) throw new LockedError('locked meanwhile');
    return text;
  }

  /**
   * Does something with an item that may ask for the master password by now, since it was changed elsewhere.
   *
   * @param begun the proof that was given before, if any.
   * @param work throws RepromptRequiredError before it does anything.
   * @returns undefined where the user did not give the master password.
   */
  async withProof<T>(
    session: Session,
    { item, proof }: { readonly item: Item; readonly proof: MasterPasswordProof | undefined },
    does: Proven,
    work: (proof: MasterPasswordProof | undefined) => T | Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await work(proof);
    } catch (error) {
      if (!(error instanceof RepromptRequiredError)) throw error;
    }
    const given = await this.prove(session, [item], does);
    return given === undefined ? undefined : await work(given);
  }

  dispose(): void {
    this.#grace.end();
    this.#subscriptions.dispose();
  }

  async #do(
    does: Exclude<ItemAction['does'], 'insert' | 'terminal'>,
    { session, item, field }: Pick<ChosenField, 'session' | 'item' | 'field'>,
    value: Value,
  ): Promise<string | undefined> {
    const { text, validUntil } = value;
    switch (does) {
      case 'copy': {
        const what = whoseValue(item, field);
        await (field.masked
          ? this.clipboard.copySecret(text, what, validUntil)
          : this.clipboard.copyPublic(text, what));
        return what;
      }
      case 'show': {
        const { untilLock } = session;
        const then = await showValue({
          title: vscode.l10n.t('{0} of {1}', fieldLabel(field), itemName(item)),
          value: text,
          closeOn: this.#whenItLocks(session),
        });
        if (then !== 'copy') return undefined;
        if (untilLock.aborted) throw new LockedError('locked meanwhile');
        return this.#do('copy', { session, item, field }, value);
      }
      case 'open': {
        const address = field.opens ? webAddress(text) : undefined;
        if (address === undefined) {
          void vscode.window.showInformationMessage(vscode.l10n.t('This is not a web address. Copy it instead.'));
          return undefined;
        }
        await openAddress(address);
        return undefined;
      }
    }
  }

  /** Has the value typed elsewhere in VS Code. A one-time code is worth nothing soon, so it goes without a question. */
  async #put(does: 'insert' | 'terminal', chosen: ChosenField, destination: Destination): Promise<void> {
    const { session, item, field } = chosen;
    const { untilLock } = session;
    const what = whoseValue(item, field);
    const isAsked = field.masked && field.state === 'there' && !isContent(field.ref, 'totp');
    if (isAsked && !(await destination.confirms(what))) return;
    if (untilLock.aborted) throw new LockedError('locked meanwhile');
    const value = await this.read(chosen, does);
    if (value === undefined) return;
    await deliver(destination, value.text, what);
  }

  /** Also when another account becomes active. */
  #whenItLocks(session: Session): Event<unknown> {
    return (listener) => vscode.Disposable.from(session.onDidLock(listener), this.active.onDidLock(listener));
  }

  #read({ session, vault, item, field }: ChosenField, does: ItemAction['does']): Promise<Value | undefined> {
    session.touch();
    return readValue(vault, item.id, field.ref, {
      now: () => this.clock.now(),
      prove: () => this.prove(session, [item], does),
    });
  }

  /**
   * Asks for the master password, unless it was given for this item a short while ago.
   *
   * @param items that ask for it.
   * @param does what the items are for, which the title says.
   * @returns undefined where the user did not give it.
   */
  async prove(session: Session, items: readonly Item[], does: Proven): Promise<MasterPasswordProof | undefined> {
    const [item, ...others] = items;
    if (item === undefined) return undefined;
    const isOne = others.length === 0;
    const isOfThis = this.#graceOf?.session === session && !this.#graceOf.untilLock.aborted;
    const kept = isOfThis && isOne ? this.#grace.proofFor(item.id) : undefined;
    if (kept !== undefined) return kept;
    const { untilLock } = session;
    const answer = await askMasterPassword({
      title: proofTitles[does](),
      prompt: isOne
        ? vscode.l10n.t('{0} asks for your master password again.', itemName(item))
        : vscode.l10n.t('{0} of them ask for your master password again.', items.length),
      use: (password) => session.proveMasterPassword(password),
      closeOn: this.#whenItLocks(session),
    });
    if (answer.kind !== 'done') return undefined;
    if (isOne && !untilLock.aborted && vscode.window.state.focused) {
      this.#grace.keep(item.id, answer.value);
      this.#graceOf = { session, untilLock };
    }
    return answer.value;
  }
}

/** What the master password is asked for. */
type Proven = ItemAction['does'] | 'openFile' | 'save' | 'delete' | 'edit';

const proofTitles: Readonly<Record<Proven, () => string>> = {
  copy: () => vscode.l10n.t('Master Password Needed to Copy'),
  show: () => vscode.l10n.t('Master Password Needed to Show'),
  open: () => vscode.l10n.t('Master Password Needed to Open'),
  insert: () => vscode.l10n.t('Master Password Needed to Insert'),
  terminal: () => vscode.l10n.t('Master Password Needed to Copy to the Terminal'),
  openFile: () => vscode.l10n.t('Master Password Needed to Open'),
  save: () => vscode.l10n.t('Master Password Needed to Save'),
  delete: () => vscode.l10n.t('Master Password Needed to Delete'),
  edit: () => vscode.l10n.t('Master Password Needed to Edit'),
};
