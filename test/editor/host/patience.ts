import type { Locator, Page } from 'playwright-core';
import { until } from './until';

/** Whether it becomes visible within that time. */
export function appeared(what: Locator, timeoutMs: number): Promise<boolean> {
  return succeeds(what.waitFor({ timeout: timeoutMs }));
}

export function succeeds(attempt: Promise<unknown>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

/**
 * Presses a button that shows while the mouse is over something. When that is drawn again the button goes, so the mouse
 * is moved there again.
 */
export async function pressUnderMouse(page: Page, over: Locator, button: Locator): Promise<void> {
  await until(`${String(button)} under the mouse`, async () => {
    await over.hover();
    if (await succeeds(button.click({ timeout: 5_000 }))) return true;
    await page.mouse.move(0, 0);
    return false;
  });
}

/**
 * Reads the tooltip that appears under the mouse. When the row is drawn again the tooltip goes, so the mouse is moved
 * there again.
 */
export async function hoverText(page: Page, over: Locator): Promise<string> {
  const hover = page.locator('.monaco-hover:visible').last();
  await until('tooltip', async () => {
    // One of before, of what was under the mouse.
    if (await hover.isVisible()) {
      await page.mouse.move(0, 0);
      return false;
    }
    await over.hover();
    if (await appeared(hover, 5_000)) return true;
    await page.mouse.move(0, 0);
    return false;
  });
  return hover.innerText();
}
