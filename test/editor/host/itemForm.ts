import type { Locator, Page } from 'playwright-core';
import { ItemPage } from './itemPage';

/** The form of an item, in the page of the item. */
export class ItemForm extends ItemPage {
  constructor(private readonly keys: Page) {
    super(keys);
  }

  /** What is filled in, by its label. */
  box(label: string): Locator {
    return this.frame.locator('.control').getByLabel(label, { exact: true });
  }

  button(name: string): Locator {
    return this.frame.getByRole('button', { name, exact: true });
  }

  get badge(): Locator {
    return this.frame.locator('.keptBadge', { hasText: 'Draft kept' });
  }

  async fill(label: string, text: string): Promise<void> {
    await this.box(label).fill(text);
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    await this.keys.keyboard.insertText(text);
  }

  /** The label of what has the keyboard focus. */
  async focusedLabel(): Promise<string> {
    return this.frame.locator('body').evaluate(`(() => {
      const active = document.activeElement;
      return active.labels?.[0]?.textContent ?? active.getAttribute('aria-label') ?? active.textContent;
    })()`);
  }
}
