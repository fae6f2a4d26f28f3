import type { Clock, FileStore, SecretStore } from '../../base/ports';
import { allocateSecret, base64OfSecret, type SecretBytes, takeSecret, wipe } from '../../base/secretBytes';
import { KEEPER_FILE } from './fileNames';
import { locks } from './locks';
import { KEEPER_SECRET } from './secretNames';
import { isText, storedJson } from './storedJson';
import { VersionedSecrets } from './versionedSecrets';

const LENGTH = 32;

/** What windows and the keeper know each other by. As text it lies in the secret store alone. */
export class KeeperSecret {
  readonly #entries: VersionedSecrets;

  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
    clock: Clock,
  ) {
    this.#entries = new VersionedSecrets(secrets, files, clock);
  }

  /**
   * @returns 32 bytes, the caller's to wipe; undefined where there is none, or in a page of a browser that was loaded before
   * it was made.
   */
  async read(): Promise<SecretBytes | undefined> {
    const { secret: text } = storedJson(await this.#entries.read(KEEPER_SECRET, KEEPER_FILE));
    if (!isText(text)) return undefined;
    const secret = takeSecret(Buffer.from(text, 'base64'));
    if (secret.length === LENGTH) return secret;
    wipe(secret);
    return undefined;
  }

  /**
   * The secret, made where there is none. Of windows that do so at the same time all get that of the first.
   *
   * @returns as read; undefined in a page of a browser that was loaded before it was made, and must not make another one.
   */
  make(): Promise<SecretBytes | undefined> {
    return this.files.exclusive(locks.keeperSecret, async () => {
      const known = await this.read();
      if (known !== undefined) return known;
      const isElsewhere = !this.secrets.tellsWindows && (await this.files.read(KEEPER_FILE)) !== undefined;
      return isElsewhere ? undefined : this.#write();
    });
  }

  /** Makes another one: nothing that knew the former one is believed any more. */
  async renew(): Promise<void> {
    wipe(await this.files.exclusive(locks.keeperSecret, () => this.#write()));
  }

  /** @param isUnneeded is asked while no window can make one. */
  forget(isUnneeded: () => Promise<boolean>): Promise<void> {
    return this.files.exclusive(locks.keeperSecret, async () => {
      if (!(await isUnneeded())) return;
      await this.files.delete(KEEPER_FILE);
      if ((await this.secrets.get(KEEPER_SECRET)) !== undefined) await this.secrets.delete(KEEPER_SECRET);
    });
  }

  async #write(): Promise<SecretBytes> {
    // Not by `node:crypto`, which starting up would have to load.
    const secret = globalThis.crypto.getRandomValues(allocateSecret(LENGTH));
    await this.#entries.write(KEEPER_SECRET, KEEPER_FILE, { secret: base64OfSecret(secret) }, {});
    return secret;
  }
}
