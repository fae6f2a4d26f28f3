import type { WireObject } from '../../bitwarden/wire/wireObject';
import type { Clock, Disposable, FileStore, SecretStore } from '../../base/ports';
import { isNumber, readStoredJson, storedJson } from './storedJson';

/** How long a version is waited for: ten times what it takes to arrive in desktop VS Code. */
const ARRIVAL_MS = 2_000;

/** After so long a version that has not arrived is lost: its window has died, or the secret store was reset. */
const LOST_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Entries of the secret store, each with a file that names its latest version.
 *
 * What one window stores as a secret gets to the others some 200 ms later on desktop VS Code, after a lock has long
 * changed hands, and in a browser not at all. Files are the same for all at once. So each entry has a version: whoever
 * reads it looks in a file for the latest one, and waits until that is here.
 */
export class VersionedSecrets {
  /** Versions that were waited for in vain, by key. */
  readonly #missing = new Map<string, number>();

  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Not for two windows at once: callers hold a lock.
   *
   * @param secret goes to the secret store.
   * @param open goes to the file, which every window reads at once.
   */
  async write(key: string, file: string, secret: object, open: object): Promise<void> {
    const before = [versionIn(await this.open(file)), versionOf(await this.secrets.get(key))];
    const version = Math.max(this.clock.now(), ...before.map((each) => (each ?? 0) + 1));
    await this.secrets.set(key, JSON.stringify({ ...secret, version }));
    // Written last: if we crash before this, other windows do not wait for a version that never comes.
    await this.files.write(file, Buffer.from(JSON.stringify({ ...open, version })));
  }

  /** The file of an entry, empty where there is none. */
  open(file: string): Promise<WireObject> {
    return readStoredJson(this.files, file);
  }

  /**
   * The entry, once its latest version has arrived. A version that does not come, since its window has crashed, is
   * waited for once. In a browser nothing arrives from other pages: there the entry is returned as it is.
   */
  async read(key: string, file: string): Promise<string | undefined> {
    if (!this.secrets.tellsWindows) return this.secrets.get(key);
    const wanted = versionIn(await this.open(file));
    if (wanted === undefined || this.#missing.get(key) === wanted) return this.secrets.get(key);
    const waiting: Disposable[] = [];
    try {
      return await new Promise((resolve, reject) => {
        const look = async () => {
          const latest = versionIn(await this.open(file));
          const text = await this.secrets.get(key);
          if (latest === undefined || isHere(text, latest)) resolve(text);
        };
        const lookOrFail = () => {
          look().catch(reject);
        };
        const giveUp = () => {
          this.#missing.set(key, wanted);
          resolve(this.secrets.get(key));
        };
        waiting.push(this.secrets.onDidChange((changed) => (changed === key ? lookOrFail() : undefined)));
        waiting.push(this.clock.setTimeout(giveUp, ARRIVAL_MS));
        lookOrFail();
      });
    } finally {
      for (const each of waiting) each.dispose();
    }
  }

  /**
   * Whether the latest version may still arrive, however long it takes: a window that writes it may be busy, and what it has
   * written must not be taken for lost.
   */
  async isAwaited(key: string, file: string): Promise<boolean> {
    if (!this.secrets.tellsWindows) return false;
    const latest = versionIn(await this.open(file));
    const writtenAt = await this.files.modifiedAt(file);
    if (latest === undefined || writtenAt === undefined || isHere(await this.secrets.get(key), latest)) return false;
    return this.clock.now() - writtenAt <= LOST_AFTER_MS;
  }
}

/** An entry without a readable version is taken as it is: it would be waited for in vain. */
function isHere(text: string | undefined, version: number): boolean {
  return text !== undefined && (versionOf(text) ?? Infinity) >= version;
}

function versionOf(text: string | undefined): number | undefined {
  return versionIn(storedJson(text));
}

function versionIn({ version }: WireObject): number | undefined {
  return isNumber(version) ? version : undefined;
}
