import type { AccountRecord } from './storage/accountRecord';
import type { VaultCache } from './storage/cache';
import type { FormerLayout } from './storage/formerLayout';
import { locks } from './storage/locks';
import type { FileStore } from '../base/ports';
import type { Records } from './storage/records';

/** The accounts on this machine. */
export class Accounts {
  constructor(
    private readonly records: Records,
    private readonly former: FormerLayout,
    private readonly cache: VaultCache,
    private readonly files: FileStore,
  ) {}

  /**
   * Those that are signed in. One without a file is left by a window that has died while it signed in: it counts only
   * where none has a file, as after the private folder was lost.
   */
  async signedIn(): Promise<readonly AccountRecord[]> {
    const whole = await this.records.accounts({ whole: true });
    return whole.length > 0 ? whole : this.records.accounts();
  }

  /** As signedIn, with what version 0.1 has left. */
  async shown(): Promise<readonly AccountRecord[]> {
    const here = await this.signedIn();
    await this.former.takeOver({ onlyBegun: here.length > 0 });
    return here.length > 0 ? here : this.signedIn();
  }

  /**
   * Removes what former accounts have left, before another one is added. For the holder of `locks.accounts`.
   *
   * @param here all that are signed in; each of them has a file afterwards, so that it counts beside the new one.
   */
  async settle(here: readonly AccountRecord[]): Promise<void> {
    if ((await this.records.accounts({ whole: true })).length === 0) {
      for (const account of here) await this.records.create(account);
    }
    for (const id of await this.#leftBehind(here)) await this.#remove(id);
    await this.former.forget();
  }

  /**
   * Removes what belongs to no account that is signed in, and those that only a sign-in which was cut off has left.
   *
   * @param kept those that were signed in before.
   */
  async removeLeftBehind(kept: readonly AccountRecord[]): Promise<void> {
    const ids = async () => this.#leftBehind([...kept, ...(await this.records.accounts({ whole: true }))]);
    if ((await ids()).length === 0) return;
    await this.files.exclusive(locks.accounts, async () => {
      for (const id of await ids()) await this.#remove(id);
    });
  }

  /** Removes what windows had under way when an account was signed out, and the marks that are old enough. */
  async removeSignedOut(): Promise<void> {
    await this.records.signOuts.removeSignedOut();
    await this.former.removeMarks();
  }

  async #leftBehind(here: readonly AccountRecord[]): Promise<readonly string[]> {
    return this.records.signOuts.idsLeftBehind([...here, ...(await this.records.awaited())]);
  }

  async #remove(id: string): Promise<void> {
    await this.cache.forget(id);
    await this.records.signOuts.forget(id);
  }
}
