import type { ExtensionContext } from 'vscode';
import { SharedSecrets } from './secrets';

type Extension = { activate(context: ExtensionContext): unknown; deactivate(): unknown };

// eslint-disable-next-line @typescript-eslint/no-require-imports -- lies beside this file in the copy of the extension
const extension = require('./extension.js') as Extension;

export function activate(context: ExtensionContext): unknown {
  const manner = process.env.SHARED_SECRETS as 'telling' | 'silent' | undefined;
  const secrets = manner ? new SharedSecrets(manner) : context.secrets;
  return extension.activate(Object.create(context, { secrets: { value: secrets } }) as ExtensionContext);
}

export function deactivate(): unknown {
  return extension.deactivate();
}
