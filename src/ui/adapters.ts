import type { LogOutputChannel, SecretStorage } from 'vscode';
import type { Clock, Logger, SecretStore } from '../base/ports';
import { redact } from './redact';

/** @param tellsWindows see {@link SecretStore.tellsWindows}. */
export function secretStore(secrets: SecretStorage, tellsWindows: boolean): SecretStore {
  return {
    tellsWindows,
    get: async (key) => secrets.get(key),
    set: async (key, value) => secrets.store(key, value),
    delete: async (key) => secrets.delete(key),
    keys: async () => secrets.keys(),
    onDidChange: (listener) => secrets.onDidChange(({ key }) => listener(key)),
  };
}

export function logger(channel: LogOutputChannel): Logger {
  return {
    debug: (message) => channel.debug(redact(message)),
    warn: (message) => channel.warn(redact(message)),
    error: (message) => channel.error(redact(message)),
  };
}

export const systemClock: Clock = {
  now: () => Date.now(),
  uptime: () => performance.now(),
  setTimeout(callback, milliseconds) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
};
