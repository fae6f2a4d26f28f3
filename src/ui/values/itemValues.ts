import * as vscode from 'vscode';
import type { Field } from '../../vault/fields';
import { LockedError } from '../../vault/errors';
import type { Item } from '../../vault/items';
import type { OpenVault } from '../../vault/openVault';
import type { Clock } from '../../base/ports';
import { readValue, type Value } from '../../vault/read';
import type { Session } from '../../account/session';
import { webAddress } from '../../vault/webAddress';
import type { Clipboard } from '../clipboard/clipboard';
import type { ItemAction } from '../itemActions';
import { fieldLabel, itemName } from '../labels';
import { openAddress } from '../links';
import { askMasterPassword } from '../prompts/masterPassword';
import { showValue } from '../prompts/showValue';
import { noValue } from './noValue';

/** A field of an item that the user has chosen, without its value. */
export interface ChosenField {
  readonly vault: OpenVault;
  readonly item: Item;
  readonly field: Field;
}

/** Copies, shows and opens values of items. All commands that do something with a value come here. */
export class ItemValues {
  constructor(
    private readonly session: Session,
    private readonly clipboard: Clipboard,
    private readonly clock: Clock,
  ) {}

  /** @param part of the value, which is copied in its place. */
  async act(does: ItemAction['does'], chosen: ChosenField, part?: string): Promise<void> {
    const value = await this.#readOrSay(chosen);
    if (value === undefined) return;
    const isPart = part !== undefined && part !== '' && value.text.includes(part);
    await this.#do(does, chosen.item, chosen.field, isPart ? { ...value, text: part } : value);
  }

  /**
   * Reads a value that is then used, with the master password where the item asks for it.
   *
   * @returns undefined where there is none, which a notification says, and where the user did not give the password.
   * @throws LockedError when the vault was locked meanwhile; and as readValue.
   */
  async read(chosen: ChosenField): Promise<Value | undefined> {
    const value = await this.#readOrSay(chosen);
    if (value !== undefined) this.session.itemUse.record(chosen.item.id);
    return value;
  }

  async #readOrSay({ vault, item, field }: ChosenField): Promise<Value | undefined> {
    if (field.state === 'empty' || field.state === 'linked') {
      void vscode.window.showInformationMessage(noValue(item, field));
      return undefined;
    }
    const { untilLock } = this.session;
    const value = await this.#read(vault, item, field);
    if (untilLock.aborted) throw new LockedError('locked meanwhile');
    // The item may have changed since the field was chosen. Copying an empty text would clear the clipboard.
    if (value?.text !== '') return value;
    void vscode.window.showInformationMessage(noValue(item, field));
    return undefined;
  }

  async #do(does: ItemAction['does'], item: Item, field: Field, value: Value): Promise<void> {
    const { text, validUntil } = value;
    const label = fieldLabel(field);
    switch (does) {
      case 'copy':
        await (field.masked
          ? this.clipboard.copySecret(text, label, validUntil)
          : this.clipboard.copyPublic(text, label));
        this.session.itemUse.record(item.id);
        return;
      case 'show': {
        const { untilLock } = this.session;
        this.session.itemUse.record(item.id);
        const then = await showValue({
          title: vscode.l10n.t('{0} of {1}', label, itemName(item)),
          value: text,
          closeOn: this.session.onDidLock,
        });
        if (then !== 'copy') return;
        if (untilLock.aborted) throw new LockedError('locked meanwhile');
        await this.#do('copy', item, field, value);
        return;
      }
      case 'open': {
        const address = field.opens ? webAddress(text) : undefined;
        if (address === undefined) {
          void vscode.window.showInformationMessage(vscode.l10n.t('This is not a web address. Copy it instead.'));
          return;
        }
        await openAddress(address);
        this.session.itemUse.record(item.id);
      }
    }
  }

  #read(vault: OpenVault, item: Item, field: Field): Promise<Value | undefined> {
    this.session.touch();
    return readValue(vault, item.id, field.ref, {
      now: () => this.clock.now(),
      prove: async () => {
        const answer = await askMasterPassword({
          title: vscode.l10n.t('Master Password Needed'),
          prompt: vscode.l10n.t('{0} asks for your master password again.', itemName(item)),
          use: (password) => this.session.proveMasterPassword(password),
          closeOn: this.session.onDidLock,
        });
        return answer.kind === 'done' ? answer.value : undefined;
      },
    });
  }
}
