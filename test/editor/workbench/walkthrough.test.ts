import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { DomElement } from '../host/dom';
import { until } from '../host/until';
import { suite } from './suite';

const account = { items: [{ name: 'GitHub', username: 'robin', password: 'of-GitHub', favorite: true }] };

suite('The walkthrough', { account }, (vaultside) => {
  before(async () => {
    const { workbench, quickInput } = vaultside();
    await workbench.runCommand('Welcome: Open Walkthrough...');
    await quickInput.type('Vaultside');
    await quickInput.choose(/^Get Started with Vaultside/);
    await step('unlock').waitFor();
  });

  function step(id: string): Locator {
    return vaultside().vscode.page.locator(`.getting-started-step[data-step-id$="#start#${id}"]`);
  }

  /** Presses the button of a step, which shows when the step is selected. */
  async function press(id: string, button: string): Promise<void> {
    if ((await step(id).getAttribute('aria-expanded')) !== 'true') await step(id).locator('.step-title').click();
    await step(id).getByRole('button', { name: button }).click();
  }

  async function ticked(): Promise<string[]> {
    const checked = vaultside().vscode.page.locator('.getting-started-step [role="checkbox"][aria-checked="true"]');
    const ids = await checked.evaluateAll((all: DomElement[]) =>
      all.map((box) => box.getAttribute('data-done-step-id') ?? ''),
    );
    return ids.map((id) => id.split('#').at(-1)!);
  }

  async function untilTicked(...ids: string[]): Promise<void> {
    await until(`${ids.join()} to be ticked`, async () => (await ticked()).length >= ids.length);
    assert.deepEqual(await ticked(), ids);
  }

  it('begins with the sign-in whichever step is tried first, and ticks nothing that was given up', async () => {
    const { quickInput } = vaultside();
    for (const [id, button] of [
      ['unlock', 'Unlock Vault'],
      ['copy', 'Search Vault'],
      ['rotate', 'Rotate API Key'],
    ] as const) {
      await press(id, button);
      await quickInput.waitFor('Sign In with API Key');
      await quickInput.cancel();
    }
    assert.deepEqual(await ticked(), []);
  });

  it('ticks what was done: signed in, unlocked, copied, rotated', async () => {
    const { quickInput, workbench } = vaultside();
    await vaultside().signIn();
    await untilTicked('key', 'signIn');
    await quickInput.cancel();
    await press('unlock', 'Unlock Vault');
    await vaultside().enterMasterPassword();
    await untilTicked('key', 'signIn', 'unlock');
    await press('copy', 'Search Vault');
    await quickInput.row('GitHub').waitFor();
    await quickInput.cancel();
    await untilTicked('key', 'signIn', 'unlock');
    await press('copy', 'Search Vault');
    await vaultside().searchFor('git', 'GitHub');
    await untilTicked('key', 'signIn', 'unlock', 'copy');
    assert.equal(await workbench.clipboard(), 'of-GitHub');
    await press('rotate', 'Rotate API Key');
    await workbench.pressModal('Cancel');
    await untilTicked('key', 'signIn', 'unlock', 'copy');
    await press('rotate', 'Rotate API Key');
    await workbench.pressModal('Rotate API Key');
    await quickInput.waitForMessage('Enter your master password to confirm.');
    await vaultside().enterMasterPassword();
    await untilTicked('key', 'signIn', 'unlock', 'copy', 'rotate');
  });

  it('is not needed to find a command: both names do', async () => {
    const { quickInput, vscode } = vaultside();
    for (const typed of ['vaultside lock', 'bitwarden lock', 'vaultside sign out', 'bitwarden sign out']) {
      await vscode.page.keyboard.press('F1');
      await quickInput.type(`>${typed}`);
      await quickInput
        .row(/^Vaultside \(Bitwarden\): (Lock Vault|Sign Out)$/)
        .first()
        .waitFor();
      await quickInput.cancel();
    }
  });
});
