import type { Locator, Page } from 'playwright-core';
import { until } from './until';

/** Whether it can be seen within that time. */
export function appeared(what: Locator, timeoutMs: number): Promise<boolean> {
  return succeeds(what.waitFor({ timeout: timeoutMs }));
}

export function succeeds(attempt: Promise<void>): Promise<boolean> {
  return attempt.then(
    () => true,
    () => false,
  );
}

/** A button that shows while the mouse is over its surroundings. When they are drawn again it goes, so the mouse comes again. */
export async function pressUnderMouse(page: Page, over: Locator, button: Locator): Promise<void> {
  await until(`${String(button)} under the mouse`, async () => {
    await over.hover();
    if (await succeeds(button.click({ timeout: 5_000 }))) return true;
    await page.mouse.move(0, 0);
    return false;
  });
}

/** The tooltip that appears under the mouse. A row that is drawn again in that moment loses it, so the mouse comes again. */
export async function hoverText(page: Page, over: Locator): Promise<string> {
  const hover = page.locator('.monaco-hover:visible').last();
  await until('tooltip', async () => {
    await over.hover();
    if (await appeared(hover, 5_000)) return true;
    await page.mouse.move(0, 0);
    return false;
  });
  return hover.innerText();
}
