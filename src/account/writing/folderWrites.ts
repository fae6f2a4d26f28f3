import { apiHost } from '../../bitwarden/http/servers';
import { smallElement } from '../../bitwarden/wire/boundedJson';
import { readElement } from '../../bitwarden/wire/changedElement';
import { sealFolderName } from '../../vault/edit/folderName';
import { keyOfFolder, type RawChange } from '../../vault/encryptedVault';
import type { SessionStore } from '../sessionStore';
import type { OpenVault } from '../../vault/openVault';
import type { VaultWrites } from './vaultWrites';

/** Changes of the user's folders. Each throws what VaultWrites.run throws; those with a name also TooLongError. */
export class FolderWrites {
  constructor(
    private readonly store: SessionStore,
    private readonly writes: VaultWrites,
  ) {}

  /**
   * Where the answer is lost, the folder is known by its name as it was encrypted, which no other has.
   *
   * @param name nested by "/".
   */
  async create(name: string): Promise<void> {
    const sealed = sealFolderName(name, this.writes.opened().keyring);
    await this.writes.run({
      send: async ({ change }) => [this.#changed(await change(({ folders }) => folders.create(sealed)))],
      isMade: ({ sealedFolders }) => sealedFolders.some((folder) => folder.name === sealed),
    });
  }

  async rename(id: string, name: string): Promise<void> {
    const sealed = sealFolderName(name, this.writes.opened().keyring);
    await this.writes.run({
      send: async ({ change }) => [this.#changed(await change(({ folders }) => folders.rename(id, sealed)), id)],
      isMade: ({ sealedFolders }) => sealedFolders.some((folder) => folder.name === sealed),
      gone: (vault) => (hasFolder(vault, id) ? undefined : 'folder'),
    });
  }

  /** The items in it stay, in no folder. */
  async delete(id: string): Promise<void> {
    await this.writes.run({
      send: async ({ change }) => {
        await change(({ folders }) => folders.delete(id));
        return undefined;
      },
      isMade: (vault) => !hasFolder(vault, id),
    });
  }

  #changed(answer: Buffer, id?: string): RawChange {
    const host = apiHost(this.store.signedIn().account.servers);
    const folder = readElement(answer, { id, bounds: smallElement, host });
    return { key: keyOfFolder(folder.id), json: Buffer.from(JSON.stringify(folder)) };
  }
}

export function hasFolder({ sealedFolders }: OpenVault, id: string): boolean {
  return sealedFolders.some((folder) => folder.id === id);
}
