import * as vscode from 'vscode';
import type { ServerUrls } from '../bitwarden/http/servers';
import { commandTitle } from './commands/commandId';
import type { BoxButton } from './prompts/box';

export const API_KEY_HELP = 'https://bitwarden.com/help/personal-api-key/';

/** Settings > Security > Keys of the web vault, where the personal API key is. */
export function apiKeyPage(servers: ServerUrls): string {
  return `${servers.webVault}/#/settings/security/security-keys`;
}

/**
 * Opens an address in the browser as it is written. A Uri would not do: it escapes the slashes of a fragment, which
 * is where the web vault keeps its routes.
 */
export async function openAddress(address: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', address);
}

/** A button for the boxes that ask for client_id and client_secret. It opens the page where these are. */
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
