import type { Workbench } from '../host/workbench';

export type TypedKey = { server: string; clientId: string; clientSecret: string };

/** All steps of signing in with a key that is typed in, also where the environment holds one; what comes of it is seen then. */
export async function typeInKey(workbench: Workbench, key: TypedKey, environmentHoldsKey = false): Promise<void> {
  const { quickInput } = workbench;
  await workbench.runCommand('Bitwarden: Sign In with API Key');
  await quickInput.choose('Self-hosted');
  await quickInput.waitForMessage('Address of your server');
  await quickInput.submit(key.server);
  if (environmentHoldsKey) await quickInput.choose('Enter a key');
  await quickInput.waitForMessage('client_id of your personal API key');
  await quickInput.submit(key.clientId);
  await quickInput.waitForMessage('client_secret that belongs to');
  await quickInput.submit(key.clientSecret);
}
