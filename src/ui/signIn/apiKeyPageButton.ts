import * as vscode from 'vscode';
import type { ServerUrls } from '../../bitwarden/api/servers';
import { apiKeyPage, openAddress } from '../links';
import type { BoxButton } from '../prompts/box';

/** Beside the boxes that ask for a part of the key: leads to where it is. */
export function apiKeyPageButton(servers: ServerUrls): BoxButton {
  return {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: vscode.l10n.t('Open Web Vault API-Key Page'),
    press: async () => {
      await openAddress(apiKeyPage(servers));
      return undefined;
    },
  };
}
