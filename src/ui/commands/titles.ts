import type * as vscode from 'vscode';
import type { CommandId } from './ids';

/** Per file: `npm run l10n` finds strings only where vscode is imported. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** The title of a command on a button or in a list; the same words as in package.nls.json. */
export function commandTitle(id: CommandId, l10n: L10n): string {
  switch (id) {
    case 'vaultside.signIn':
      return l10n.t('Sign In with API Key');
    case 'vaultside.tryAgain':
      return l10n.t('Try Again');
    case 'vaultside.unlock':
      return l10n.t('Unlock Vault');
    case 'vaultside.lock':
      return l10n.t('Lock Vault');
    case 'vaultside.signOut':
      return l10n.t('Sign Out');
    case 'vaultside.sync':
      return l10n.t('Sync Vault');
    case 'vaultside.searchVault':
      return l10n.t('Search Vault');
    case 'vaultside.copyUsername':
      return l10n.t('Copy Username');
    case 'vaultside.copyPassword':
      return l10n.t('Copy Password');
    case 'vaultside.copyTotp':
      return l10n.t('Copy TOTP');
    case 'vaultside.copyCardNumber':
      return l10n.t('Copy Card Number');
    case 'vaultside.copyField':
      return l10n.t('Copy Field');
    case 'vaultside.showField':
      return l10n.t('Show Field');
    case 'vaultside.openInBrowser':
      return l10n.t('Open in Browser');
    case 'vaultside.rotateApiKey':
      return l10n.t('Rotate API Key');
    case 'vaultside.finishRotation':
      return l10n.t('Finish Rotation');
    case 'vaultside.viewApiKey':
      return l10n.t('View API Key');
    case 'vaultside.enterNewClientSecret':
      return l10n.t('Enter New client_secret');
    case 'vaultside.signInAgain':
      return l10n.t('Sign In Again');
    case 'vaultside.deauthorizeSessions':
      return l10n.t('Deauthorize All Sessions');
    case 'vaultside.openApiKeyPage':
      return l10n.t('Open Web Vault API-Key Page');
    case 'vaultside.openWebVault':
      return l10n.t('Open Web Vault');
    case 'vaultside.filter':
      return l10n.t('Filter Items');
    case 'vaultside.clearFilter':
      return l10n.t('Clear Filter');
    case 'vaultside.showActions':
      return l10n.t('Show Actions');
    case 'vaultside.openSettings':
      return l10n.t('Open Settings');
    case 'vaultside.openLogs':
      return l10n.t('Open Logs');
  }
}
