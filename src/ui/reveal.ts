import * as vscode from 'vscode';
import { type Field, fieldFits, type Item } from '../vault/items';
import type { OpenVault } from '../vault/openVault';
import type { Clock } from '../vault/ports';
import type { Session } from '../vault/session';
import type { Clipboard } from './clipboard';
import { readThroughGate } from './gate';
import { fieldLabel, itemName } from './labels';
import { askMasterPassword } from './prompts/masterPassword';
import { showValue } from './prompts/showValue';
import { openAddress } from './links';
import { webAddress } from './webAddress';

interface Current {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly validUntil?: number;
}

/** Copies, shows and opens values. Whoever wants a value of an item has it done here. */
export class Reveal {
  constructor(
    private readonly session: Session,
    private readonly clipboard: Clipboard,
    private readonly clock: Clock,
  ) {}

  async copy(vault: OpenVault, item: Item, field: Field): Promise<void> {
    const value = await this.#read(vault, item, field);
    if (value !== undefined) await this.#copy(field, await this.#current(field, value));
  }

  async show(vault: OpenVault, item: Item, field: Field): Promise<void> {
    const value = await this.#read(vault, item, field);
    if (value === undefined) return;
    const current = await this.#current(field, value);
    const then = await showValue({
      title: vscode.l10n.t('{0} of {1}', fieldLabel(field, vscode.l10n), itemName(item, vscode.l10n)),
      value: current.text,
      closeOn: this.session.onDidLock,
    });
    if (then === 'copy') await this.#copy(field, current);
  }

  async open(vault: OpenVault, item: Item, field: Field): Promise<void> {
    const value = await this.#read(vault, item, field);
    if (value === undefined) return;
    const address = webAddress(value);
    if (address !== undefined) await openAddress(address);
    else void vscode.window.showInformationMessage(vscode.l10n.t('This is not a web address. Copy it instead.'));
  }

  async #read(vault: OpenVault, item: Item, field: Field): Promise<string | undefined> {
    this.session.touch();
    return readThroughGate(vault, item.id, field.key, async () => {
      const answer = await askMasterPassword({
        title: vscode.l10n.t('Master Password Needed'),
        prompt: vscode.l10n.t('{0} asks for your master password again.', itemName(item, vscode.l10n)),
        use: (password) => this.session.proveMasterPassword(password),
        closeOn: this.session.onDidLock,
      });
      return answer.kind === 'done' ? answer.value : undefined;
    });
  }

  async #copy(field: Field, { text, validUntil }: Current): Promise<void> {
    const label = fieldLabel(field, vscode.l10n);
    if (field.secret) await this.clipboard.copySecret(text, label, validUntil);
    else await this.clipboard.copyPublic(text, label);
  }

  /** The value as it is used: of a TOTP secret the code of this moment. */
  async #current(field: Field, value: string): Promise<Current> {
    if (!fieldFits(field, 'totp')) return { text: value };
    const { totpCode } = await import('../vault/totp');
    const now = this.clock.now();
    const { code, secondsLeft } = totpCode(value, now);
    return { text: code, validUntil: now + secondsLeft * 1000 };
  }
}
