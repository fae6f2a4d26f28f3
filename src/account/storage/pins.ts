import type { FileStore, SecretStore } from '../../base/ports';
import { type EncStringText } from '../../bitwarden/crypto/encString';
import { accountFile } from './fileNames';
import { accountSecret } from './secretNames';
import type { SignOuts } from './signOuts';
import { isNumber, isText, readStoredJson, storedJson } from './storedJson';
import type { VersionedSecrets } from './versionedSecrets';

/** What a PIN opens, and what it takes to open it. */
export interface PinRecord {
  /** Random name of this PIN. */
  readonly pinId: string;
  /** The user key under the stretched PIN, an encrypted string. */
  readonly wrappedUserKey: EncStringText;
  /** Of the derivation; random text. */
  readonly salt: string;
  /** SHA-256, base64, of the user key as the master password opened it: once that is another one, the PIN holds no more. */
  readonly boundTo: string;
}

/**
 * The PINs of accounts: what one opens is in the secret store, and a file says which one holds. A PIN without that file
 * is none, so that it can be removed also by a page of a browser that must not write to the secret store.
 */
export class Pins {
  constructor(
    private readonly secrets: SecretStore,
    private readonly files: FileStore,
    private readonly entries: VersionedSecrets,
    private readonly signOuts: SignOuts,
  ) {}

  /** Whether one was set, by its file alone: what it opens may be lost. */
  async isSet(id: string): Promise<boolean> {
    return (await this.#current(id)) !== undefined;
  }

  /** @returns undefined where there is none, and for a record that does not parse. */
  async read(id: string): Promise<PinRecord | undefined> {
    const file = accountFile(id, 'pin');
    const current = await this.#current(id);
    if (current === undefined) return undefined;
    const { pinId, wrappedUserKey, salt, boundTo } = storedJson(
      await this.entries.read(accountSecret(id, 'pin'), file),
    );
    if (pinId !== current || !isText(wrappedUserKey) || !isText(salt) || !isText(boundTo)) return undefined;
    return { pinId: current, wrappedUserKey: wrappedUserKey, salt, boundTo };
  }

  /** @throws SignedOutError when the account is signed out; nothing is left behind then. */
  async save(id: string, { pinId, ...rest }: PinRecord): Promise<void> {
    await this.signOuts.unlessSignedOut(id, () =>
      this.entries.write(accountSecret(id, 'pin'), accountFile(id, 'pin'), { pinId, ...rest }, { pinId }),
    );
  }

  /**
   * @param mayWriteSecrets false in a page of a browser that is outdated (see Records.isOutdated): there what the PIN
   * opened stays in the secret store, where nothing takes it for a PIN, until the next one is set.
   */
  async remove(id: string, mayWriteSecrets: boolean): Promise<void> {
    await this.files.delete(accountFile(id, 'pin'));
    await this.files.delete(accountFile(id, 'pinTries'));
    if (mayWriteSecrets) await this.secrets.delete(accountSecret(id, 'pin'));
  }

  /**
   * Counts a try of the PIN, on the disk before this resolves.
   *
   * @returns how many there were since it was last right, this one included.
   * @throws SignedOutError when the account is signed out.
   */
  async countTry(id: string, pinId: string): Promise<number> {
    const before = await readStoredJson(this.files, accountFile(id, 'pinTries'));
    const tries = before.pinId === pinId && isNumber(before.tries) ? before.tries + 1 : 1;
    await this.signOuts.writeFile(id, 'pinTries', { pinId, tries });
    return tries;
  }

  async forgetTries(id: string): Promise<void> {
    await this.files.delete(accountFile(id, 'pinTries'));
  }

  /** The random name of the PIN that holds. */
  async #current(id: string): Promise<string | undefined> {
    const { pinId } = await this.entries.open(accountFile(id, 'pin'));
    return isText(pinId) ? pinId : undefined;
  }
}
