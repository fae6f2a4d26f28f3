import { toError } from '../../base/thrown';
import { apiHost } from '../../bitwarden/http/servers';
import { smallElement } from '../../bitwarden/wire/boundedJson';
import { readElement } from '../../bitwarden/wire/changedElement';
import { sealFolderName } from '../../vault/edit/folderName';
import { keyOfFolder, type RawChange } from '../../vault/encryptedVault';
import type { SessionStore } from '../sessionStore';
import type { OpenVault } from '../../vault/openVault';
import { isRefusal } from '../carriedOut';
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

  /** @param ids of folders that show as one; those of them that are gone are passed over. */
  async rename(ids: readonly string[], name: string): Promise<void> {
    const { keyring } = this.writes.opened();
    const sealed = new Map(ids.map((id) => [id, sealFolderName(name, keyring)]));
    await this.writes.run({
      send: async ({ change }) => {
        const changes: RawChange[] = [];
        await forEach([...sealed], async ([id, to]) => {
          changes.push(this.#changed(await change(({ folders }) => folders.rename(id, to)), id));
        });
        return changes;
      },
      isMade: ({ sealedFolders }) => {
        const those = sealedFolders.filter(({ id }) => sealed.has(id));
        return those.length > 0 && those.every(({ id, name: shown }) => sealed.get(id) === shown);
      },
      gone: (vault) => (ids.some((id) => hasFolder(vault, id)) ? undefined : 'folder'),
    });
  }

  /** The items in them stay, in no folder. */
  async delete(ids: readonly string[]): Promise<void> {
    await this.writes.run({
      send: async ({ change }) => {
        await forEach(ids, (id) => change(({ folders }) => folders.delete(id)));
        return undefined;
      },
      isMade: (vault) => !ids.some((id) => hasFolder(vault, id)),
    });
  }

  #changed(answer: Buffer, id?: string): RawChange {
    const host = apiHost(this.store.signedIn().account.servers);
    const folder = readElement(answer, { id, bounds: smallElement, host });
    return { key: keyOfFolder(folder.id), json: Buffer.from(JSON.stringify(folder)) };
  }
}

/** One after the other. Where one is refused, the others are made all the same, and then that is thrown. */
async function forEach<T>(all: readonly T[], make: (each: T) => Promise<void>): Promise<void> {
  let refusal: Error | undefined;
  for (const each of all) {
    try {
      await make(each);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refusal = toError(error);
    }
  }
  if (refusal !== undefined) throw refusal;
}

export function hasFolder({ sealedFolders }: OpenVault, id: string): boolean {
  return sealedFolders.some((folder) => folder.id === id);
}
