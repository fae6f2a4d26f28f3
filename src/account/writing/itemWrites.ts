import { toError } from '../../base/thrown';
import { MOST_AT_ONCE } from '../../bitwarden/api/ciphers';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import { folderIdOf, readElement, withCollections } from '../../bitwarden/wire/changedElement';
import { NotAllowedError, NotReadableError, RepromptRequiredError } from '../../vault/errors';
import { asksForMasterPassword, isAllowed, isMade, type ItemChange } from '../../vault/edit/itemChange';
import { keyOfCipher, type RawChange } from '../../vault/encryptedVault';
import { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { isRefusal } from '../carriedOut';
import { hasFolder } from './folderWrites';
import type { Opened, SessionStore } from '../sessionStore';
import type { Ask, VaultWrites } from './vaultWrites';

/** Changes of items that leave their content as it is. */
export class ItemWrites {
  constructor(
    private readonly store: SessionStore,
    private readonly writes: VaultWrites,
  ) {}

  /**
   * Makes the same change with some items.
   *
   * @param ids of items of the open vault.
   * @param proof for items that ask for the master password.
   * @returns how many of them were left as they were, since they are gone or the server did not let the user.
   * @throws NotAllowedError, RepromptRequiredError and NotReadableError before anything is sent; NoArchiveError; what
   * VaultWrites.run throws.
   */
  async change(change: ItemChange, ids: readonly string[], proof?: MasterPasswordProof): Promise<number> {
    const [id, ...others] = ids;
    const only = others.length === 0 ? id : undefined;
    const unmade = (vault: OpenVault) => ids.filter((each) => !isMade(change, vault.item(each)));
    const opened = this.writes.opened();
    for (const each of ids) check(change, each, opened, proof);
    const vault = await this.writes.run({
      send: async (ask) => {
        if (change.kind === 'favorite' || change.kind === 'unfavorite') {
          return this.#setFavorites(ask, ids, change.kind === 'favorite');
        }
        for (let at = 0; at < ids.length; at += MOST_AT_ONCE) {
          const some = ids.slice(at, at + MOST_AT_ONCE);
          await ask(({ ciphers }) => send(ciphers, change, some));
        }
        return only === undefined ? undefined : this.#changed(ask, change, only);
      },
      isMade: (now) => unmade(now).length === 0,
      gone: (now) => {
        if (change.kind === 'move' && change.folderId !== null && !hasFolder(now, change.folderId)) return 'folder';
        return only !== undefined && now.item(only) === undefined ? 'item' : undefined;
      },
    });
    return unmade(vault).length;
  }

  /** What is different where a single item was changed. Undefined where that cannot be read now. */
  async #changed(ask: Ask, { kind }: ItemChange, id: string): Promise<readonly RawChange[] | undefined> {
    const key = keyOfCipher(id);
    if (kind === 'delete') return [{ key, json: undefined }];
    try {
      const item = readElement(await ask(({ ciphers }) => ciphers.details(id)), { id, host: this.#host });
      return [{ key, json: Buffer.from(JSON.stringify(item)) }];
    } catch {
      return undefined;
    }
  }

  /**
   * One by one: there is no call for many. The call sets the folder as well, which may have been changed elsewhere, so it is
   * asked for first. Of several items those that are gone are passed over.
   */
  async #setFavorites(ask: Ask, ids: readonly string[], favorite: boolean): Promise<readonly RawChange[] | undefined> {
    const host = this.#host;
    const changes: RawChange[] = [];
    let refusal: Error | undefined;
    for (const id of ids) {
      try {
        const before = readElement(await ask(({ ciphers }) => ciphers.details(id)), { id, host });
        const folderId = folderIdOf(before);
        const answer = await ask(({ ciphers }) => ciphers.setPartial(id, { folderId, favorite }));
        const item = withCollections(readElement(answer, { id, host }), before);
        changes.push({ key: keyOfCipher(id), json: Buffer.from(JSON.stringify(item)) });
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal = toError(error);
      }
    }
    if (refusal !== undefined && changes.length === 0) throw refusal;
    return refusal === undefined ? changes : undefined;
  }

  get #host(): string {
    return new URL(this.store.signedIn().account.servers.api).host;
  }
}

function check({ kind }: ItemChange, id: string, { vault, keyring }: Opened, proof: MasterPasswordProof | undefined) {
  const item = vault.item(id);
  const rights = vault.rights(id);
  if (item === undefined || rights === undefined) throw new NotReadableError('no such item');
  if (!isAllowed(kind, rights)) throw new NotAllowedError(kind);
  if (item.reprompt && asksForMasterPassword(kind) && !MasterPasswordProof.isFor(keyring, proof)) {
    throw new RepromptRequiredError('the master password is asked for');
  }
}

function send(
  ciphers: ServerApi['ciphers'],
  change: Exclude<ItemChange, { kind: 'favorite' } | { kind: 'unfavorite' }>,
  ids: readonly string[],
): Promise<void> {
  switch (change.kind) {
    case 'move':
      return ciphers.move(ids, change.folderId);
    case 'trash':
      return ciphers.trash(ids);
    case 'restore':
      return ciphers.restore(ids);
    case 'delete':
      return ciphers.delete(ids);
    case 'archive':
      return ciphers.archive(ids);
    case 'unarchive':
      return ciphers.unarchive(ids);
  }
}
