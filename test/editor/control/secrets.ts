import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretStorage, SecretStorageChangeEvent } from 'vscode';

/**
 * A secret storage that all windows share, as on desktop VS Code; in the browser each window reads the secrets once.
 * `telling`: every window gets an event for a change in any of them. `silent`: a window notices a change only when it
 * looks.
 */
export class SharedSecrets implements SecretStorage {
  readonly #file = join(process.env.CONTROL_FOLDER!, 'secrets.json');
  readonly #listeners = new Set<(change: SecretStorageChangeEvent) => unknown>();
  #seen = this.#read();

  constructor(manner: 'telling' | 'silent') {
    if (manner === 'telling') setInterval(() => this.#tell(), 50).unref();
  }

  readonly onDidChange = (listener: (change: SecretStorageChangeEvent) => unknown) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  keys(): Promise<string[]> {
    return Promise.resolve(Object.keys(this.#read()));
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.#read()[key]);
  }

  store(key: string, value: string): Promise<void> {
    this.#write({ ...this.#read(), [key]: value });
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.#write(Object.fromEntries(Object.entries(this.#read()).filter(([name]) => name !== key)));
    return Promise.resolve();
  }

  #tell(): void {
    const before = this.#seen;
    this.#seen = this.#read();
    for (const key of new Set([...Object.keys(before), ...Object.keys(this.#seen)])) {
      if (before[key] !== this.#seen[key]) for (const listener of this.#listeners) listener({ key });
    }
  }

  #read(): Record<string, string> {
    return existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, string>) : {};
  }

  #write(all: Record<string, string>): void {
    const unfinished = `${this.#file}.${process.pid}`;
    writeFileSync(unfinished, JSON.stringify(all));
    renameSync(unfinished, this.#file);
  }
}
