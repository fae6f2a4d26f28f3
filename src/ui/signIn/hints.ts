import * as vscode from 'vscode';
import { parseClientId } from '../../bitwarden/api/identity';
import { parseServerUrl } from '../../bitwarden/http/servers';
import { ServerUrlError } from '../../bitwarden/errors';
import { serverUrlProblem } from '../errors/serverFailures';
import { pastedKey } from './keyText';

/** `ok` tells what will be used, `problem` keeps the box open. */
export type Hint = { readonly ok: string } | { readonly problem: string };

/** Says which address will be used, in full, for what was typed. */
export function addressHint(typed: string): Hint {
  try {
    return { ok: vscode.l10n.t('Connects to {0}', parseServerUrl(typed)) };
  } catch (error) {
    if (!(error instanceof ServerUrlError)) throw error;
    return { problem: serverUrlProblem(error) };
  }
}

export function clientIdHint(typed: string): Hint {
  switch (parseClientId(pastedKey('id', typed)).kind) {
    case 'user':
      return { ok: vscode.l10n.t('A personal API key') };
    case 'organization':
      return {
        problem: vscode.l10n.t(
          'This is the key of an organization. It manages members and cannot open a vault. Your personal key starts with "user." and is in the web vault under Settings > Security > Keys.',
        ),
      };
    case 'other':
      return {
        problem: vscode.l10n.t(
          'A personal client_id is "user." and an id, as in user.0123abcd-45ef-6789-abcd-0123456789ab.',
        ),
      };
  }
}

export function clientSecretProblem(typed: string): string | undefined {
  const text = pastedKey('secret', typed);
  if (text === '' || /(?:^|client[_ -]?)secret\W*$/i.test(text)) return vscode.l10n.t('Enter the client_secret.');
  if (/^(user|organization)\.|client[_ -]?id\W/i.test(text))
    return vscode.l10n.t('This is a client_id. The client_secret stands below it.');
  if (/\s/.test(text)) return vscode.l10n.t('A client_secret has no spaces in it.');
  if (/[^\x21-\x7e]|[=:]/.test(text))
    return vscode.l10n.t('A client_secret is made of letters and digits. Copy it alone.');
  return undefined;
}
