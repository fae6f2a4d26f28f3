import type { Cipher, EncryptedVault, Policy } from '../bitwarden/wire/model';
import { openText } from '../bitwarden/crypto/open';
import { TimeSlices } from '../base/timeSlices';
import { NotReadableError } from './errors';
import type { Field, FieldRef } from './fields';
import { type Item, ItemLister, type Listed, type Named, type NamedCollection } from './items';
import type { Keyring } from './keyring';
import type { MasterPasswordProof } from './masterPasswordProof';
import { encryptedLength, openItems } from './openItems';
import { placeByName, sortedByName } from './order';
import { hasFields, listFields, readStored, thoseThere, type Wanted } from './itemFields';
import { search, type SearchEntry, searchEntry } from './search';

/** One item was made or changed, or is gone for good. */
export type VaultChange =
  { readonly kind: 'put'; readonly cipher: Cipher } | { readonly kind: 'remove'; readonly id: string };

interface Parts extends Listed {
  readonly policies: readonly Policy[];
  readonly keyring: Keyring;
  readonly lister: ItemLister;
  readonly ciphers: Map<string, Cipher>;
  readonly entriesById: Map<string, SearchEntry>;
  /** In the order of the items. */
  readonly entries: readonly SearchEntry[];
}

/** Encrypted text of items that are opened in one go: some fifty, unless they are large. */
const CHARACTERS_AT_ONCE = 20_000;

/**
 * The vault while it is unlocked: names, usernames and addresses are decrypted once, when it is opened; every other value
 * when it is asked for, and again each time. It reads through the keyring, so after a lock nothing can be read any more.
 */
export class OpenVault implements Listed {
  /** All items, archived and trashed ones too, sorted by name. */
  readonly items: readonly Item[];
  readonly folders: readonly Named[];
  readonly organizations: readonly Named[];
  readonly collections: readonly NamedCollection[];
  readonly policies: readonly Policy[];

  private constructor(private readonly parts: Parts) {
    this.items = parts.items;
    this.folders = parts.folders;
    this.organizations = parts.organizations;
    this.collections = parts.collections;
    this.policies = parts.policies;
  }

  /**
   * Decrypts what is listed and searched, in slices of a few milliseconds. What does not open costs only itself.
   *
   * @throws LockedError after a lock, and as Keyring.openAccount.
   */
  static async open(encrypted: EncryptedVault, keyring: Keyring, slices = new TimeSlices()): Promise<OpenVault> {
    await keyring.openAccount(encrypted, slices);
    const ciphers = new Map<string, Cipher>();
    const entriesById = new Map<string, SearchEntry>();
    const lister = new ItemLister();
    let batch: Cipher[] = [];
    let characters = 0;
    const openBatch = async () => {
      await slices.next();
      for (const opened of openItems(batch, keyring, lister)) entriesById.set(opened.item.id, searchEntry(opened));
      batch = [];
      characters = 0;
    };
    for (const cipher of encrypted.ciphers) {
      // Under one id the name of one item and the secrets of another would show as one.
      if (ciphers.has(cipher.id)) continue;
      ciphers.set(cipher.id, cipher);
      batch.push(cipher);
      characters += encryptedLength(cipher);
      if (characters >= CHARACTERS_AT_ONCE) await openBatch();
    }
    await openBatch();
    const listed: Item[] = [];
    await slices.each(entriesById.values(), ({ item }) => listed.push(item));
    const items = await sortedByName(listed, slices);
    const entries: SearchEntry[] = [];
    await slices.each(items, ({ id }) => {
      const entry = entriesById.get(id);
      if (entry !== undefined) entries.push(entry);
    });

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
    return new OpenVault({
      keyring,
      lister,
      ciphers,
      entriesById,
      entries,
      items,
      folders: await sortedByName(folders, slices),
      organizations: await sortedByName([...organizations.values()], slices),
      collections: await sortedByName(collections, slices),
      policies: encrypted.policies,
    });
  }

  /**
   * The vault after a change of one item: that one alone is decrypted and finds its place in the order. This one must not
   * be used any more, since both read from the same items.
   *
   * @throws LockedError after a lock.
   */
  apply(change: VaultChange): OpenVault {
    const { keyring, lister, ciphers, entriesById } = this.parts;
    keyring.assertOpen();
    const id = change.kind === 'put' ? change.cipher.id : change.id;
    const items = [...this.items];
    const entries = [...this.parts.entries];
    const former = this.#placeOf(this.item(id));
    if (former !== undefined) {
      items.splice(former, 1);
      entries.splice(former, 1);
    }
    if (change.kind === 'put') {
      for (const opened of openItems([change.cipher], keyring, lister)) {
        const entry = searchEntry(opened);
        const at = placeByName(items, entry.item);
        items.splice(at, 0, entry.item);
        entries.splice(at, 0, entry);
        entriesById.set(id, entry);
      }
      ciphers.set(id, change.cipher);
    } else {
      entriesById.delete(id);
      ciphers.delete(id);
    }
    return new OpenVault({ ...this.parts, items, entries });
  }

  /** Among those of the same name it is the one with this id. */
  #placeOf(item: Item | undefined): number | undefined {
    if (item === undefined) return undefined;
    let at = placeByName(this.items, item) - 1;
    while (at >= 0 && this.items[at] !== item) at--;
    return at < 0 ? undefined : at;
  }

  item(id: string): Item | undefined {
    return this.parts.entriesById.get(id)?.item;
  }

  /** What is listed of an item: see Field. */
  fields(itemId: string): readonly Field[] {
    const cipher = this.parts.ciphers.get(itemId);
    return cipher === undefined ? [] : listFields(cipher, this.parts.keyring);
  }

  /** Whether anything is listed of an item. */
  hasFields(itemId: string): boolean {
    const cipher = this.parts.ciphers.get(itemId);
    return cipher !== undefined && hasFields(cipher, this.parts.keyring);
  }

  /** See the function of this name. */
  thoseThere<W extends Wanted>(itemId: string, wanted: readonly W[]): readonly W[] {
    const cipher = this.parts.ciphers.get(itemId);
    return cipher === undefined ? [] : thoseThere(cipher, this.parts.keyring, wanted);
  }

  /**
   * Decrypts one value; whoever wants it for a person takes `readValue` instead.
   *
   * @throws as readStored.
   */
  read(itemId: string, ref: FieldRef, proof?: MasterPasswordProof): string {
    const cipher = this.parts.ciphers.get(itemId);
    if (cipher === undefined) throw new NotReadableError('no such item');
    return readStored(cipher, this.parts.keyring, ref, proof);
  }

  /**
   * Items that match all words of the query, best first; an empty query yields all. Trashed items come last.
   *
   * @throws LockedError after a lock: what it looks into holds addresses.
   */
  async search(query: string, slices = new TimeSlices()): Promise<readonly Item[]> {
    this.parts.keyring.assertOpen();
    return search(this.parts.entries, this, query, slices);
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
