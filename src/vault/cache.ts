import { isDeepStrictEqual } from 'node:util';
import { smallElement } from '../bitwarden/api/answers';
import { parseBounded } from '../bitwarden/api/boundedJson';
import type { MasterPasswordUnlock } from '../bitwarden/api/model';
import type { KdfConfig } from '../bitwarden/crypto/kdf';
import { asObject } from '../bitwarden/api/reader';
import type { FileStore } from './ports';
import type { Account } from './state';

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

/** A vault belongs to a user of a server: two servers may know the same user id. */
type Owner = Pick<Account, 'userId' | 'servers'>;

/**
 * One file per user: a line of JSON, then the body. A file that does not parse, or came from another server, counts as
 * absent.
 */
export class VaultCache {
  constructor(private readonly files: FileStore) {}

  async read({ userId, servers }: Owner): Promise<CachedVault | undefined> {
    const content = await this.files.read(fileName(userId));
    const end = content?.indexOf(NEWLINE) ?? -1;
    if (content === undefined || end < 0) return undefined;
    try {
      const header = asObject(parseBounded(content.subarray(0, end), smallElement));
      const { id, revision, securityStamp, unlock } = header ?? {};
      if (typeof id !== 'string' || typeof revision !== 'number') return undefined;
      if (!isDeepStrictEqual(header?.servers, servers)) return undefined;
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

  async write({ userId, servers }: Owner, { body, ...header }: Omit<CachedVault, 'id'>): Promise<void> {
    if (header.unlock) await this.files.write(kdfFile(userId), Buffer.from(JSON.stringify(header.unlock.kdf)));
    const id = globalThis.crypto.randomUUID();
    const line = Buffer.from(`${JSON.stringify({ id, servers, ...header })}\n`);
    await this.files.write(fileName(userId), Buffer.concat([line, body]));
  }

  /** When the cached vault was last known to be the newest, in milliseconds since the epoch. */
  checkedAt(userId: string): Promise<number | undefined> {
    return this.files.modifiedAt(fileName(userId));
  }

  /** The cached vault was found to be the newest. */
  async touch(userId: string): Promise<void> {
    await this.files.touch(fileName(userId));
  }

  /** The vault alone. */
  async delete(userId: string): Promise<void> {
    await this.files.delete(fileName(userId));
  }

  /** The KDF settings of the last vault that had any; they outlive it until the user is forgotten. */
  async lastKdf(userId: string): Promise<KdfConfig | undefined> {
    const content = await this.files.read(kdfFile(userId));
    try {
      return content && parseKdf(parseBounded(content, smallElement));
    } catch {
      return undefined;
    }
  }

  /** Everything of the user. */
  async forget(userId: string): Promise<void> {
    await this.delete(userId);
    await this.files.delete(kdfFile(userId));
  }
}

function kdfFile(userId: string): string {
  return `kdf-${userId}.json`;
}

function fileName(userId: string): string {
  return `vault-${userId}.json`;
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
