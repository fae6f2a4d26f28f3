import { parseBounded, smallElement } from '../../bitwarden/wire/boundedJson';
import type { MasterPasswordUnlock } from '../../bitwarden/wire/model';
import type { KdfConfig } from '../../bitwarden/crypto/kdf';
import { asObject } from '../../bitwarden/wire/reader';
import { accountFile } from './fileNames';
import { locks } from './locks';
import type { FileStore } from '../../base/ports';

/** The vault as last received, with what is needed to unlock it and to tell whether it is still the newest. */
export interface CachedVault {
  /** Random; another one after each sync that brought something. */
  readonly id: string;
  /** The server's revision date of the account, in milliseconds since the epoch. */
  readonly revision: number;
  readonly securityStamp: string | undefined;
  readonly unlock: MasterPasswordUnlock | undefined;
  /** The body of the sync answer, byte for byte: names and secrets in it are encrypted. */
  readonly body: Uint8Array;
}

const NEWLINE = 0x0a;

/** One file per account: a line of JSON, then the body. A file that does not parse counts as absent. */
export class VaultCache {
  constructor(private readonly files: FileStore) {}

  async read(accountId: string): Promise<CachedVault | undefined> {
    const content = await this.files.read(accountFile(accountId, 'vault'));
    const end = content?.indexOf(NEWLINE) ?? -1;
    if (content === undefined || end < 0) return undefined;
    try {
      const header = asObject(parseBounded(content.subarray(0, end), smallElement));
      const { id, revision, securityStamp, unlock } = header ?? {};
      if (typeof id !== 'string' || typeof revision !== 'number') return undefined;
      return {
        id,
        revision,
        securityStamp: typeof securityStamp === 'string' ? securityStamp : undefined,
        unlock: parseUnlock(unlock),
        body: content.subarray(end + 1),
      };
    } catch {
      return undefined;
    }
  }

  /** @returns its id. */
  async write(accountId: string, { body, ...header }: Omit<CachedVault, 'id'>): Promise<string> {
    if (header.unlock)
      await this.files.write(accountFile(accountId, 'kdf'), Buffer.from(JSON.stringify(header.unlock.kdf)));
    const id = globalThis.crypto.randomUUID();
    const line = Buffer.from(`${JSON.stringify({ id, ...header })}\n`);
    await this.files.write(accountFile(accountId, 'vault'), Buffer.concat([line, body]));
    return id;
  }

  /** When the cached vault was last known to be the newest, in milliseconds since the epoch. */
  checkedAt(accountId: string): Promise<number | undefined> {
    return this.files.modifiedAt(accountFile(accountId, 'vault'));
  }

  /** The cached vault was found to be the newest. */
  async touch(accountId: string): Promise<void> {
    await this.files.touch(accountFile(accountId, 'vault'));
  }

  /** The vault that was found to be damaged, unless another one has taken its place. */
  async discard(accountId: string, { id }: Pick<CachedVault, 'id'>): Promise<void> {
    await this.files.exclusive(locks.cache(accountId), async () => {
      if ((await this.read(accountId))?.id === id) await this.delete(accountId);
    });
  }

  /** The vault alone. */
  async delete(accountId: string): Promise<void> {
    await this.files.delete(accountFile(accountId, 'vault'));
  }

  /** The KDF settings of the last vault that had any; they outlive it until the account is forgotten. */
  async lastKdf(accountId: string): Promise<KdfConfig | undefined> {
    const content = await this.files.read(accountFile(accountId, 'kdf'));
    try {
      return content && parseKdf(parseBounded(content, smallElement));
    } catch {
      return undefined;
    }
  }

  /** Everything of the account. */
  async forget(accountId: string): Promise<void> {
    await this.delete(accountId);
    await this.files.delete(accountFile(accountId, 'kdf'));
  }
}

/** Shape only: the bounds of a KDF are checked where it is used. */
function parseUnlock(value: unknown): MasterPasswordUnlock | undefined {
  const { kdf, salt, masterKeyEncryptedUserKey } = asObject(value) ?? {};
  const config = parseKdf(kdf);
  if (config === undefined || typeof salt !== 'string' || typeof masterKeyEncryptedUserKey !== 'string') {
    return undefined;
  }
  return { kdf: config, salt, masterKeyEncryptedUserKey };
}

function parseKdf(value: unknown): KdfConfig | undefined {
  const { type, iterations, memoryMiB, parallelism } = asObject(value) ?? {};
  if (typeof iterations !== 'number') return undefined;
  if (type === 'pbkdf2') return { type, iterations };
  if (type !== 'argon2id' || typeof memoryMiB !== 'number' || typeof parallelism !== 'number') return undefined;
  return { type, iterations, memoryMiB, parallelism };
}
