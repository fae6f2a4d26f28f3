import { randomUUID } from 'node:crypto';
import { encryptItem } from './encryptItem';
import type { PlainItem } from './items';
import type { Account, StoredCipher } from './model';
import { openText } from '../../src/bitwarden/crypto/open';
import { sealText } from '../../src/bitwarden/crypto/seal';
import type { SymmetricKey } from '../../src/bitwarden/crypto/keys';
import { anyKeyFromBase64 } from '../support/keys';

/** Encrypts items as the user's own clients would, and adds them to an account. */
export class VaultWriter {
  readonly #userKey: SymmetricKey;
  readonly #folderIds: Map<string, string>;

  constructor(private readonly account: Account) {
    const userKey = anyKeyFromBase64(account.plainUserKey);
    this.#userKey = userKey;
    this.#folderIds = new Map(account.folders.map(({ id, name }) => [openText(name, userKey), id]));
  }

  /** The id of the folder of this name, which is made if there is none. */
  folder(name: string): string {
    const known = this.#folderIds.get(name);
    if (known !== undefined) return known;
    const id = randomUUID();
    this.account.folders.push({ id, name: sealText(name, this.#userKey), revisionDate: this.account.revisionDate });
    this.#folderIds.set(name, id);
    return id;
  }

  add(item: PlainItem): StoredCipher {
    const folderId = item.folder === undefined ? null : this.folder(item.folder);
    const { organizationId, collectionIds, key } = this.#owner(item);
    const place = { organizationId, collectionIds, folderId };
    const cipher = encryptItem(item, key, place, this.account.revisionDate);
    this.account.ciphers.push(cipher);
    return cipher;
  }

  #owner(item: PlainItem) {
    if (item.organization === undefined) return { organizationId: null, collectionIds: [], key: this.#userKey };
    const organization = this.account.organizations.find(({ name }) => name === item.organization);
    if (!organization) throw new Error(`no organisation ${item.organization}`);
    const key = anyKeyFromBase64(organization.plainKey);
    const wanted = new Set(item.collections);
    const collectionIds = this.account.collections
      .filter((each) => each.organizationId === organization.id && wanted.has(openText(each.name, key)))
      .map(({ id }) => id);
    if (collectionIds.length !== wanted.size) throw new Error(`no such collection in ${item.organization}`);
    return { organizationId: organization.id, collectionIds, key };
  }
}
