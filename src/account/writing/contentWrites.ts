import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../base/ports';
import { NotFoundError, OtherOwnerError, OutOfDateError } from '../../bitwarden/errors';
import type { ServerApi } from '../../bitwarden/api/serverApi';
import { apiHost } from '../../bitwarden/http/servers';
import { readElement, withCollections } from '../../bitwarden/wire/changedElement';
import { readCipher } from '../../bitwarden/wire/ciphers';
import { cipherRequest } from '../../bitwarden/wire/cipherRequest';
import type { Cipher } from '../../bitwarden/wire/model';
import type { WireObject } from '../../bitwarden/wire/wireObject';
import { cipherOf, keyOfCipher, type RawChange } from '../../vault/encryptedVault';
import { cloneRequest, newItemRequest, sealedName, type Sealer, shareRequest } from '../../vault/edit/itemRequests';
import type { ItemEdit, NewItem } from '../../vault/edit/itemEdit';
import { Merge } from '../../vault/edit/merge';
import type { ReadOnlyReason } from '../../vault/edit/readOnly';
import { receivedItem, type ReceivedItem, whyReadOnly } from '../../vault/edit/receivedItem';
import { sealEdit } from '../../vault/edit/sealEdit';
import { wholeEdit } from '../../vault/edit/wholeEdit';
import {
  ConflictError,
  GoneElsewhereError,
  NotAllowedError,
  OwnerSettledError,
  ReadOnlyItemError,
  RepromptRequiredError,
  RestrictedTypeError,
} from '../../vault/errors';
import { contentOf } from '../../vault/fields';
import { MasterPasswordProof } from '../../vault/masterPasswordProof';
import type { OpenVault } from '../../vault/openVault';
import type { AccessTokens } from '../accessTokens';
import type { Opened, SessionStore } from '../sessionStore';
import { changeOfItem, changesOf, fetchItem } from './fetchItem';
import { hasFolder } from './folderWrites';
import type { Calls, VaultWrites } from './vaultWrites';

/** How often an item is read again that somebody else goes on changing. */
const MOST_TRIES = 3;

/** What makes sure that an item is created once, though the answer to an attempt may have been lost. */
export interface Attempts {
  /** The encrypted names of earlier attempts to create it. */
  readonly names: readonly string[];
  /** Called with the encrypted name of an attempt before it is sent, to be kept with the draft. */
  readonly willSend: (name: string) => Promise<void>;
}

interface Way {
  /** Throws where the item must not be changed. */
  readonly check: (item: ReceivedItem) => void;
  /** Called with an encrypted name by which the item is known from then on, before that is sent: see Attempts. */
  readonly willSend?: Attempts['willSend'] | undefined;
}

/**
 * Changes of the content of items. Each throws what VaultWrites.run throws, what whoever encrypts throws, and before
 * anything is sent ReadOnlyItemError, and RepromptRequiredError for an item that asks for the master password.
 */
export class ContentWrites {
  constructor(
    private readonly parts: {
      readonly store: SessionStore;
      readonly writes: VaultWrites;
      readonly tokens: AccessTokens;
      readonly clock: Clock;
    },
  ) {}

  /**
   * Creates an item. An attempt whose answer was lost is known by the name as it was encrypted, which no other item has: where
   * one of earlier attempts was made after all, nothing is created: it becomes what is wanted now, also where something was
   * cleared since, or another owner or other collections were chosen.
   *
   * @returns its id.
   * @throws RestrictedTypeError; OwnerSettledError once the content is saved; PolicyError where the user may not have items
   * of their own; ItemTypeRefusedError.
   */
  async create(item: NewItem, attempts?: Attempts): Promise<string> {
    const { writes, clock } = this.parts;
    const made = await this.#madeBefore(attempts?.names ?? []);
    const { vault } = writes.opened();
    if (made !== undefined) {
      // The user has typed it, so nobody has to prove who they are.
      const way: Way = { check: () => undefined, willSend: attempts?.willSend };
      await this.#save(made, wholeEdit(item), vault.element(made) ?? NOTHING, way);
      await this.#settle(made, item, way);
      return made;
    }
    if (vault.isRestricted({ type: item.type, organizationId: item.organizationId }))
      throw new RestrictedTypeError('the type is restricted');
    const body = newItemRequest(item, this.#sealer(), clock.now());
    return this.#create(body, item.organizationId === undefined ? undefined : (item.collectionIds ?? []), attempts);
  }

  /** Brings an item that was made by an earlier attempt to its owner and into its collections. */
  async #settle(itemId: string, { organizationId, collectionIds = [] }: NewItem, way: Way): Promise<void> {
    const { cipher } = this.#item(itemId);
    if (cipher.organizationId === undefined && organizationId !== undefined) {
      await this.#share(itemId, organizationId, collectionIds, way);
      return;
    }
    if (cipher.organizationId !== organizationId) throw new OwnerSettledError('it has another owner');
    const isThere = (id: string) => cipher.collectionIds.includes(id);
    const isSame = collectionIds.length === cipher.collectionIds.length && collectionIds.every(isThere);
    if (organizationId !== undefined && !isSame) await this.setCollections(itemId, collectionIds);
  }

  /**
   * Creates a copy of an item, with the same owner, in the same collections and folder: see cloneRequest.
   *
   * @returns its id.
   */
  async clone(itemId: string, name: string, proof?: MasterPasswordProof, attempts?: Attempts): Promise<string> {
    const item = this.#item(itemId, ['notAllowed']);
    this.#askFor(item, proof);
    const body = cloneRequest(item, name, this.#sealer());
    const made = await this.#madeBefore(attempts?.names ?? []);
    if (made !== undefined) return made;
    return this.#create(
      body,
      item.cipher.organizationId === undefined ? undefined : item.cipher.collectionIds,
      attempts,
    );
  }

  /**
   * Saves what was changed in an item. Where it has been changed elsewhere since, both changes are kept if they do not touch
   * the same parts.
   *
   * @param base the item as it was when the edit began: see OpenVault.element.
   * @throws ConflictError: OpenVault.merge tells of it, and of an edit that can be saved.
   */
  async save(itemId: string, edit: ItemEdit, base: Uint8Array, proof?: MasterPasswordProof): Promise<void> {
    await this.#save(itemId, edit, base, { check: (item) => this.#askFor(item, proof) });
  }

  async #save(itemId: string, edit: ItemEdit, base: Uint8Array, { check, willSend }: Way): Promise<void> {
    const { writes, clock } = this.parts;
    check(this.#item(itemId));
    let unstored = await this.#refresh(itemId);
    for (let tries = 1; ; tries++) {
      const { vault, keyring } = writes.opened();
      const item = this.#item(itemId, [], unstored);
      unstored = undefined;
      check(item);
      const merge = new Merge({ base: receivedItem(base), theirs: item, mine: edit }, keyring);
      if (merge.conflicts.length > 0) throw new ConflictError(merge.conflicts);
      const changes = sealEdit(item, merge.edit(), keyring, clock.now());
      if (Object.keys(changes).length === 0) return;
      const body = cipherRequest(item.element, { changes, encryptedFor: vault.userId });
      if ('name' in changes) await willSend?.(sealedName(body));
      try {
        await this.#replace(item, body);
        return;
      } catch (error) {
        const isOld = error instanceof OutOfDateError || error instanceof OtherOwnerError;
        const now = isOld ? this.#cipher(itemId)?.revisionDate : undefined;
        // Where the server says so and sends nothing newer, to try again would be no use.
        if (now === undefined || now === item.cipher.revisionDate || tries === MOST_TRIES) throw error;
      }
    }
  }

  /**
   * Moves an item of the user to an organisation: see shareRequest.
   *
   * @param collectionIds at least one of that organisation.
   * @throws OldAttachmentError.
   */
  async share(
    itemId: string,
    organizationId: string,
    collectionIds: readonly string[],
    proof?: MasterPasswordProof,
  ): Promise<void> {
    await this.#share(itemId, organizationId, collectionIds, { check: (item) => this.#askFor(item, proof) });
  }

  async #share(
    itemId: string,
    organizationId: string,
    collectionIds: readonly string[],
    { check, willSend }: Way,
  ): Promise<void> {
    const item = this.#item(itemId);
    check(item);
    if (item.cipher.organizationId !== undefined) throw new NotAllowedError('it has an organisation');
    const body = shareRequest(item, organizationId, this.#sealer());
    await willSend?.(sealedName(body));
    await this.parts.writes.run({
      send: async (calls) => {
        await this.#asMember(calls, ({ ciphers }) => ciphers.share(itemId, body, collectionIds));
        return changesOf(calls.read, this.parts.store, itemId);
      },
      isMade: (vault) => vault.item(itemId)?.organizationId === organizationId,
      gone: (vault) => (vault.item(itemId) === undefined ? 'item' : undefined),
    });
  }

  /** Sets the collections of an item. Those that the user may not write to stay as they are. */
  async setCollections(itemId: string, collectionIds: readonly string[]): Promise<void> {
    const { cipher } = this.#item(itemId, ['unreadable', 'sealed', 'unknown']);
    if (cipher.organizationId === undefined) throw new NotAllowedError('it has no organisation');
    const wanted = new Set(collectionIds);
    await this.parts.writes.run({
      send: async (calls) => {
        await calls.change(({ ciphers }) => ciphers.setCollections(itemId, collectionIds));
        return changesOf(calls.read, this.parts.store, itemId);
      },
      isMade: (vault) => {
        const now = vault.item(itemId)?.collectionIds ?? [];
        return now.length === wanted.size && now.every((id) => wanted.has(id));
      },
      gone: (vault) => (vault.item(itemId) === undefined ? 'item' : undefined),
    });
  }

  async #create(body: WireObject, collectionIds: readonly string[] | undefined, attempts?: Attempts): Promise<string> {
    const { writes } = this.parts;
    const name = sealedName(body);
    await attempts?.willSend(name);
    let id: string | undefined;
    const vault = await writes.run({
      send: async (calls) => {
        const call = ({ ciphers }: ServerApi) => ciphers.create(body, collectionIds);
        const answer = await (collectionIds === undefined ? calls.change(call) : this.#asMember(calls, call));
        const item = readElement(answer, { host: this.#host });
        ({ id } = item);
        return [changeOfItem(id, withCollections(item, { collectionIds }))];
      },
      isMade: (now) => now.idOfSealedName(name) !== undefined,
      gone: (now) => missingFolder(now, body),
    });
    return id ?? vault?.idOfSealedName(name) ?? '';
  }

  /**
   * Brings one item up to date. Servers take what was made of a copy that is a second older than theirs, and do not look at
   * favorite and folder at all, so what somebody else has just changed would be lost.
   *
   * @returns the item as the server has it, where the vault on this machine could not be brought up to date.
   */
  async #refresh(itemId: string): Promise<Uint8Array | undefined> {
    let now: RawChange | undefined;
    const vault = await this.parts.writes.run({
      send: async ({ read }) => {
        now = await read((api) => fetchItem(api, this.#host, itemId));
        return isDeepStrictEqual(cipherOf(now), this.#cipher(itemId)) ? [] : [now];
      },
      isMade: () => false,
      gone: (after) => (after.item(itemId) === undefined ? 'item' : undefined),
    });
    return vault === undefined ? now?.json : undefined;
  }

  async #replace(item: ReceivedItem, body: WireObject): Promise<void> {
    const { id } = item.cipher;
    const wanted = contentOfBody(body, id);
    await this.parts.writes.run({
      send: async ({ change }) => {
        const answer = await change(({ ciphers }) => ciphers.replace(id, body));
        return [changeOfItem(id, withCollections(readElement(answer, { id, host: this.#host }), item.element))];
      },
      isMade: (vault) => {
        const json = vault.element(id);
        const now = json && readCipher(json);
        return now !== undefined && contentOfCipher(now) === wanted;
      },
      gone: (vault) => (vault.item(id) === undefined ? 'item' : missingFolder(vault, body)),
    });
  }

  /**
   * An attempt of before that was made after all, by a vault that is as the server has it now.
   *
   * @throws what the sync throws: as long as nobody knows, nothing is created.
   */
  async #madeBefore(names: readonly string[]): Promise<string | undefined> {
    if (names.length === 0) return undefined;
    const { writes } = this.parts;
    const vault = await writes.upToDate();
    return names.map((name) => vault.idOfSealedName(name)).find((id) => id !== undefined);
  }

  /** A token from before the user became a member does not name the organisation: then another one is got, once. */
  async #asMember<T>({ change }: Calls, call: (api: ServerApi) => Promise<T>): Promise<T> {
    const { store, tokens } = this.parts;
    const { account } = store.signedIn();
    let token: string | undefined;
    try {
      return await change((api) => {
        ({ token } = api);
        return call(api);
      });
    } catch (error) {
      if (!(error instanceof NotFoundError) || token === undefined) throw error;
      await tokens.replace(account.id, token);
      return change(call);
    }
  }

  /** @param json as the server has it, where the vault does not. */
  #item(itemId: string, ignoring: readonly ReadOnlyReason[] = [], json = this.#element(itemId)): ReceivedItem {
    const { keyring } = this.parts.writes.opened();
    const item = json && receivedItem(json);
    if (item === undefined) throw new GoneElsewhereError('item');
    const reason = whyReadOnly(item, keyring);
    if (reason !== undefined && !ignoring.includes(reason)) throw new ReadOnlyItemError(reason);
    return item;
  }

  #askFor({ cipher }: ReceivedItem, proof: MasterPasswordProof | undefined): void {
    const { keyring } = this.parts.writes.opened();
    if (!cipher.reprompt || MasterPasswordProof.isFor(keyring, proof)) return;
    throw new RepromptRequiredError('the master password is asked for');
  }

  #element(itemId: string): Uint8Array | undefined {
    return this.parts.writes.opened().vault.element(itemId);
  }

  #cipher(itemId: string): Cipher | undefined {
    return cipherOf({ key: keyOfCipher(itemId), json: this.#element(itemId) });
  }

  #sealer(): Sealer & Pick<Opened, 'keyring'> {
    const { vault, keyring } = this.parts.writes.opened();
    return { keyring, userId: vault.userId };
  }

  get #host(): string {
    return apiHost(this.parts.store.signedIn().account.servers);
  }
}

const NOTHING = new Uint8Array();

function missingFolder(vault: OpenVault, { folderId }: WireObject): 'folder' | undefined {
  return typeof folderId !== 'string' || hasFolder(vault, folderId) ? undefined : 'folder';
}

/** What a request says of the content of an item, in the form of contentOfCipher. */
function contentOfBody(body: WireObject, id: string): string | undefined {
  const cipher = readCipher(Buffer.from(JSON.stringify({ ...body, id })));
  return cipher && contentOfCipher(cipher);
}

/** The content as it is encrypted, which two savings never share. */
function contentOfCipher(cipher: Cipher): string {
  const { name, notes, folderId, favorite, reprompt, login, fields } = cipher;
  return JSON.stringify([name, notes, folderId, favorite, reprompt, sorted(contentOf(cipher)), login?.uris, fields]);
}

function sorted(content: Readonly<Record<string, string | undefined>>) {
  return Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1));
}
