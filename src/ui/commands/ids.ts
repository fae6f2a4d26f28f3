/** Every command of ours. `register.ts` gives each a handler, package.json declares each; a unit test compares. */
export const commandIds = [
  'vaultside.signIn',
  'vaultside.unlock',
  'vaultside.lock',
  'vaultside.signOut',
  'vaultside.sync',
  'vaultside.searchVault',
  'vaultside.copyUsername',
  'vaultside.copyPassword',
  'vaultside.copyTotp',
  'vaultside.copyField',
  'vaultside.showField',
  'vaultside.openInBrowser',
  'vaultside.rotateApiKey',
  'vaultside.finishRotation',
  'vaultside.viewApiKey',
  'vaultside.enterNewClientSecret',
  'vaultside.signInAgain',
  'vaultside.deauthorizeSessions',
  'vaultside.openApiKeyPage',
  'vaultside.filter',
  'vaultside.clearFilter',
  'vaultside.showActions',
  'vaultside.openSettings',
  'vaultside.openLogs',
] as const;

export type CommandId = (typeof commandIds)[number];
