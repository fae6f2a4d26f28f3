import type { Cipher, EncryptedVault, Policy } from '../bitwarden/api/model';
import { openText } from '../bitwarden/crypto/open';
import { TimeSlices } from '../base/timeSlices';
import { NotReadableError } from './errors';
import { contentOf, type Field, type FieldRef } from './fields';
import { describe, type Item, type Listed, type Named, type NamedCollection } from './items';
import type { Keyring } from './keyring';
import type { MasterPasswordProof } from './masterPasswordProof';
import { withOpenCipher } from './openCipher';
import { placeByName, sortedByName } from './order';
import { hasFields, listFields, readStored, readUris, thoseThere, type Wanted } from './itemFields';
import { SearchIndex } from './search';

/** One item was made or changed, or is gone for good. */
export type VaultChange =
  { readonly kind: 'put'; readonly cipher: Cipher } | { readonly kind: 'remove'; readonly id: string };

/**
 * The vault while it is unlocked: names are decrypted once, when it is opened; every other value when it is asked
 * for, and again each time. It reads through the keyring, so after a lock nothing can be read any more.
 */
export class OpenVault implements Listed {
  #searchIndex: Promise<SearchIndex> | undefined;

  private constructor(
    private readonly ciphers: Map<string, Cipher>,
    private readonly itemsById: Map<string, Item>,
    /** All items, archived and trashed ones too, sorted by name. */
    readonly items: readonly Item[],
    readonly folders: readonly Named[],
    readonly organizations: readonly Named[],
    readonly collections: readonly NamedCollection[],
    readonly policies: readonly Policy[],
    private readonly keyring: Keyring,
  ) {}

  /** Decrypts the names, in slices of a few milliseconds. A name that does not open costs only itself. */
  static async open(encrypted: EncryptedVault, keyring: Keyring, slices = new TimeSlices()): Promise<OpenVault> {
    await keyring.openAccount(encrypted, slices);
    const ciphers = new Map<string, Cipher>();
    const listed: Item[] = [];
    for (const cipher of encrypted.ciphers) {
      await slices.next();
      // Under one id the name of one item and the secrets of another would show as one.
      if (ciphers.has(cipher.id)) continue;
      ciphers.set(cipher.id, cipher);
      listed.push(list(cipher, keyring));
    }
    const items = await sortedByName(listed, slices);

    const folders: Named[] = [];
    for (const { id, name } of encrypted.folders) {
      await slices.next();
      const text = attempt(() => openText(name, keyring.userKey));
      if (text !== undefined) folders.push({ id, name: text });
    }
    const collections: NamedCollection[] = [];
    for (const { id, organizationId, name } of encrypted.collections) {
      await slices.next();
      const key = keyring.organizationKey(organizationId);
      const text = key && attempt(() => openText(name, key));
      if (text !== undefined) collections.push({ id, organizationId, name: text });
    }
    const enabled = encrypted.profile.organizations.filter((organization) => organization.enabled);
    const organizations = new Map(enabled.map(({ id, name }) => [id, { id, name }]));
    const vault = new OpenVault(
      ciphers,
      new Map(items.map((item) => [item.id, item])),
      items,
      await sortedByName(folders, slices),
      await sortedByName([...organizations.values()], slices),
      await sortedByName(collections, slices),
      encrypted.policies,
      keyring,
    );
    // Behind the list, so that the first search does not have to wait for it.
    void vault.#indexed();
    return vault;
  }

  /**
   * The vault after a change of one item: that one alone is decrypted and finds its place in the order and in the search.
   * This one must not be used any more, since both read from the same items.
   *
   * @throws LockedError after a lock.
   */
  apply(change: VaultChange): OpenVault {
    this.keyring.assertOpen();
    const id = change.kind === 'put' ? change.cipher.id : change.id;
    const former = this.itemsById.get(id);
    const removedAt = former && this.#placeOf(former);
    const items = removedAt === undefined ? [...this.items] : this.items.toSpliced(removedAt, 1);
    let added: { readonly item: Item; readonly at: number; readonly uris: readonly string[] } | undefined;
    if (change.kind === 'put') {
      const item = list(change.cipher, this.keyring);
      this.ciphers.set(id, change.cipher);
      this.itemsById.set(id, item);
      added = { item, at: placeByName(items, item), uris: this.#uris(id) };
      items.splice(added.at, 0, item);
    } else {
      this.ciphers.delete(id);
      this.itemsById.delete(id);
    }
    const changed = new OpenVault(
      this.ciphers,
      this.itemsById,
      items,
      this.folders,
      this.organizations,
      this.collections,
      this.policies,
      this.keyring,
    );
    changed.#searchIndex = this.#indexed().then((index) => index.with(removedAt, added));
    return changed;
  }

  /** Among those of the same name it is the one with this id. */
  #placeOf(item: Item): number | undefined {
    let at = placeByName(this.items, item) - 1;
    while (at >= 0 && this.items[at]?.id !== item.id) at--;
    return at < 0 ? undefined : at;
  }

  item(id: string): Item | undefined {
    return this.itemsById.get(id);
  }

  /** What is listed of an item: see Field. */
  fields(itemId: string): readonly Field[] {
    const cipher = this.ciphers.get(itemId);
    return cipher === undefined ? [] : listFields(cipher, this.keyring);
  }

  /** Whether anything is listed of an item. */
  hasFields(itemId: string): boolean {
    const cipher = this.ciphers.get(itemId);
    return cipher !== undefined && hasFields(cipher, this.keyring);
  }

  /** See the function of this name. */
  thoseThere<W extends Wanted>(itemId: string, wanted: readonly W[]): readonly W[] {
    const cipher = this.ciphers.get(itemId);
    return cipher === undefined ? [] : thoseThere(cipher, this.keyring, wanted);
  }

  /**
   * Decrypts one value; whoever wants it for a person takes `readValue` instead.
   *
   * @throws as readStored.
   */
  read(itemId: string, ref: FieldRef, proof?: MasterPasswordProof): string {
    const cipher = this.ciphers.get(itemId);
    if (cipher === undefined) throw new NotReadableError('no such item');
    return readStored(cipher, this.keyring, ref, proof);
  }

  /**
   * Items that match all words of the query, best first; an empty query yields all. Trashed items come last.
   *
   * @throws LockedError after a lock: the index holds addresses.
   */
  async search(query: string, slices = new TimeSlices()): Promise<readonly Item[]> {
    this.keyring.assertOpen();
    return (await this.#indexed()).search(query, slices);
  }

  /** In slices of its own. After a lock nothing more is decrypted for it. */
  #indexed(): Promise<SearchIndex> {
    return (this.#searchIndex ??= SearchIndex.build(this, (itemId) => this.#uris(itemId), new TimeSlices()));
  }

  #uris(itemId: string): readonly string[] {
    const cipher = this.ciphers.get(itemId);
    return cipher === undefined ? [] : readUris(cipher, this.keyring);
  }
}

function list(cipher: Cipher, keyring: Keyring): Item {
  const described = describe(cipher);
  if (cipher.unsupported && cipher.name === undefined) {
    return { ...described, name: undefined, username: undefined, closed: 'unsupported' };
  }
  const names = attempt(() =>
    withOpenCipher(cipher, keyring, (opened) => {
      const { name } = opened.cipher;
      const { username } = contentOf(opened.cipher);
      return {
        name: name === undefined ? '' : attempt(() => opened.text(name)),
        username: username === undefined ? undefined : attempt(() => opened.text(username)),
      };
    }),
  );
  const closed = cipher.unsupported ? 'unsupported' : names === undefined ? 'noKey' : undefined;
  return { ...described, name: names?.name, username: names?.username, closed };
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
