import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecretStorage } from 'vscode';

/**
 * One store for all windows, as that of desktop VS Code is; in the browser each window reads it once and keeps to that.
 * It tells nobody of a change, so that a window learns of it only by looking.
 */
export class SharedSecrets implements SecretStorage {
  readonly #file = join(process.env.CONTROL_FOLDER!, 'secrets.json');
  readonly onDidChange = () => ({ dispose: () => undefined });

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

  #read(): Record<string, string> {
    return existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Record<string, string>) : {};
  }

  #write(all: Record<string, string>): void {
    const unfinished = `${this.#file}.${process.pid}`;
    writeFileSync(unfinished, JSON.stringify(all));
    renameSync(unfinished, this.#file);
  }
}
