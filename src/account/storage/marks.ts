import type { Clock, FileStore } from '../../base/ports';
import { isVaultTimeout, type VaultTimeout } from '../vaultTimeout';
import { type AccountFile, accountFile } from './fileNames';
import type { SignOuts } from './signOuts';
import { isNumber, isText, readStoredJson } from './storedJson';

/** A rotation was sent to the server and its outcome is not stored yet. */
interface RotationMark {
  /** The key that was current when the rotation was sent. */
  readonly keyId: string;
}

/** A window has put the user key into the keeper. */
export interface KeptMark {
  /** See KeptKey. */
  readonly signal: number;
  /** Another number each time. */
  readonly since: number;
  /** See KeeperLink. */
  readonly base: string | undefined;
}

/**
 * Files by which windows tell each other at once what is no secret: JSON in UTF-8; one that does not parse is absent.
 */
export class Marks {
  constructor(
    private readonly files: FileStore,
    private readonly clock: Clock,
    private readonly signOuts: SignOuts,
  ) {}

  async rotation(id: string): Promise<RotationMark | undefined> {
    const { keyId } = await this.#read(id, 'rotation');
    return isText(keyId) ? { keyId } : undefined;
  }

  /**
   * On the disk before this resolves.
   *
   * @throws SignedOutError when the account is signed out; nothing is left behind then.
   */
  async saveRotation(id: string, mark: RotationMark): Promise<void> {
    await this.signOuts.writeFile(id, 'rotation', mark);
  }

  async deleteRotation(id: string): Promise<void> {
    await this.files.delete(accountFile(id, 'rotation'));
  }

  /** @returns a number that grows with every lock; undefined before the first. */
  async lockSignal(id: string): Promise<number | undefined> {
    const { signal } = await this.#read(id, 'lockSignal');
    return isNumber(signal) ? signal : undefined;
  }

  /** What `signalLock` is to write next: by the clock, so that it grows also where the last one was lost. */
  async nextLockSignal(id: string): Promise<number> {
    return Math.max(this.clock.now(), ((await this.lockSignal(id)) ?? 0) + 1);
  }

  /** Tells all windows to lock. @throws as saveRotation. */
  async signalLock(id: string, signal: number): Promise<void> {
    await this.signOuts.writeFile(id, 'lockSignal', { signal });
  }

  /** Which may be void, or outlive the keeper. */
  async kept(id: string): Promise<KeptMark | undefined> {
    const { signal, since, base } = await this.#read(id, 'kept');
    if (!isNumber(signal) || !isNumber(since)) return undefined;
    return { signal, since, base: isText(base) ? base : undefined };
  }

  /** Tells all windows that the keeper has the key. @throws as saveRotation. */
  async saveKept(id: string, { signal, base }: Omit<KeptMark, 'since'>): Promise<void> {
    const since = Math.max(this.clock.now(), ((await this.kept(id))?.since ?? 0) + 1);
    await this.signOuts.writeFile(id, 'kept', { signal, since, base });
  }

  /** Undefined: that of the settings holds. */
  async vaultTimeout(id: string): Promise<VaultTimeout | undefined> {
    const { timeout } = await this.#read(id, 'timeout');
    return isVaultTimeout(timeout) ? timeout : undefined;
  }

  /** @throws as saveRotation. */
  async saveVaultTimeout(id: string, timeout: VaultTimeout | undefined): Promise<void> {
    if (timeout === undefined) await this.files.delete(accountFile(id, 'timeout'));
    else await this.signOuts.writeFile(id, 'timeout', { timeout });
  }

  #read(id: string, kind: AccountFile) {
    return readStoredJson(this.files, accountFile(id, kind));
  }
}
