import { DEVICE_SECRET } from '../../account/storage/secretNames';
import type { FileStore, SecretStore } from '../../base/ports';
import type { CopyMemory } from './timedClipboard';

/** Where version 0.1 kept what this file holds. */
const FORMER_KEY = 'copied';

const PREFIX = 'copied-';

export function isCopyFile(name: string): boolean {
  return name.startsWith(PREFIX);
}

/**
 * Keeps what windows tell each other of a copied secret in a file. All windows see a file at once. The secret store
 * would not do: in a browser a page learns of no change of it, and a page that was loaded before another one has stored
 * a new API key would put the former key back with every copy, since each write stores all secrets that the page has
 * read.
 *
 * Only those windows share a clipboard that share a secret store: pages in browsers of two computers use the same
 * folder. So the key and the name of the file are made from the device identifier, which lies in the secret store and
 * was made at random at the first sign-in. It is known to the servers of the accounts, but to nobody who reads the
 * folder alone: the name has 32 of its 122 random bits.
 */
export class CopyFile implements CopyMemory {
  /** Reads and writes wait for the one before: two writes at once could end in either order. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
  ) {}

  /** Asked for each time: where the secret store was reset, the next sign-in makes another one. */
  async key(): Promise<string | undefined> {
    return this.secrets.get(DEVICE_SECRET);
  }

  load(): Promise<string | undefined> {
    return this.#inOrder(async (name) => {
      const content = await this.files.read(name);
      return content && Buffer.from(content).toString('utf8');
    });
  }

  async save(text: string | undefined): Promise<void> {
    await this.#inOrder((name) =>
      text === undefined ? this.files.delete(name) : this.files.write(name, Buffer.from(text)),
    );
  }

  /**
   * To be called at the start alone. In a browser every deletion stores all secrets as this page has read them, and
   * later that would undo what other pages have changed meanwhile.
   */
  async removeFormer(): Promise<void> {
    if ((await this.secrets.get(FORMER_KEY)) !== undefined) await this.secrets.delete(FORMER_KEY);
  }

  #inOrder<T>(task: (name: string) => Promise<T>): Promise<T | undefined> {
    const done = this.#last.then(async () => {
      const key = await this.key();
      return key === undefined ? undefined : task(PREFIX + key.slice(0, 8));
    });
    this.#last = done.catch(() => undefined);
    return done;
  }
}
