import type { Cipher, EncryptedVault, Policy } from '../bitwarden/api/model';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { openText } from '../bitwarden/crypto/open';
import { uriChecksum } from '../bitwarden/crypto/uriChecksum';
import { TimeSlices } from '../bitwarden/timeSlices';
import { HiddenByOrganizationError, NotReadableError, RepromptRequiredError } from './errors';
import { type FieldSource, fieldSources } from './fields';
import { describe, type Field, fieldFits, type Item, type Listed, type Named, type NamedCollection } from './items';
import type { Keyring } from './keyring';
import { sortedByName } from './order';
import { RepromptProof } from './repromptProof';
import { SearchIndex } from './search';

/**
 * The vault while it is unlocked: names are decrypted once, when it is opened; every other value when it is asked
 * for, and again each time. It reads through the keyring, so after a lock nothing can be read any more.
 */
export class OpenVault implements Listed {
  #searchIndex: Promise<SearchIndex> | undefined;

  private constructor(
    private readonly ciphers: ReadonlyMap<string, Cipher>,
    private readonly itemsById: ReadonlyMap<string, Item>,
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
    return new OpenVault(
      ciphers,
      new Map(items.map((item) => [item.id, item])),
      items,
      await sortedByName(folders, slices),
      await sortedByName([...organizations.values()], slices),
      await sortedByName(collections, slices),
      encrypted.policies,
      keyring,
    );
  }

  item(id: string): Item | undefined {
    return this.itemsById.get(id);
  }

  /** What there is to read in an item; no value is decrypted but the names of custom fields. */
  fields(itemId: string): readonly Field[] {
    const cipher = this.ciphers.get(itemId);
    if (cipher === undefined) return [];
    try {
      return this.keyring.withCipherKey(cipher, (key) =>
        fieldSources(cipher).map(({ key: fieldKey, name, secret, withheld }) => {
          if (name.kind === 'standard') return { key: fieldKey, label: name, secret, withheld };
          const { text } = name;
          const label = text === undefined ? '' : (attempt(() => openText(text, key)) ?? '');
          return { key: fieldKey, label: { kind: 'custom' as const, name: label }, secret, withheld };
        }),
      );
    } catch {
      return [];
    }
  }

  /**
   * Decrypts one value.
   *
   * @throws LockedError after a lock, HiddenByOrganizationError for what this user may not view,
   * RepromptRequiredError for a secret of an item with reprompt unless a proof is given, NotReadableError when there
   * is no such value or an address does not fit its checksum, and the errors of decryption.
   */
  read(itemId: string, fieldKey: string, proof?: RepromptProof): string {
    const cipher = this.ciphers.get(itemId);
    const source = cipher && fieldSources(cipher).find(({ key }) => key === fieldKey);
    if (cipher === undefined || source === undefined) throw new NotReadableError('no such value');
    if (source.withheld) throw new HiddenByOrganizationError('hidden by the organisation');
    if (source.secret && cipher.reprompt && !RepromptProof.isProof(proof)) throw new RepromptRequiredError('reprompt');
    return this.keyring.withCipherKey(cipher, (key) => open(source, key));
  }

  /**
   * Items that match all words of the query, best first; an empty query yields all. Trashed items come last.
   *
   * @throws LockedError after a lock: the index holds addresses.
   */
  async search(query: string, slices = new TimeSlices()): Promise<readonly Item[]> {
    this.keyring.assertOpen();
    this.#searchIndex ??= SearchIndex.build(this, (itemId) => this.#uris(itemId), slices);
    return (await this.#searchIndex).search(query, slices);
  }

  #uris(itemId: string): readonly string[] {
    const cipher = this.ciphers.get(itemId);
    if (cipher === undefined) return [];
    const sources = fieldSources(cipher).filter((source) => fieldFits(source, 'uri'));
    const uris = attempt(() =>
      this.keyring.withCipherKey(cipher, (key) => sources.flatMap((source) => attempt(() => open(source, key)) ?? [])),
    );
    return uris ?? [];
  }
}

function list(cipher: Cipher, keyring: Keyring): Item {
  const username = cipher.login?.username ?? cipher.details.username;
  const names = attempt(() =>
    keyring.withCipherKey(cipher, (key) => ({
      name: cipher.name === undefined ? undefined : attempt(() => openText(cipher.name ?? '', key)),
      username: username === undefined ? undefined : attempt(() => openText(username, key)),
    })),
  );
  return { ...describe(cipher), name: names?.name, username: names?.username };
}

function open(source: FieldSource, key: SymmetricKey): string {
  const value = openText(source.value, key);
  if (!checksumFits(source, value, (text) => openText(text, key))) {
    throw new NotReadableError('the address does not fit its checksum');
  }
  return value;
}

/**
 * Other clients drop such addresses, too: without the check a server could swap them (sdk: cipher.rs, login.rs). Where
 * there has to be a checksum, and only there, a missing one is an empty text, which fits no address.
 */
function checksumFits(source: FieldSource, uri: string, decrypt: (text: string) => string): boolean {
  const { checksum } = source;
  if (checksum === undefined) return true;
  const expected = attempt(() => decrypt(checksum));
  return expected === uriChecksum(uri);
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
