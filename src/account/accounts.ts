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

  /** The account that is shown to the user, if any is signed in. */
  async shown(): Promise<AccountRecord | undefined> {
    const [account] = await this.records.accounts();
    await this.former.takeOver({ onlyBegun: account !== undefined });
    return account ?? (await this.records.accounts())[0];
  }

  /**
   * Removes all accounts but one, and what is left behind of former ones. For the holder of `locks.accounts`.
   *
   * @param here all that are signed in.
   */
  async removeAllBut(kept: AccountRecord | undefined, here: readonly AccountRecord[]): Promise<void> {
    const others = here.filter((account) => account !== kept).map(({ id }) => id);
    for (const id of [...others, ...(await this.records.signOuts.idsLeftBehind(here))]) await this.#remove(id);
    await this.former.forget();
  }

  /**
   * Removes what belongs to no account that is signed in, and those that only a sign-in which was cut off has left: no
   * window has shown them beside another one.
   */
  async removeLeftBehind(): Promise<void> {
    const ids = async () => this.records.signOuts.idsLeftBehind(await this.records.accounts({ whole: true }));
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

  async #remove(id: string): Promise<void> {
    await this.cache.forget(id);
    await this.records.signOuts.forget(id);
  }
}
