import type { Locator, Page } from 'playwright-core';
import type { DomElement } from './dom';
import { appeared, hoverText, pressUnderMouse } from './patience';
import { wholeText } from './quickInput';
import { until } from './until';

export type TreeRow = { level: number; label: string; description: string };

/** One tree view of the side bar. */
export class Tree {
  private readonly pane: Locator;

  constructor(
    private readonly page: Page,
    view: string,
  ) {
    const header = page.locator(`.pane-header[aria-label^="${view}"]`);
    this.pane = page.locator('.pane').filter({ has: header });
  }

  async waitFor(): Promise<void> {
    await this.pane.waitFor();
  }

  /** The rows on the screen, from top to bottom. A long tree has more of them out of sight. */
  async rows(): Promise<TreeRow[]> {
    return this.pane.locator('.monaco-list-row').evaluateAll((rows: DomElement[]) =>
      rows
        .map((row) => ({
          top: row.getBoundingClientRect().top,
          level: Number(row.getAttribute('aria-level')),
          label: row.querySelector('.monaco-icon-name-container')?.textContent ?? '',
          description: row.querySelector('.monaco-icon-description-container')?.textContent ?? '',
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ level, label, description }) => ({ level, label, description })),
    );
  }

  row(label: string | RegExp): Locator {
    const name = this.page.locator('.monaco-icon-name-container', { hasText: wholeText(label) });
    return this.pane.locator('.monaco-list-row').filter({ has: name });
  }

  async waitForRow(label: string | RegExp): Promise<void> {
    await this.row(label).first().waitFor();
  }

  async click(label: string | RegExp): Promise<void> {
    await this.row(label).first().locator('.monaco-icon-label').first().click();
  }

  async expand(label: string | RegExp): Promise<void> {
    await this.toggleUntil('true', label);
  }

  /** Waits until the tree has the keyboard focus. */
  async waitForFocus(): Promise<void> {
    await this.pane.locator('.monaco-list:focus').waitFor();
  }

  /** Waits until the arrow keys have reached this row. */
  async waitForFocusOn(label: string | RegExp): Promise<void> {
    await this.pane.locator('.monaco-list-row.focused').and(this.row(label)).first().waitFor();
  }

  async collapse(label: string | RegExp): Promise<void> {
    await this.toggleUntil('false', label);
  }

  /** Clicks until the row is expanded or not, as wanted: a tree that is being drawn again ignores a click. */
  private async toggleUntil(expanded: 'true' | 'false', label: string | RegExp): Promise<void> {
    const row = this.row(label).first();
    const done = this.pane.locator(`.monaco-list-row[aria-expanded="${expanded}"]`).and(this.row(label)).first();
    await until(`"${label}" to be ${expanded === 'true' ? 'expanded' : 'collapsed'}`, async () => {
      if ((await row.getAttribute('aria-expanded')) !== expanded) await row.locator('.monaco-tl-twistie').click();
      return appeared(done, 5_000);
    });
  }

  /** Presses a button that appears on the row under the mouse, by its tooltip. */
  async pressInline(label: string | RegExp, action: string | RegExp): Promise<void> {
    const row = this.row(label).first();
    await pressUnderMouse(this.page, row, row.getByRole('button', { name: action }).first());
  }

  async inlineActions(label: string | RegExp): Promise<string[]> {
    const row = this.row(label).first();
    await row.hover();
    return row
      .locator('.actions .action-label')
      .evaluateAll((all: DomElement[]) => all.map((a) => a.getAttribute('aria-label') ?? ''));
  }

  /** The names of the entries of a row's context menu. The menu is closed again. */
  async contextMenu(label: string | RegExp): Promise<string[]> {
    await this.row(label).first().click({ button: 'right' });
    const items = this.page.locator('.context-view .monaco-menu .action-label:not(.separator)');
    await items.first().waitFor();
    const names = await items.evaluateAll((all: DomElement[]) =>
      all.map((item) => item.getAttribute('aria-label') ?? item.textContent),
    );
    await this.page.keyboard.press('Escape');
    await items.first().waitFor({ state: 'hidden' });
    return names;
  }

  async chooseFromContextMenu(label: string | RegExp, entry: string): Promise<void> {
    await this.row(label).first().click({ button: 'right' });
    const item = this.page
      .locator('.context-view .monaco-menu')
      .getByRole('menuitem', { name: entry, exact: true })
      .first();
    // VS Code ignores clicks in the first moments of a menu, so that releasing the right button chooses nothing.
    await until(`menu to take "${entry}"`, async () => {
      if (!(await item.isVisible())) return true;
      await item.click({ timeout: 2_000 }).catch(() => undefined);
      return false;
    });
  }

  /** The tooltip of a row as text. */
  async tooltip(label: string | RegExp): Promise<string> {
    return hoverText(this.page, this.row(label).first().locator('.monaco-icon-label').first());
  }

  /** The text and the buttons shown in place of an empty tree. */
  welcome(): Locator {
    return this.pane.locator('.welcome-view-content');
  }
}
