import { parseBounded, smallElement } from '../../bitwarden/wire/boundedJson';
import type { KdfConfig } from '../../bitwarden/crypto/kdf';
import type { FileStore } from '../../base/ports';
import type { SealedItemList } from '../../vault/itemList';
import { TimeSlices } from '../../base/timeSlices';
import { accountFile } from './fileNames';
import { readFormerCache } from './formerCache';
import { locks } from './locks';
import {
  type CachedVault,
  END_LENGTH,
  HEADER_KEY,
  lastHeaderOf,
  parseHeader,
  parseKdf,
  readLines,
  type VaultHeader,
  type VaultLine,
} from './vaultLines';

/** What was in the file of a vault at one time. */
export interface VaultFile {
  /** What is needed to unlock the vault, and to tell whether it is the newest. */
  readonly header: VaultHeader;
  /** Reads all of it, in slices of a few milliseconds. */
  read(slices?: TimeSlices): Promise<CachedVault>;
}

const OPEN_OBJECT = 0x7b;

/** In bytes: more than twice the largest answer that is read. No file of ours is as large, so a larger one is not read. */
const LARGEST = 1024 * 1024 * 1024;

/** In bytes: the rows of some 300,000 items. */
const LARGEST_LIST = 128 * 1024 * 1024;

/** One file per account, see VaultLine. One without a readable header counts as absent, and so does one that is too large. */
export class VaultCache {
  constructor(private readonly files: FileStore) {}

  /** The last header alone, which takes the same short time for a vault of any size where nothing is spoiled. */
  async header(accountId: string): Promise<VaultHeader | undefined> {
    const end = await this.files.readEnd(accountFile(accountId, 'vault'), END_LENGTH);
    if (end === undefined || end.size > LARGEST) return undefined;
    return lastHeaderOf(end.bytes) ?? (await this.file(accountId))?.header;
  }

  async file(accountId: string): Promise<VaultFile | undefined> {
    const content = await readBounded(this.files, accountFile(accountId, 'vault'), LARGEST);
    if (content === undefined) return undefined;
    const header = lastHeaderOf(content.subarray(-END_LENGTH));
    if (header !== undefined) {
      const read = async (slices = new TimeSlices()) => (await readVault(content, slices)) ?? nothingOf(header);
      return { header, read };
    }
    const cached = await (content[0] === OPEN_OBJECT ? readFormerCache : readVault)(content, new TimeSlices());
    return cached && { header: cached.header, read: () => Promise.resolve(cached) };
  }

  /** The whole vault. Undefined where none is cached. */
  async read(accountId: string): Promise<CachedVault | undefined> {
    return (await this.file(accountId))?.read();
  }

  /** What was listed the last time, sealed; it may be of an older vault. Undefined also where it cannot be read. */
  async list(accountId: string): Promise<SealedItemList | undefined> {
    return readBounded(this.files, accountFile(accountId, 'list'), LARGEST_LIST).catch(() => undefined);
  }

  /** @param parts of a SealedItemList. */
  async keepList(accountId: string, parts: readonly Uint8Array[]): Promise<void> {
    const file = await this.files.create(accountFile(accountId, 'list'));
    try {
      for (const part of parts) await file.write(part);
      await file.commit();
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }

  /** When the cached vault was last known to be the newest, in milliseconds since the epoch. */
  checkedAt(accountId: string): Promise<number | undefined> {
    return this.files.modifiedAt(accountFile(accountId, 'vault'));
  }

  /** The cached vault was found to be the newest. */
  async touch(accountId: string): Promise<void> {
    await this.files.touch(accountFile(accountId, 'vault'));
  }

  /** Deletes the vault that was found to be damaged, unless another one has taken its place. */
  async discard(accountId: string, id: string): Promise<void> {
    await this.files.exclusive(locks.cache(accountId), async () => {
      if ((await this.header(accountId))?.id === id) await this.delete(accountId);
    });
  }

  /** Deletes the vault, and what is listed of it. */
  async delete(accountId: string): Promise<void> {
    try {
      await this.files.delete(accountFile(accountId, 'vault'));
    } finally {
      await this.files.delete(accountFile(accountId, 'list'));
    }
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

  async rememberKdf(accountId: string, kdf: KdfConfig): Promise<void> {
    await this.files.write(accountFile(accountId, 'kdf'), Buffer.from(JSON.stringify(kdf)));
  }

  /** Deletes everything of the account. */
  async forget(accountId: string): Promise<void> {
    await this.delete(accountId);
    await this.files.delete(accountFile(accountId, 'kdf'));
  }
}

/** A whole file. @param largest in bytes: a larger one counts as absent, and is not read. */
export async function readBounded(files: FileStore, name: string, largest: number): Promise<Uint8Array | undefined> {
  const end = await files.readEnd(name, 0);
  return end === undefined || end.size > largest ? undefined : files.read(name);
}

function nothingOf(header: VaultHeader): CachedVault {
  return { header, isWhole: false, elements: new Map() };
}

async function readVault(content: Uint8Array, slices: TimeSlices): Promise<CachedVault | undefined> {
  const elements = new Map<string, Uint8Array>();
  let header: VaultHeader | undefined;
  let isWhole = true;
  let since: VaultLine[] = [];
  for (const line of readLines(content)) {
    await slices.next();
    if (line === undefined) {
      isWhole = false;
    } else if (line.key !== HEADER_KEY) {
      since.push(line);
    } else {
      const next = parseHeader(line);
      if (next === undefined) {
        isWhole = false;
        continue;
      }
      if (next.base === header?.id) {
        for (const { key, json } of since) {
          if (json === undefined) elements.delete(key);
          else elements.set(key, json);
        }
        header = next;
      } else if (next.id !== header?.id) {
        // A window that stood still has written this header after another one had replaced the file. Its lines are
        // changes to the former vault, so they are left out.
        isWhole = false;
        header = { ...(header ?? next), id: next.id };
      }
      since = [];
    }
  }
  if (header === undefined) return undefined;
  return { header, isWhole: isWhole && since.length === 0, elements };
}
