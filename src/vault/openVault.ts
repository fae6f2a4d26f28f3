import { attempt } from '../base/thrown';
import type { Attachment, Cipher, Folder, Policy } from '../bitwarden/wire/model';
import { openText } from '../bitwarden/crypto/open';
import { TimeSlices } from '../base/timeSlices';
import {
  cipherOf,
  type EncryptedVault,
  idOfCipher,
  isOfElement,
  keyOfCipher,
  type RawChange,
  type RawElements,
} from './encryptedVault';
import { type AttachmentKey, attachmentKey, sealAttachment } from './attachments';
import { NotReadableError } from './errors';
import type { Rights } from './edit/itemChange';
import type { ItemEdit, NewItem } from './edit/itemEdit';
import { Merge } from './edit/merge';
import type { ReadOnlyReason } from './edit/readOnly';
import { receivedItem, type ReceivedItem, whyReadOnly } from './edit/receivedItem';
import { newItemFrom } from './edit/wholeEdit';
import { hasRow, openItemList, type SealedItemList, sealItemList } from './itemList';
import { type Field, type FieldRef, isContent } from './fields';
import { itemDetails, type ItemDetails } from './itemDetails';
import { type Item, ItemLister, type Listed, type Named, type NamedCollection } from './items';
import type { Keyring } from './keyring';
import type { MasterPasswordProof } from './masterPasswordProof';
import { encryptedLength, type OpenItem, openItems } from './openItems';
import { byName, placeByName, sortedByName } from './order';
import { policiesThatHold, restrictionOf, type Typed } from './policies';
import { hasFields, listFields, readStored, thoseThere, type Wanted } from './itemFields';
import { type Found, type SearchOptions, VaultSearch } from './search/vaultSearch';
import { type SearchEntry, searchEntry } from './search/searchEntry';

const oneTimeCode: Wanted = { fits: (ref) => isContent(ref, 'totp') };

/** What items can be in; sorted by name. */
type Places = Omit<Listed, 'items'>;

interface Parts extends Listed {
  readonly encrypted: EncryptedVault;
  readonly keyring: Keyring;
  readonly lister: ItemLister;
  readonly entriesById: Map<string, SearchEntry>;
  /** In the order of the items. */
  readonly entries: readonly SearchEntry[];
  /** About how many items the sealed list on the disk lacks, or lists as they are no more. */
  readonly unlisted: number;
  /** See Keyring.timesOpened. */
  readonly timesOpened: number;
}

/** Characters of encrypted text that are opened between two pauses: those of some fifty items. */
const CHARACTERS_AT_ONCE = 20_000;

/**
 * When the sealed list lacks so many items it is sealed anew. To decrypt that many takes some 10 ms at the next unlock,
 * while sealing a list of 10,000 takes 100 ms.
 */
const MOST_UNLISTED = 100;

/**
 * Up to so many changes are made in copies of the lists, one after the other; with more of them everything is opened
 * and sorted again, because each takes some 0.1 ms in a list of 100,000 items, without a pause between them.
 */
const MOST_IN_PLACE = 100;

/**
 * The vault while it is unlocked: names, usernames, addresses and the names of custom fields are decrypted once, when it
 * is opened; every other value when it is asked for, and again each time. It reads through the keyring, so after a lock nothing can be read any more.
 */
export class OpenVault implements Listed {
  /** All items, archived and trashed ones too, sorted by name, but for those of restricted types. */
  readonly items: readonly Item[];
  /** What items can be in, each list sorted by name; a name that does not open is left out. */
  readonly folders: readonly Named[];
  /** Those that are enabled. */
  readonly organizations: readonly Named[];
  /** As with folders. */
  readonly collections: readonly NamedCollection[];
  /** Those that hold for the user, of all organisations. */
  readonly policies: readonly Policy[];
  readonly #search: VaultSearch;
  readonly #isRestricted: ReturnType<typeof restrictionOf>;
  /** `apply` has changed what this vault shares with the one that takes its place. */
  #isOutdated = false;

  private constructor(private readonly parts: Parts) {
    const { encrypted, entries } = parts;
    this.policies = policiesThatHold(encrypted.policies, encrypted.profile.organizations);
    this.#isRestricted = restrictionOf(this.policies);
    const shown = this.#isRestricted ? entries.filter(({ item }) => !this.isRestricted(item)) : entries;
    this.items = shown === entries ? parts.items : shown.map(({ item }) => item);
    this.folders = parts.folders;
    this.organizations = parts.organizations;
    this.collections = parts.collections;
    const hasCode = (itemId: string) => this.thoseThere(itemId, [oneTimeCode]).length > 0;
    this.#search = new VaultSearch({ listed: this, entries: shown, hasCode });
  }

  /**
   * Decrypts what is listed and searched, in slices of a few milliseconds. An item that does not open is listed without a
   * name, and the others all the same. Items of the same name come in the order of the list, then in that of the vault.
   *
   * @param list what `sealList` has made of the vault at an earlier time.
   * @throws LockedError after a lock, and as Keyring.openAccount.
   */
  static async open(
    encrypted: EncryptedVault,
    keyring: Keyring,
    { list, slices = new TimeSlices() }: { list?: SealedItemList | undefined; slices?: TimeSlices } = {},
  ): Promise<OpenVault> {
    await keyring.openAccount(encrypted, slices);
    const entriesById = new Map<string, SearchEntry>();
    const lister = new ItemLister();
    const { timesOpened } = keyring;
    let [blocks, outdated] = [0, 0];
    if (list !== undefined) {
      for await (const block of openItemList(list, encrypted.elements, keyring, slices)) {
        for (const { item, addresses, fieldNames } of block.rows) {
          entriesById.set(item.id, { item: lister.withSharedIds(item), addresses, fieldNames });
        }
        blocks++;
        outdated += block.outdated;
      }
    }
    const left: string[] = [];
    await slices.each(encrypted.elements.keys(), (key) => {
      const id = idOfCipher(key);
      if (id !== undefined && !entriesById.has(id)) left.push(key);
    });
    let missing = 0;
    for await (const batch of openAll(encrypted.ciphers(left), keyring, lister, slices)) {
      for (const opened of batch) {
        const entry = searchEntry(opened);
        entriesById.set(entry.item.id, entry);
        if (hasRow(entry)) missing++;
      }
    }
    // A list of which nothing opens, since it was sealed with another key, counts as outdated. Otherwise it would stay
    // useless until a hundred items have changed.
    const isUseless = list !== undefined && blocks === 0;
    const unlisted = isUseless ? MOST_UNLISTED : Math.max(missing, outdated);
    const listed: Item[] = [];
    await slices.each(entriesById.values(), ({ item }) => listed.push(item));
    const items = await sortedByName(listed, slices);
    const entries: SearchEntry[] = [];
    await slices.each(items, ({ id }) => {
      const entry = entriesById.get(id);
      if (entry !== undefined) entries.push(entry);
    });
    const places = await openPlaces(encrypted, keyring, slices);
    return new OpenVault({ encrypted, keyring, lister, entriesById, entries, items, unlisted, timesOpened, ...places });
  }

  /** A name for something of this vault, by which nothing is told of it: see Keyring.digest. @throws LockedError */
  digest(purpose: string, text: string): string {
    return this.parts.keyring.digest(purpose, text);
  }

  /**
   * Seals what is listed, so that `open` is quicker the next time that the vault is unlocked. Works in slices of a few
   * milliseconds.
   *
   * @returns a SealedItemList in parts; undefined while the list that it was opened with is good enough, and when
   * another vault has taken the place of this one.
   * @throws LockedError
   */
  async sealList(slices = new TimeSlices()): Promise<readonly Uint8Array[] | undefined> {
    const { entries, encrypted, keyring, unlisted, timesOpened } = this.parts;
    const isOutdated = () => this.#isOutdated || keyring.timesOpened !== timesOpened;
    if (unlisted < MOST_UNLISTED || isOutdated()) return undefined;
    return sealItemList(entries, encrypted.elements, keyring, slices, isOutdated);
  }

  /**
   * The vault after some changes. Items that changed are decrypted and find their place in the order; all is opened again
   * where many have changed, and where the keys may have. Once this resolves, the vault before must not be used any more,
   * since both read from the same items; until then, and where it fails, that one is as it was.
   *
   * @throws LockedError after a lock, and as Keyring.openAccount.
   */
  async apply(changes: readonly RawChange[], slices = new TimeSlices()): Promise<OpenVault> {
    const { keyring, lister } = this.parts;
    keyring.assertOpen();
    if (changes.length > MOST_IN_PLACE || !changes.every(({ key }) => isOfElement(key))) {
      return OpenVault.open(await this.parts.encrypted.copyWith(changes, slices), keyring, { slices });
    }
    const ciphers = changes.map(cipherOf).filter((cipher) => cipher !== undefined);
    const opened = new Map<string, OpenItem>();
    for await (const batch of openAll(ciphers, keyring, lister, slices)) {
      for (const each of batch) opened.set(each.item.id, each);
    }
    const itemIds = changes.map(({ key }) => idOfCipher(key)).filter((id) => id !== undefined);
    let { encrypted } = this.parts;
    let places: Places | undefined;
    const unlisted = this.parts.unlisted + itemIds.length;
    if (itemIds.length < changes.length) {
      encrypted = await encrypted.copyWith(changes, slices);
      places = await openPlaces(encrypted, keyring, slices);
    } else {
      encrypted.change(changes);
    }
    this.#isOutdated = true;
    const [items, entries] = [[...this.parts.items], [...this.parts.entries]];
    for (const id of itemIds) this.#replace(id, opened.get(id), items, entries);
    return new OpenVault({ ...this.parts, ...places, encrypted, items, entries, unlisted });
  }

  #replace(id: string, opened: OpenItem | undefined, items: Item[], entries: SearchEntry[]): void {
    const former = placeOf(this.parts.entriesById.get(id)?.item, items);
    const entry = opened && searchEntry(opened);
    if (entry === undefined) this.parts.entriesById.delete(id);
    else this.parts.entriesById.set(id, entry);
    if (former !== undefined && entry !== undefined && byName(items[former] ?? entry.item, entry.item) === 0) {
      items[former] = entry.item;
      entries[former] = entry;
      return;
    }
    if (former !== undefined) {
      items.splice(former, 1);
      entries.splice(former, 1);
    }
    if (entry === undefined) return;
    const at = placeByName(items, entry.item);
    items.splice(at, 0, entry.item);
    entries.splice(at, 0, entry);
  }

  /** The elements that it was opened from. */
  get raw(): RawElements {
    return this.parts.encrypted.elements;
  }

  /** The item as it is listed. Undefined where there is none of this id, or one of a restricted type. */
  item(id: string): Item | undefined {
    const item = this.parts.entriesById.get(id)?.item;
    return item && this.isRestricted(item) ? undefined : item;
  }

  #cipher(itemId: string): Cipher | undefined {
    return this.item(itemId) && this.parts.encrypted.cipher(itemId);
  }

  /** Whether an organisation wants that no such item is shown or made: see restrictionOf. */
  isRestricted(item: Typed): boolean {
    return this.#isRestricted?.(item) ?? false;
  }

  /** What is listed of an item: see Field. Empty where there is no such item, and after a lock. */
  fields(itemId: string): readonly Field[] {
    const cipher = this.#cipher(itemId);
    return cipher === undefined ? [] : listFields(cipher, this.parts.keyring);
  }

  /**
   * What there is to know of an item beside its fields; undefined if no key opens it.
   *
   * @throws LockedError
   */
  details(itemId: string): ItemDetails | undefined {
    const cipher = this.#cipher(itemId);
    return cipher && itemDetails(cipher, this.parts.keyring);
  }

  /** Whether anything is listed of an item; false after a lock. */
  hasFields(itemId: string): boolean {
    const cipher = this.#cipher(itemId);
    return cipher !== undefined && hasFields(cipher, this.parts.keyring);
  }

  /** Which of the wanted kinds of values the item has: see the function of this name in itemFields. */
  thoseThere<W extends Wanted>(itemId: string, wanted: readonly W[]): readonly W[] {
    const cipher = this.#cipher(itemId);
    return cipher === undefined ? [] : thoseThere(cipher, this.parts.keyring, wanted);
  }

  /**
   * Decrypts one value; whoever wants it for a person takes `readValue` instead.
   *
   * @throws as readStored.
   */
  read(itemId: string, ref: FieldRef, proof?: MasterPasswordProof): string {
    return readStored(this.#existing(itemId), this.parts.keyring, ref, proof);
  }

  /** Whether the item has files; false after a lock, and for an item of a shape that we do not know. */
  hasAttachments(itemId: string): boolean {
    const cipher = this.#cipher(itemId);
    return cipher !== undefined && !cipher.unsupported && cipher.attachments.length > 0;
  }

  /** What opens a file of an item. @throws as attachmentKey. */
  attachmentKey(itemId: string, attachmentId: string, proof?: MasterPasswordProof): AttachmentKey {
    return attachmentKey(this.#existing(itemId), attachmentId, this.parts.keyring, proof);
  }

  /** A key for a new file of an item. @throws as sealAttachment. */
  sealAttachment(itemId: string, name: string): ReturnType<typeof sealAttachment> {
    return sealAttachment(this.#existing(itemId), name, this.parts.keyring);
  }

  /** The files of an item as the server sent them. Empty where there is none of this id. */
  sealedAttachments(itemId: string): readonly Attachment[] {
    return this.#cipher(itemId)?.attachments ?? [];
  }

  #existing(itemId: string): Cipher {
    const cipher = this.#cipher(itemId);
    if (cipher === undefined) throw new NotReadableError('no such item');
    return cipher;
  }

  /** The item as the server sent it, JSON in UTF-8. Undefined where there is none of this id. */
  element(itemId: string): Uint8Array | undefined {
    return this.raw.get(keyOfCipher(itemId));
  }

  /**
   * Why the content of an item cannot be changed; undefined: it can.
   *
   * @throws LockedError; NotReadableError where there is none of this id.
   */
  whyReadOnly(itemId: string): ReadOnlyReason | undefined {
    return whyReadOnly(this.#received(itemId), this.parts.keyring);
  }

  /**
   * Brings an edit to the item as it is now.
   *
   * @param base the item as it was when the edit began: see `element`.
   * @throws as Merge; NotReadableError where there is no such item.
   */
  merge(itemId: string, base: Uint8Array, mine: ItemEdit): Merge {
    return new Merge({ base: receivedItem(base), theirs: this.#received(itemId), mine }, this.parts.keyring);
  }

  /**
   * The new item that an edited one becomes where that is gone, or cannot be changed any more: see newItemFrom.
   *
   * @param base the item as it was when the edit began: see `element`.
   * @returns undefined where nothing is known of the item.
   * @throws LockedError
   */
  newItemFrom(base: Uint8Array, edit: ItemEdit): NewItem | undefined {
    const received = receivedItem(base);
    return received && newItemFrom(received, edit, this.parts.keyring);
  }

  /** The id of the item whose name is this encrypted string. Looks at each item. */
  idOfSealedName(name: string): string | undefined {
    for (const cipher of this.parts.encrypted.ciphers()) if (cipher.name === name) return cipher.id;
    return undefined;
  }

  /** The id of the user, by the server. */
  get userId(): string {
    return this.parts.encrypted.profile.id;
  }

  #received(itemId: string): ReceivedItem {
    const json = this.element(itemId);
    const received = json && receivedItem(json);
    if (received === undefined) throw new NotReadableError('no such item');
    return received;
  }

  /** What the server lets the user do with an item. Undefined where there is none of this id. */
  rights(itemId: string): Rights | undefined {
    return this.#cipher(itemId);
  }

  /** Folders as the server sent them: also those whose names do not open. */
  get sealedFolders(): readonly Folder[] {
    return this.parts.encrypted.folders;
  }

  /** Called before somebody types: see VaultSearch.prepare. */
  prepareSearch(slices = new TimeSlices()): Promise<void> {
    return this.#search.prepare(slices);
  }

  /**
   * Items that match all of the query (see parseQuery), best first. An empty query yields all, in their order.
   *
   * @throws LockedError after a lock: what it looks into holds addresses.
   */
  async search(query: string, options: Partial<SearchOptions> = {}): Promise<Found> {
    this.parts.keyring.assertOpen();
    return this.#search.search(query, { slices: new TimeSlices(), ...options });
  }

  /** What comes behind that, where it is little: see VaultSearch.searchLoosely. @throws as search. */
  async searchLoosely(query: string, found: Found, options: Partial<SearchOptions> = {}): Promise<readonly Item[]> {
    this.parts.keyring.assertOpen();
    return this.#search.searchLoosely(query, found, { slices: new TimeSlices(), ...options });
  }

  /** Both, one behind the other. @throws as search. */
  async searchAll(query: string, options: Partial<SearchOptions> = {}): Promise<readonly Item[]> {
    const found = await this.search(query, options);
    return [...found.items, ...(await this.searchLoosely(query, found, options))];
  }

  /** The items whose addresses are at some hosts: see VaultSearch.itemsAt. @throws as search. */
  async itemsAt(hosts: readonly string[], options: Partial<SearchOptions> = {}): Promise<readonly Item[]> {
    this.parts.keyring.assertOpen();
    return this.#search.itemsAt(hosts, { slices: new TimeSlices(), ...options });
  }
}

/** Opens items in batches, with a pause between them where a slice is over. */
async function* openAll(
  ciphers: Iterable<Cipher>,
  keyring: Keyring,
  lister: ItemLister,
  slices: TimeSlices,
): AsyncGenerator<readonly OpenItem[], void> {
  let batch: Cipher[] = [];
  let characters = 0;
  for (const cipher of ciphers) {
    batch.push(cipher);
    characters += encryptedLength(cipher);
    if (characters < CHARACTERS_AT_ONCE) continue;
    await slices.next();
    yield openItems(batch, keyring, lister);
    batch = [];
    characters = 0;
  }
  await slices.next();
  yield openItems(batch, keyring, lister);
}

async function openPlaces(encrypted: EncryptedVault, keyring: Keyring, slices: TimeSlices): Promise<Places> {
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
  return {
    folders: await sortedByName(folders, slices),
    organizations: await sortedByName([...organizations.values()], slices),
    collections: await sortedByName(collections, slices),
  };
}

/**
 * The index of an item in a list sorted by name. There may be several of the same name, so those before the last one of
 * that name are looked at until it is found.
 */
function placeOf(item: Item | undefined, items: readonly Item[]): number | undefined {
  if (item === undefined) return undefined;
  let at = placeByName(items, item) - 1;
  while (at >= 0 && items[at] !== item) at--;
  return at < 0 ? undefined : at;
}
