import type { Vaultside } from './vaultside';

/** The buttons of the notification with that text, from left to right. */
export async function buttonsOf({ workbench }: Vaultside, text: string): Promise<string[]> {
  const item = workbench.notification(text).first();
  await item.hover();
  return item.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
}
