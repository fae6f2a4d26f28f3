import type { Locator, Page } from 'playwright-core';
import type { DomElement } from './dom';
import { appeared, succeeds } from './patience';
import { until } from './until';

/**
 * The palette shows our commands under this category. Tests write "Bitwarden: Lock Vault" for short. VS Code itself makes
 * commands for each view, under the title of the side bar.
 */
const category = 'Vaultside (Bitwarden): ';
const inFull = (title: string) => title.replace(/^Bitwarden: (?!Focus on )/, category);

export type PickRow = { label: string; description: string; detail: string };

/** VS Code's input box and quick pick, which share one widget. */
export class QuickInput {
  readonly widget: Locator;
  readonly box: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.box = this.widget.locator('.quick-input-box input');
  }

  /** Waits for the step of that title (or for any, without one). */
  async waitFor(title?: string | RegExp): Promise<void> {
    await this.box.or(this.widget.locator('.quick-input-list')).first().waitFor();
    if (title) await this.widget.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  async title(): Promise<string> {
    return this.widget.locator('.quick-input-title').innerText();
  }

  async placeholder(): Promise<string> {
    return (await this.box.getAttribute('placeholder')) ?? '';
  }

  /** Waits until the box is empty and shows this placeholder. */
  async waitForPlaceholder(text: string): Promise<void> {
    await this.widget.locator(`.quick-input-box input[placeholder*="${text}"]`).waitFor();
  }

  /** Whether what is typed shows as dots. */
  async isMasked(): Promise<boolean> {
    return (await this.box.getAttribute('type')) === 'password';
  }

  async type(text: string): Promise<void> {
    await this.box.fill(text);
  }

  async submit(text?: string): Promise<void> {
    if (text !== undefined) await this.type(text);
    await this.box.press('Enter');
  }

  /** Chooses a file in the dialog that VS Code has in a browser. It takes no Enter while it looks at a folder. */
  async chooseFile(path: string): Promise<void> {
    await until('the dialog to know a folder', async () => (await this.box.inputValue()).includes('/'));
    await this.type(path);
    await until('the dialog to take it', async () => {
      await succeeds(this.box.press('Enter', { timeout: 1_000 }));
      return !(await this.widget.isVisible());
    });
  }

  /** The line below the box: the prompt, or what is wrong with the input. */
  async message(): Promise<string> {
    return this.widget.locator('.quick-input-message').innerText();
  }

  async waitForMessage(text: string | RegExp): Promise<void> {
    await this.widget.locator('.quick-input-message', { hasText: text }).waitFor();
  }

  async rows(): Promise<PickRow[]> {
    await this.row(/./).first().waitFor();
    return this.widget.locator('.quick-input-list .monaco-list-row').evaluateAll((rows: DomElement[]) =>
      rows.map((row) => {
        const textOf = (selector: string) => row.querySelector(selector)?.textContent ?? '';
        return {
          label: textOf('.quick-input-list-row .monaco-icon-name-container'),
          description: textOf('.quick-input-list-row .monaco-icon-description-container'),
          detail: textOf('.quick-input-list-label-meta'),
        };
      }),
    );
  }

  /** The titles of the sections on the screen. */
  async sections(): Promise<string[]> {
    await this.row(/./).first().waitFor();
    const titles = await this.widget.locator('.quick-input-list-separator').allInnerTexts();
    return titles.filter((title) => title !== '');
  }

  /** The row with exactly this label, or with one that matches. */
  row(label: string | RegExp): Locator {
    const name = this.page.locator('.monaco-icon-name-container', { hasText: wholeText(label) });
    return this.widget.locator('.quick-input-list .monaco-list-row').filter({ has: name });
  }

  async choose(label: string | RegExp): Promise<void> {
    await this.row(label).first().click();
  }

  /** A button in the title or on a row, by its tooltip. */
  async press(name: string | RegExp): Promise<void> {
    await this.widget.getByRole('button', { name }).first().click();
  }

  async back(): Promise<void> {
    await this.press('Back');
  }

  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.waitUntilGone();
  }

  /** Waits until the progress bar runs. */
  async waitUntilBusy(): Promise<void> {
    await this.widget.locator('.quick-input-progress.active').waitFor();
  }

  async waitUntilGone(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Opens the command palette and runs the command of exactly that title, such as "Bitwarden: Unlock Vault". */
  async runCommand(command: string): Promise<void> {
    const title = inFull(command);
    const row = this.row(title).first();
    // Three things can go wrong: a palette that is still opening may empty the box again, an open one does not list
    // commands that became available later, and a row that moves at that moment is not pressed.
    await until(`command "${title}"`, async () => {
      await this.openPalette(title);
      const pressed = row.click({ timeout: 10_000 }).then(() => row.waitFor({ state: 'hidden', timeout: 5_000 }));
      if (await succeeds(pressed)) return true;
      await this.cancel();
      return false;
    });
  }

  /** The commands that the palette offers now whose titles begin so, without that beginning. */
  async offeredCommands(start: string): Promise<string[]> {
    const beginning = inFull(start);
    await this.openPalette(beginning);
    const ours = (label: string) => label.startsWith(beginning);
    await until('commands', async () => (await this.rows()).some(({ label }) => ours(label)));
    const offered = new Set<string>();
    for (const key of [
      'ControlOrMeta+Home',
      'PageDown',
      'PageDown',
      'PageDown',
      'PageDown',
      'PageDown',
      'PageDown',
      'ControlOrMeta+End',
    ]) {
      await this.box.press(key);
      for (const { label } of await this.rows()) if (ours(label)) offered.add(label.slice(beginning.length));
    }
    await this.cancel();
    return [...offered];
  }

  /** What takes the focus late, such as a log that is being opened, closes the palette again. */
  private async openPalette(text: string): Promise<void> {
    await until('command palette', async () => {
      await this.page.keyboard.press('F1');
      return (await appeared(this.box, 2_000)) && succeeds(this.box.fill(`>${text}`, { timeout: 2_000 }));
    });
  }
}

export function wholeText(text: string | RegExp): RegExp {
  if (text instanceof RegExp) return text;
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}
