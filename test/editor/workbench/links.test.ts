import assert from 'node:assert/strict';
import { demoVault } from '../../server/demo';
import { misbehaviours } from '../../server/misbehaviours';
import { until } from '../host/until';
import { suite } from './suite';
import { typeInKey } from './typeInKey';
import type { Vaultside } from './vaultside';
import { giveUnknownUserKey } from '../../support/unknownUserKey';

/** Answers every request outside this computer with an empty page, so that no real web page is opened. */
async function keepInside({ vscode }: Vaultside): Promise<void> {
  await vscode.context.route(/^https:/, (route) => route.fulfill({ body: '' }));
}

/** The address of the window that `act` opens. This build reaches other ports of its own computer by a detour. */
async function opened({ vscode }: Vaultside, act: () => Promise<void>): Promise<string> {
  const [page] = await Promise.all([vscode.context.waitForEvent('page'), act()]);
  await page.waitForURL(/^http/);
  const url = page.url().replace(`${vscode.server.origin}/proxy/`, 'http://127.0.0.1:');
  await page.close();
  return url;
}

/** Signs in with a web vault elsewhere: the detour to other ports of this computer drops what follows a `#`. */
async function signInWithWebVault({ workbench, quickInput, server }: Vaultside, webVault: string): Promise<void> {
  await typeInKey(workbench, { server: webVault, separate: server.urls, ...server.account });
  await quickInput.waitFor('Unlock Vault');
  await quickInput.cancel();
}

/** With or without a network: the address of the cloud is asked first whether it is there. */
const asksForClientId = /client_id of your personal API key|You can still enter the key\./;

suite('What leads out of VS Code', { account: demoVault }, (vaultside) => {
  before(() => keepInside(vaultside()));

  it('the web vault', async () => {
    const { workbench, server } = vaultside();
    await vaultside().beginUnlocked();
    assert.equal(await opened(vaultside(), () => workbench.runCommand('Bitwarden: Open Web Vault')), `${server.url}/`);
  });

  it('the page of the API key, from the box that asks for it, which stays open', async () => {
    const { workbench, quickInput } = vaultside();
    const address = 'https://vault.bitwarden.eu/#/settings/security/security-keys';
    await vaultside().beginSignedOut();
    await workbench.runCommand('Bitwarden: Sign In with API Key');
    await quickInput.choose('Bitwarden EU');
    await quickInput.waitForMessage(asksForClientId);
    await quickInput.press('Open Web Vault API-Key Page');
    assert.equal((await workbench.modal()).detail, address);
    assert.equal(await opened(vaultside(), () => workbench.pressModal('Open')), address);
    await quickInput.waitForMessage(asksForClientId);
    await quickInput.cancel();
  });

  it('the page of the API key, of the server that somebody is signed in to, or else the help on it', async () => {
    const { workbench } = vaultside();
    const command = 'Bitwarden: Open Web Vault API-Key Page';
    await vaultside().beginSignedOut();
    await signInWithWebVault(vaultside(), 'https://vault.example.org/sub');
    await workbench.runCommand(command);
    const address = 'https://vault.example.org/sub/#/settings/security/security-keys';
    assert.equal((await workbench.modal()).detail, address);
    assert.equal(await opened(vaultside(), () => workbench.pressModal('Open')), address);
    await vaultside().beginSignedOut();
    await workbench.runCommand(command);
    const help = 'https://bitwarden.com/help/personal-api-key/';
    assert.equal((await workbench.modal()).detail, help);
    assert.equal(await opened(vaultside(), () => workbench.pressModal('Open')), help);
  });

  it('the address of an item, in the browser, after VS Code has asked', async () => {
    const { workbench } = vaultside();
    await vaultside().beginUnlocked();
    await workbench.runCommand('Bitwarden: Open in Browser');
    await vaultside().searchFor('github', 'GitHub');
    const { message, detail } = await workbench.modal();
    assert.match(message, /open the external website/);
    assert.equal(detail, 'https://github.com/login');
    assert.equal(await opened(vaultside(), () => workbench.pressModal('Open')), 'https://github.com/login');
  });

  it('the log', async () => {
    const { workbench } = vaultside();
    await workbench.runCommand('Bitwarden: Open Logs');
    const channel = workbench.page.locator('.part.panel select').first();
    await until('the log to be shown', async () => (await channel.inputValue()) === 'Vaultside for Bitwarden');
  });
});

suite('An account of an encryption to come', {}, (vaultside) => {
  before(() => keepInside(vaultside()));

  it('is told so, and sent to the web vault', async () => {
    const { workbench, server } = vaultside();
    const sentence = 'The key of this account is encrypted in a way that Vaultside does not know. Use the web vault.';
    await giveUnknownUserKey(server.account);
    await vaultside().beginSignedOut();
    await vaultside().signIn();
    await vaultside().enterMasterPassword();
    await workbench.waitForNotification(sentence);
    assert.deepEqual(await vaultside().workbench.buttonsOf(sentence), ['Open Web Vault', 'Open Logs']);
    await vaultside().waitForState('locked');
    const address = await opened(vaultside(), () => workbench.pressNotification(sentence, 'Open Web Vault'));
    assert.equal(address, `${server.url}/`);
  });
});

suite('The buttons of a failure', { keyInEnvironment: true }, (vaultside) => {
  const sentence = 'has a problem of its own (500). Try again later.';

  it('lead to sign-in where nobody is signed in', async () => {
    const { workbench, quickInput, server } = vaultside();
    await vaultside().beginSignedOut();
    server.faults.arm('/identity/connect/token', misbehaviours.serverError);
    await workbench.runCommand('Bitwarden: Sign In with API Key');
    await quickInput.choose('Self-hosted');
    await quickInput.waitForMessage(/Address of your server|Connects to/);
    await quickInput.submit(server.url);
    await quickInput.choose('Use the key from the environment');
    await workbench.waitForNotification(sentence);
    assert.deepEqual(await vaultside().workbench.buttonsOf(sentence), ['Sign In with API Key', 'Open Logs']);
    await workbench.pressNotification(sentence, 'Sign In with API Key');
    await quickInput.row('Self-hosted').waitFor();
    await quickInput.cancel();
  });

  it('stand in the box that stays open, too, as the log does', async () => {
    const { workbench, quickInput, server } = vaultside();
    await vaultside().beginSignedOut();
    server.faults.arm('/identity/connect/token', misbehaviours.serverError);
    await vaultside().enterKey();
    await quickInput.waitForMessage('has a problem of its own (500)');
    await quickInput.press('Open Logs');
    const channel = workbench.page.locator('.part.panel select').first();
    await until('the log to be shown', async () => (await channel.inputValue()) === 'Vaultside for Bitwarden');
    await quickInput.waitForMessage('has a problem of its own (500)');
    server.faults.clear();
    await quickInput.submit(server.account.clientSecret);
    await quickInput.waitFor('Unlock Vault');
    await quickInput.cancel();
  });

  it('lead to another sync where somebody is', async () => {
    const { workbench, server } = vaultside();
    const ofTheSync = 'fails to send this vault (500).';
    await vaultside().beginUnlocked();
    const fault = server.faults.arm('/api/sync', misbehaviours.serverError);
    await workbench.clearNotifications();
    await workbench.runCommand('Bitwarden: Sync Vault');
    await workbench.waitForNotification(ofTheSync);
    assert.deepEqual(await vaultside().workbench.buttonsOf(ofTheSync), ['Open Web Vault', 'Sync Vault', 'Open Logs']);
    fault.remove();
    await workbench.pressNotification(ofTheSync, 'Sync Vault');
    await workbench.page.getByText('The vault is up to date.').waitFor();
  });
});
