import { pause } from '../../base/pause';
import type { Clock } from '../../base/ports';
import { toError } from '../../base/thrown';
import { apiHost } from '../../bitwarden/http/servers';
import { MOST_AT_ONCE } from '../../bitwarden/api/ciphers';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import { CancelledError, RateLimitedError } from '../../bitwarden/errors';
import { folderIdOf, readElement, withCollections } from '../../bitwarden/wire/changedElement';
import {
  NotAllowedError,
  NotReadableError,
  PartlyMadeError,
  RepromptRequiredError,
  TooManyItemsError,
} from '../../vault/errors';
import {
  applies,
  asksForMasterPassword,
  isAllowed,
  isMade,
  isOneByOne,
  type BulkChange,
  type ItemChange,
} from '../../vault/edit/itemChange';
import { cipherOf, keyOfCipher, type RawChange } from '../../vault/encryptedVault';
import type { Item } from '../../vault/items';
import { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import { isRefusal } from '../carriedOut';
import { changeOfItem, changesOf, fetchItem } from './fetchItem';
import { hasFolder } from './folderWrites';
import type { Opened, SessionStore } from '../sessionStore';
import type { Ask, Calls, VaultWrites } from './vaultWrites';

/** What is in the trash is asked for before it is deleted, where that takes no more calls than this. */
const MOST_ONE_BY_ONE = 20;

/** Who watches a change of many items. */
export interface Watcher {
  /** Ends it after the call that is under way. Until then it waits where the server wants that (429). */
  readonly signal: AbortSignal;
  /** @param made how many items were changed so far. */
  onProgress(made: number): void;
}

/** Changes of items that leave their content as it is. */
export class ItemWrites {
  constructor(
    private readonly store: SessionStore,
    private readonly writes: VaultWrites,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes the same change with some items.
   *
   * @param ids of items of the open vault.
   * @param proof for items that ask for the master password.
   * @returns how many of them were left as they were, since they are gone, are not as they were, the server did not let
   * the user, or it was cancelled; undefined: the change was made, and the vault does not show it yet.
   * @throws NotAllowedError, RepromptRequiredError, NotReadableError and TooManyItemsError before anything is sent;
   * NoArchiveError; PartlyMadeError; what VaultWrites.run throws.
   */
  async change(
    change: ItemChange,
    ids: readonly string[],
    proof?: MasterPasswordProof,
    watcher?: Watcher,
  ): Promise<number | undefined> {
    const opened = this.writes.opened();
    const fitting = ids.filter((id) => fits(change, opened.vault.item(id)));
    const [id, ...others] = fitting;
    if (id === undefined && ids.some((each) => opened.vault.item(each) === undefined)) {
      throw new NotReadableError('no such item');
    }
    if (id === undefined) return ids.length;
    if (isOneByOne(change) && fitting.length > MOST_AT_ONCE) throw new TooManyItemsError(MOST_AT_ONCE);
    for (const each of fitting) check(change, each, opened, proof);
    const only = others.length === 0 ? id : undefined;
    const unmadeIn = (vault: OpenVault) => fitting.filter((each) => !isMade(change, vault.item(each))).length;
    const atFirst = unmadeIn(opened.vault);
    let failure: unknown;
    const vault = await this.writes.run({
      send: async (calls) => {
        try {
          return await this.#send(
            watcher === undefined ? calls : this.#patiently(calls, watcher),
            change,
            fitting,
            watcher,
          );
        } catch (error) {
          failure = error;
          throw error;
        }
      },
      isMade: (now) => unmadeIn(now) === 0 || (only === undefined && unmadeIn(now) < atFirst),
      gone: (now) => {
        if (change.kind === 'move' && change.folderId !== null && !hasFolder(now, change.folderId)) return 'folder';
        return only !== undefined && now.item(only) === undefined ? 'item' : undefined;
      },
    });
    if (vault === undefined) return undefined;
    const unmade = unmadeIn(vault);
    const left = unmade + ids.length - fitting.length;
    if (unmade > 0 && failure !== undefined && !isRefusal(failure)) {
      throw new PartlyMadeError(ids.length - left, ids.length, { cause: failure });
    }
    return left;
  }

  async #send(
    calls: Calls,
    change: ItemChange,
    ids: readonly string[],
    watcher: Watcher | undefined,
  ): Promise<readonly RawChange[] | undefined> {
    if (isOneByOne(change)) return this.#setFavorites(calls, ids, change.kind === 'favorite', watcher);
    const asked = change.kind === 'delete' ? await this.#stillInTrash(calls, ids) : ids;
    try {
      for (let at = 0; at < asked.length; at += MOST_AT_ONCE) {
        const some = asked.slice(at, at + MOST_AT_ONCE);
        await calls.change(({ ciphers }) => send(ciphers, change, some));
        watcher?.onProgress(at + some.length);
      }
    } catch (error) {
      if (!(error instanceof CancelledError)) throw error;
    }
    const [only, ...others] = ids;
    const isWhole = only === undefined || others.length > 0 || asked.length === 0;
    return isWhole ? undefined : this.#changed(calls, change, only);
  }

  /** The same calls, which wait where the server wants that, instead of failing. They throw CancelledError, too. */
  #patiently({ change, read }: Calls, { signal }: Watcher): Calls {
    const untilEnd = AbortSignal.any([signal, this.store.untilLock]);
    const patient =
      (ask: Ask): Ask =>
      async (call) => {
        for (;;) {
          if (signal.aborted) throw new CancelledError();
          try {
            return await ask(call);
          } catch (error) {
            // It was refused before anything was done.
            if (!(error instanceof RateLimitedError)) throw error;
            await pause(this.clock, error.retryAt - this.clock.now(), untilEnd);
          }
        }
      };
    return { change: patient(change), read: patient(read) };
  }

  /** What is different where a single item was changed. Undefined where that cannot be read now. */
  async #changed({ read }: Calls, { kind }: ItemChange, id: string): Promise<readonly RawChange[] | undefined> {
    if (kind === 'delete') return [{ key: keyOfCipher(id), json: undefined }];
    return changesOf(read, this.store, id);
  }

  /** Which of them have not been restored or deleted elsewhere, where they are few: nothing brings back what is deleted. */
  async #stillInTrash({ read }: Calls, ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length > MOST_ONE_BY_ONE) return ids;
    const found: string[] = [];
    for (const id of ids) {
      try {
        if (cipherOf(await read((api) => fetchItem(api, this.#host, id)))?.deletedDate !== undefined) found.push(id);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    return found;
  }

  /**
   * One by one: there is no call for many. The call sets the folder as well, which may have been changed elsewhere, so it is
   * asked for first. Of several items those that are gone are passed over.
   */
  async #setFavorites(
    { change, read }: Calls,
    ids: readonly string[],
    favorite: boolean,
    watcher: Watcher | undefined,
  ): Promise<readonly RawChange[] | undefined> {
    const host = this.#host;
    const changes: RawChange[] = [];
    let refusal: Error | undefined;
    for (const id of ids) {
      try {
        const before = readElement(await read(({ ciphers }) => ciphers.details(id)), { id, host });
        const folderId = folderIdOf(before);
        const answer = await change(({ ciphers }) => ciphers.setPartial(id, { folderId, favorite }));
        changes.push(changeOfItem(id, withCollections(readElement(answer, { id, host }), before)));
      } catch (error) {
        if (error instanceof CancelledError) break;
        if (!isRefusal(error)) throw error;
        refusal = toError(error);
      }
      watcher?.onProgress(changes.length);
    }
    if (refusal !== undefined && changes.length === 0) throw refusal;
    return refusal === undefined ? changes : undefined;
  }

  get #host(): string {
    return apiHost(this.store.signedIn().account.servers);
  }
}

/** Whether the item is there, and the change can be made with it or was made already. */
function fits(change: ItemChange, item: Item | undefined): boolean {
  return item !== undefined && (applies(change.kind, item) || isMade(change, item));
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

function send(ciphers: ServerApi['ciphers'], change: BulkChange, ids: readonly string[]): Promise<void> {
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
