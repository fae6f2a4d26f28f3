import { readFileSync } from 'node:fs';
import type { FrameLocator, Locator, Page } from 'playwright-core';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The page of an item, in the view under the tree or in a tab: a frame in a frame. */
export class ItemPage {
  readonly frame: FrameLocator;

  constructor(private readonly page: Page) {
    this.frame = page.locator('iframe.webview.ready').last().contentFrame().frameLocator('#active-frame');
  }

  async waitFor(title: string): Promise<void> {
    await this.frame.locator('h1', { hasText: title }).waitFor();
  }

  /** A row by the beginning of its label. */
  row(label: string): Locator {
    return this.frame.locator(`.row[aria-label^="${label}"]`).first();
  }

  value(label: string): Locator {
    return this.row(label).locator('.value');
  }

  /** Waits until a row, by the beginning of its label, has the keyboard focus. */
  async waitForFocus(label: string): Promise<void> {
    await this.frame.locator(`.row[aria-label^="${label}"]:focus`).waitFor();
  }

  /** Gives the row the keyboard focus. */
  async focus(label: string): Promise<void> {
    await this.row(label).focus();
  }

  /** What is selected in the page. */
  async selection(): Promise<string> {
    return this.frame.locator('body').evaluate('document.getSelection().toString()');
  }

  /**
   * What axe finds fault with in the page. Its policy keeps scripts out, so axe comes by the debugger; and it cannot see the
   * background, which is that of the side bar.
   */
  async faults(): Promise<string[]> {
    const body = this.frame.locator('body');
    await body.evaluate(`document.body.style.background = 'var(--vscode-sideBar-background)'; ${axe}`);
    return body.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html, failureSummary].join('\\n'))),
    )`);
  }

  /** Role and name of what has the keyboard focus, and the line around it. */
  async focused(): Promise<{ name: string; ring: string }> {
    return this.frame.locator('body').evaluate(`(() => {
      const active = document.activeElement;
      const { outlineStyle, outlineWidth } = getComputedStyle(active);
      const role = active.getAttribute('role') ?? active.localName;
      const words = [...active.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('');
      return {
        name: [role, active.getAttribute('aria-label') ?? words].join(' '),
        ring: [outlineStyle, outlineWidth].join(' '),
      };
    })()`);
  }

  async scrollsSideways(): Promise<boolean> {
    return this.frame.locator('body').evaluate(`
      [document.documentElement, ...document.querySelectorAll('.value')].some((each) => each.scrollWidth > each.clientWidth)
    `);
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** All that is in the frames of webviews: text, attributes and styles. */
  async everything(): Promise<string> {
    const frames = this.page.frames().filter((frame) => frame !== this.page.mainFrame());
    const all = await Promise.all(
      frames.map((frame) => frame.evaluate('document.documentElement.outerHTML').catch(() => '')),
    );
    return all.join('\n');
  }
}
