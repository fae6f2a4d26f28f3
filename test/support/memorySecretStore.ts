import { Emitter } from '../../src/vault/event';
import type { SecretStore } from '../../src/vault/ports';
import type { Steps } from './steps';

/** The secret storage of a machine, which outlives windows. As in the editor, events come later and to all of them. */
export class MemorySecretStore {
  readonly entries = new Map<string, string>();
  readonly #changed = new Emitter<string>();
  /** False: the keychain is locked, or broken. */
  readable = true;
  /** Runs before a write takes effect; throwing refuses it. */
  beforeWrite: (key: string) => void | Promise<void> = () => undefined;

  /** What one window gets to see; each of its writes is a step at which it may crash. */
  view(steps: Steps): SecretStore {
    const write = async (label: string, key: string, apply: () => void) => {
      await steps.reach(`${label} ${key.replace(/\..*/, '')}`);
      await this.beforeWrite(key);
      apply();
      setImmediate(() => this.#changed.fire(key));
    };
    return {
      get: (key) => (this.readable ? steps.alive(this.entries.get(key)) : Promise.reject(new Error('not readable'))),
      keys: () => steps.alive([...this.entries.keys()]),
      set: (key, value) => write('set', key, () => this.entries.set(key, value)),
      delete: (key) => write('delete', key, () => this.entries.delete(key)),
      onDidChange: (listener) => this.#changed.event((key) => (steps.crashed ? undefined : listener(key))),
    };
  }

  /** The one record of this kind, parsed; tests look at it as an attacker or a support person would. */
  record(kind: 'account' | 'session' | 'rotation'): Record<string, unknown> | undefined {
    const entry = [...this.entries].find(([key]) => key.startsWith(`${kind}.`));
    return entry && (JSON.parse(entry[1]) as Record<string, unknown>);
  }

  /** As another program, or a bug, might leave it. */
  corrupt(kind: 'account' | 'session' | 'rotation', text: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(`${kind}.`)) this.entries.set(key, text);
  }
}
