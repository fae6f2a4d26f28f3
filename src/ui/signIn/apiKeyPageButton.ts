import * as vscode from 'vscode';
import type { ServerUrls } from '../../bitwarden/api/servers';
import { commandTitle } from '../commands/titles';
import { apiKeyPage, openAddress } from '../links';
import type { BoxButton } from '../prompts/box';

/** Beside the boxes that ask for a part of the key: leads to where it is. */
export function apiKeyPageButton(servers: ServerUrls): BoxButton {
  return {
    iconPath: new vscode.ThemeIcon('link-external'),
    tooltip: commandTitle('vaultside.openApiKeyPage'),
    press: async () => {
      await openAddress(apiKeyPage(servers));
      return undefined;
    },
  };
}
