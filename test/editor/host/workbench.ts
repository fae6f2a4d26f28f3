import type { Locator, Page } from 'playwright-core';
import { appeared, hoverText, succeeds } from './patience';
import { QuickInput } from './quickInput';
import { Tree } from './tree';
import { until } from './until';

export type Theme = 'light' | 'dark' | 'high contrast' | 'high contrast light';

const themes: Record<Theme, { label: string; className: string }> = {
  light: { label: 'Light Modern', className: 'vs' },
  dark: { label: 'Dark Modern', className: 'vs-dark' },
  'high contrast': { label: 'Dark High Contrast', className: 'hc-black' },
  'high contrast light': { label: 'Light High Contrast', className: 'hc-light' },
};

const notificationPlaces = '.notifications-toasts, .notifications-center';

/** One window of VS Code, driven as a person would: by what is on the screen. */
export class Workbench {
  readonly quickInput: QuickInput;

  private constructor(readonly page: Page) {
    this.quickInput = new QuickInput(page);
  }

  static async ready(page: Page): Promise<Workbench> {
    await page.locator('.monaco-workbench').waitFor({ timeout: 120_000 });
    await page.locator('.statusbar-item').first().waitFor({ timeout: 120_000 });
    return new Workbench(page);
  }

  async runCommand(title: string): Promise<void> {
    await this.quickInput.runCommand(title);
  }

  /** Brings a view container to the front by its title in the activity bar. */
  async openSideBar(title: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: title });
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  async setSideBarWidth(width: number): Promise<void> {
    const box = (await this.page.locator('.part.sidebar').boundingBox())!;
    await this.page.mouse.move(box.x + box.width, box.y + 300);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, box.y + 300, { steps: 5 });
    await this.page.mouse.up();
  }

  tree(view: string): Tree {
    return new Tree(this.page, view);
  }

  /** The status bar item of our extension whose id ends so (see `createStatusBarItem(id)`). */
  statusBarItem(id: string): Locator {
    return this.page.locator(`.statusbar-item[id$="${id}"]`);
  }

  async waitForStatus(id: string, text: string | RegExp): Promise<void> {
    await this.statusBarItem(id).filter({ hasText: text }).waitFor();
  }

  async clickStatus(id: string): Promise<void> {
    await this.statusBarItem(id).locator('a').first().click();
  }

  async statusTooltip(id: string): Promise<string> {
    return hoverText(this.page, this.statusBarItem(id));
  }

  /** Waits for a modal dialog, and returns its message and detail. */
  async modal(): Promise<{ message: string; detail: string }> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.waitFor();
    const detail = box.locator('#monaco-dialog-message-detail, .dialog-message-detail').first();
    return {
      message: (await box.locator('.dialog-message-text').innerText()).trim(),
      detail: (await detail.count()) ? (await detail.innerText()).trim() : '',
    };
  }

  async pressModal(button: string): Promise<void> {
    const box = this.page.locator('.monaco-dialog-box');
    await box.locator('.monaco-button', { hasText: button }).first().click();
    await box.waitFor({ state: 'hidden' });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(`:is(${notificationPlaces}) .notification-list-item`).filter({ hasText: text });
  }

  /**
   * Waits for a notification. Also looks in the list of notifications, since VS Code takes each off the screen after
   * some seconds, and shows at most three within 0.8 s. The bell in the status bar has a dot for those that were not in
   * the list yet.
   */
  async waitForNotification(text: string | RegExp): Promise<Locator> {
    const item = this.notification(text).first();
    const bellWithDot = this.statusBarItem('status.notifications').locator('.codicon-bell-dot');
    await until(`notification "${text}"`, async () => {
      if (await appeared(item, 1_000)) return true;
      // Opening the palette would close an open box.
      if ((await this.quickInput.widget.isVisible()) || !(await bellWithDot.isVisible())) return false;
      await this.runCommand('Notifications: Show Notifications');
      return appeared(item, 5_000);
    });
    return item;
  }

  async notifications(): Promise<string[]> {
    return this.page.locator(`:is(${notificationPlaces}) .notification-list-item-message`).allInnerTexts();
  }

  /** The buttons of the notification with that text, from left to right. */
  async buttonsOf(text: string): Promise<string[]> {
    const item = this.notification(text).first();
    await item.hover();
    return item.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
  }

  async pressNotification(text: string | RegExp, button: string): Promise<void> {
    // The notification may leave the screen at that moment, or move when one below it goes. Then nothing was pressed.
    await until(`"${button}" of the notification "${text}"`, async () => {
      const item = await this.waitForNotification(text);
      await item.hover({ timeout: 5_000 }).catch(() => undefined);
      return succeeds(pressAway(item.getByRole('button', { name: button, exact: true })));
    });
  }

  /** What the screen shows, as text and as the accessibility tree: for where nobody can look at a picture. */
  async onScreen(): Promise<string> {
    const places = ['.quick-input-widget', '.monaco-dialog-box', notificationPlaces, '.statusbar'];
    const texts = places.map((place) => this.page.locator(`:is(${place}):visible`).allInnerTexts());
    const words = (await Promise.all(texts)).flat().join('\n');
    return `Words on the screen:\n${words}\nAccessibility tree:\n${await this.page.locator('body').ariaSnapshot()}`;
  }

  /** Closes the dialog, prompt or menu that a failed test has left open. */
  async dismiss(): Promise<void> {
    for (let press = 0; press < 3; press++) await this.page.keyboard.press('Escape');
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand('Notifications: Clear All Notifications');
    await this.notification(/./).first().waitFor({ state: 'hidden' });
  }

  /**
   * The user leaves the window, and comes back. The driver has the browser believe that every page has the focus, so the
   * page is told by hand.
   */
  async leaveAndComeBack(meanwhile: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const tell = (hasFocus: boolean) =>
      this.page.evaluate(`(async () => {
        document.hasFocus = () => ${hasFocus};
        window.dispatchEvent(new Event('${hasFocus ? 'focus' : 'blur'}'));
        await new Promise((resolve) => setTimeout(resolve));
      })()`);
    await tell(false);
    try {
      await meanwhile();
    } finally {
      await tell(true);
      await this.page.evaluate('delete document.hasFocus');
    }
  }

  async clipboard(): Promise<string> {
    await this.page.bringToFront();
    return this.page.evaluate('navigator.clipboard.readText()');
  }

  async writeClipboard(text: string): Promise<void> {
    await this.page.bringToFront();
    await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  }

  async setTheme(theme: Theme): Promise<void> {
    const { label, className } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.quickInput.waitFor();
    await this.quickInput.type(label);
    await this.quickInput.choose(label);
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  async replaceUserSettings(settings: Record<string, unknown>): Promise<void> {
    await this.runCommand('Preferences: Open User Settings (JSON)');
    await this.page.locator('.editor-group-container.active .view-lines').click();
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.insertText(JSON.stringify(settings, null, 2));
    await this.page.keyboard.press('ControlOrMeta+S');
  }

  async closeEditors(): Promise<void> {
    const tab = this.page.locator('.editor-group-container .tab').first();
    if (!(await tab.isVisible())) return;
    await this.runCommand('View: Close All Editors');
    await tab.waitFor({ state: 'hidden' });
  }

  async closePanel(): Promise<void> {
    const panel = this.page.locator('.part.panel');
    if (!(await panel.isVisible())) return;
    await this.runCommand('View: Hide Panel');
    await panel.waitFor({ state: 'hidden' });
  }
}

/** Presses a button and waits until it is gone. Rejects if it stays. */
async function pressAway(button: Locator): Promise<void> {
  const pressed = await button.elementHandle({ timeout: 5_000 });
  await pressed.click({ timeout: 5_000 });
  await pressed.waitForElementState('hidden', { timeout: 5_000 });
}
