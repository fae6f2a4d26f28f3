import assert from 'node:assert/strict';
import { SecretTrouble } from '../secretTrouble/secretTrouble';
import { suite } from './suite';
import type { Setup } from './vaultside';

const sentence = 'The secret storage of VS Code cannot be read. Unlock the keychain of your system, then try again.';

let trouble: SecretTrouble;

function setup(): Setup {
  trouble = new SecretTrouble();
  return trouble.setup;
}

suite('A secret storage that cannot be read', setup, (vaultside) => {
  before(async () => {
    await vaultside().signIn();
    await vaultside().quickInput.cancel();
    await vaultside().waitForState('locked');
  });

  beforeEach(async () => {
    trouble.begin();
    await vaultside().vscode.reload();
    await vaultside().waitForState('Storage Not Readable');
    await vaultside().workbench.openSideBar('Bitwarden');
  });

  after(() => trouble.remove());

  /** The menu of the view's title bar. */
  async function moreActions(): Promise<string[]> {
    const { page } = vaultside().workbench;
    await page.locator('.part.sidebar .codicon-toolbar-more').first().click();
    const items = page.locator('.monaco-menu .action-menu-item .action-label');
    await items.first().waitFor();
    const names = await items.allInnerTexts();
    await page.keyboard.press('Escape');
    return names;
  }

  it('is told in the status bar and in the view, with what can be done about it and nothing else', async () => {
    const { workbench, quickInput, tree } = vaultside();
    await tree.welcome().getByText(sentence).waitFor();
    assert.deepEqual(await tree.welcome().locator('.monaco-button, a').allInnerTexts(), ['Try Again', 'in the log']);
    const tooltip = await workbench.statusTooltip('vaultside.status');
    assert.ok(tooltip.includes(sentence), tooltip);
    assert.match(tooltip, /Try Again · Open Logs/);
    assert.deepEqual((await quickInput.offeredCommands('Bitwarden: ')).sort(), [
      'Clear Clipboard Now',
      'Generate Passphrase',
      'Generate Password',
      'Generate Username',
      'Open Logs',
      'Open Settings',
      'Open Web Vault API-Key Page',
      'Search Vault',
      'Try Again',
      'Turn Presentation Mode On',
    ]);
    assert.deepEqual(await moreActions(), [
      'Generate Password',
      'Generate Passphrase',
      'Generate Username',
      'Turn Presentation Mode On',
      'Open Web Vault API-Key Page',
      'Open Settings',
      'Open Logs',
    ]);
  });

  it('is told again when trying again does not help, and the vault is back once it does', async () => {
    const { workbench, quickInput, tree } = vaultside();
    await tree.welcome().getByRole('button', { name: 'Try Again' }).click();
    await workbench.waitForNotification(sentence);
    assert.deepEqual(await vaultside().workbench.buttonsOf(sentence), ['Try Again', 'Open Logs']);
    await vaultside().waitForState('Storage Not Readable');

    trouble.end();
    await workbench.pressNotification(sentence, 'Try Again');
    await vaultside().waitForState('locked');
    await tree.welcome().getByText('The vault is locked.').waitFor();
    await workbench.runCommand('Bitwarden: Unlock Vault');
    await quickInput.waitFor('Unlock Vault');
    await vaultside().enterMasterPassword();
    await vaultside().waitForState('unlocked');
  });
});
