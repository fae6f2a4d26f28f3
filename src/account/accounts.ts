import type { TokenAnswer } from '../bitwarden/api/identity';
import type { AccessTokens } from './accessTokens';
import { type AccountRecord, isSameUser } from './storage/accountRecord';
import type { VaultCache } from './storage/cache';
import { AccountChangedError } from '../vault/errors';
import type { FormerLayout } from './storage/formerLayout';
import { locks } from './storage/locks';
import type { FileStore } from '../base/ports';
import type { Records } from './storage/records';
import type { Rotation } from './apiKeyRotation';

/** The accounts on this machine. As long as there is no way to choose between them, a sign-in takes the place of all. */
export class Accounts {
  constructor(
    private readonly records: Records,
    private readonly former: FormerLayout,
    private readonly cache: VaultCache,
    private readonly tokens: AccessTokens,
    private readonly rotation: Rotation,
    private readonly files: FileStore,
  ) {}

  /** The account that is shown to the user, if any is signed in. */
  async shown(): Promise<AccountRecord | undefined> {
    const [account] = await this.records.accounts();
    await this.former.takeOver({ onlyBegun: account !== undefined });
    return account ?? (await this.records.accounts())[0];
  }

  /**
   * Stores an account whose key the server has just accepted, under an id of its own; a second sign-in to an account that
   * is here keeps its id.
   *
   * @param answer of the server, to this key.
   * @param known the accounts that were here before the server was asked.
   * @returns undefined when another window has stored a key of this account since: nothing is stored.
   * @throws AccountChangedError when another window has signed in to another account since: nothing is stored.
   */
  async admit(
    key: Pick<AccountRecord, 'servers' | 'clientId' | 'clientSecret' | 'email'>,
    answer: TokenAnswer,
    known: readonly AccountRecord[],
  ): Promise<AccountRecord | undefined> {
    const { userId, hasMasterPassword } = answer;
    return this.files.exclusive(locks.accounts, async () => {
      const here = await this.records.accounts();
      const isNew = (account: AccountRecord) => known.every(({ id }) => id !== account.id);
      const same = here.find((account) => isSameUser(account, { ...key, userId }));
      if (here.some((account) => account !== same && isNew(account))) {
        throw new AccountChangedError('another window has signed in meanwhile');
      }
      const before = same && known.find(({ id }) => id === same.id);
      if (same !== undefined && before === undefined) return undefined;
      const others = here.filter((account) => account !== same).map(({ id }) => id);
      for (const id of [...others, ...(await this.records.idsLeftBehind(here))]) await this.#remove(id);
      await this.former.forget();
      if (before !== undefined) return this.#replace(before, key, answer);
      const keyId = globalThis.crypto.randomUUID();
      const account = { ...key, id: globalThis.crypto.randomUUID(), userId, keyId, hasMasterPassword };
      await this.records.create(account);
      await this.tokens.save(account, answer);
      return account;
    });
  }

  /** Removes what belongs to no account that is signed in: nobody could sign out of it any more. */
  async removeLeftBehind(): Promise<void> {
    const ids = async () => this.records.idsLeftBehind(await this.records.accounts());
    if ((await ids()).length === 0) return;
    await this.files.exclusive(locks.accounts, async () => {
      for (const id of await ids()) await this.#remove(id);
    });
  }

  /** Removes what windows had under way when an account was signed out, and the marks that are old enough. */
  async removeSignedOut(): Promise<void> {
    await this.records.removeSignedOut();
    await this.former.removeMarks();
  }

  async #replace(
    before: AccountRecord,
    key: Pick<AccountRecord, 'servers' | 'clientId' | 'clientSecret' | 'email'>,
    answer: TokenAnswer,
  ): Promise<AccountRecord | undefined> {
    // A vault from before this sign-in would still open with the master password of then.
    await this.cache.forget(before.id);
    return (await this.rotation.replace(before, key, answer)) ? this.records.account(before.id) : undefined;
  }

  async #remove(id: string): Promise<void> {
    await this.cache.forget(id);
    await this.records.forget(id);
  }
}
