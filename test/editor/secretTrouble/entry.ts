import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExtensionContext, SecretStorage } from 'vscode';

/**
 * The entry of a copy of the extension. Gives the real one a secret storage that fails while a certain file exists. The
 * storage of VS Code in a browser never fails by itself: it takes what it cannot read for empty.
 */

type Extension = { activate(context: unknown): unknown; deactivate(): unknown };

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundle, which is not there to be compiled
const extension = require(join(__dirname, 'extension.js')) as Extension;

export function activate(context: ExtensionContext): unknown {
  return extension.activate(Object.create(context, { secrets: { value: failingAtTimes(context.secrets) } }));
}

export function deactivate(): unknown {
  return extension.deactivate();
}

function failingAtTimes(secrets: SecretStorage): SecretStorage {
  const unlessTrouble = async <T>(work: () => Thenable<T>): Promise<T> => {
    if (existsSync(process.env.SECRET_TROUBLE ?? '')) throw new Error('The keychain is locked.');
    return work();
  };
  return {
    get: (key) => unlessTrouble(() => secrets.get(key)),
    store: (key, value) => unlessTrouble(() => secrets.store(key, value)),
    delete: (key) => unlessTrouble(() => secrets.delete(key)),
    keys: () => unlessTrouble(() => secrets.keys()),
    onDidChange: secrets.onDidChange,
  };
}
