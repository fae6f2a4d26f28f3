import type { Locator, Page } from 'playwright-core';

export class Workbench {
  private constructor(readonly page: Page) {}

  static async ready(page: Page): Promise<Workbench> {
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.statusbar-item').first().waitFor();
    return new Workbench(page);
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget');
  }
}
