import type { Workbench } from '../host/workbench';

export type TypedKey = {
  server: string;
  /** Separate addresses of API and identity service. */
  separate?: { api: string; identity: string };
  clientId: string;
  clientSecret: string;
};

/**
 * Does all steps of a sign-in with a key that is typed in, also where the environment has one. Does not wait for the
 * outcome.
 */
export async function typeInKey(
  workbench: Workbench,
  key: TypedKey,
  environmentHoldsKey = false,
  command = 'Bitwarden: Sign In with API Key',
): Promise<void> {
  const { quickInput } = workbench;
  await workbench.runCommand(command);
  await quickInput.choose('Self-hosted');
  await quickInput.waitForMessage(/Address of your server|Connects to/);
  if (key.separate) {
    await quickInput.press('Separate API and Identity Addresses');
    // The last sign-in is remembered, and may have been one with separate addresses: then it was switched off.
    await quickInput.waitForMessage(/The API and identity addresses are asked for next|are below this address/);
    if ((await quickInput.message()).includes('are below this address')) {
      await quickInput.press('Separate API and Identity Addresses');
      await quickInput.waitForMessage('The API and identity addresses are asked for next.');
    }
  }
  await quickInput.submit(key.server);
  if (key.separate) {
    await quickInput.waitForMessage('Address of the API');
    await quickInput.submit(key.separate.api);
    await quickInput.waitForMessage('Address of the identity service');
    await quickInput.submit(key.separate.identity);
  }
  if (environmentHoldsKey) await quickInput.choose('Enter a key');
  await quickInput.waitForMessage('client_id of your personal API key');
  await quickInput.submit(key.clientId);
  await quickInput.waitForMessage('client_secret that belongs to');
  await quickInput.submit(key.clientSecret);
}
