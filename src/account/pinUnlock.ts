import { randomBytes } from 'node:crypto';
import { type SecretBytes, wipe } from '../base/secretBytes';
import type { FileStore } from '../base/ports';
import { MacMismatchError } from '../bitwarden/errors';
import type { AesCbcHmacKey } from '../bitwarden/crypto/aesCbcHmac';
import { deriveMasterKey, type KdfConfig } from '../bitwarden/crypto/kdf';
import { unwrapSymmetricKey } from '../bitwarden/crypto/keyWrapping';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { stretchMasterKey } from '../bitwarden/crypto/masterKey';
import {
  LockedError,
  NoMasterPasswordError,
  NothingCachedError,
  PinForbiddenError,
  PinRemovedError,
  SessionDroppedError,
  WrongPinError,
} from '../vault/errors';
import { MasterPasswordProof } from '../vault/masterPasswordProof';
import { forbidsPin } from './pinPolicy';
import type { SessionStore } from './sessionStore';
import { type Account, mustSignInAgain } from './state';
import type { VaultCache, VaultFile } from './storage/cache';
import { locks } from './storage/locks';
import type { PinRecord } from './storage/pins';
import type { Records } from './storage/records';
import type { Unlocker } from './unlocker';
import { originOf } from './userKey';

/** After so many wrong tries in a row a PIN is removed, as official clients do. */
const MOST_TRIES = 5;
/** Settings of our own, since no other client reads what a PIN opens here. */
const KDF: KdfConfig = { type: 'argon2id', iterations: 3, memoryMiB: 64, parallelism: 4 };

/**
 * Unlocking with a PIN. The user key is wrapped under a key that is derived from the PIN and kept in the secret store:
 * so much as that store is worth, and as it costs to guess the PIN, so much is the PIN. It stands for the master
 * password at unlocking alone; items that ask for it again, and the server, still want the password itself.
 */
export class PinUnlock {
  constructor(
    private readonly store: SessionStore,
    private readonly records: Records,
    private readonly cache: VaultCache,
    private readonly files: FileStore,
    private readonly unlocker: Unlocker,
  ) {}

  /**
   * Sets the PIN of the account whose vault is open, in the place of one that there was.
   *
   * @param pin UTF-8, wiped.
   * @param proof that the master password was given just now.
   * @throws LockedError; PinForbiddenError by a policy; SessionDroppedError in a page of a browser that must not write;
   * NoMasterPasswordError; SignedOutError when it was signed out meanwhile.
   */
  async set(pin: SecretBytes, proof: MasterPasswordProof): Promise<void> {
    try {
      const { opened, untilLock } = this.store;
      const { account } = this.store.signedIn();
      if (opened === undefined || !MasterPasswordProof.isFor(opened.keyring, proof)) throw new LockedError('locked');
      if (forbidsPin(opened.vault.policies)) throw new PinForbiddenError('policy');
      const boundTo = bindingOf(opened.cached);
      if (boundTo === undefined) throw new NoMasterPasswordError('nothing to stand for');
      if (await this.#isOutdated(account)) throw new SessionDroppedError('storedElsewhere');
      const salt = randomBytes(16).toString('hex');
      const pinKey = await stretch(pin, salt, untilLock);
      try {
        const wrappedUserKey = opened.keyring.wrapUserKey(pinKey);
        const record = { pinId: globalThis.crypto.randomUUID(), wrappedUserKey, salt, boundTo };
        await this.files.exclusive(locks.pin(account.id), () => this.records.pins.save(account.id, record));
        this.store.update(account.id, { hasPin: true });
      } finally {
        pinKey.wipe();
      }
    } finally {
      wipe(pin);
    }
  }

  /** Removes the PIN, if there is one. */
  async remove(): Promise<void> {
    const { account } = this.store.signedIn();
    await this.files.exclusive(locks.pin(account.id), () => this.#remove(account));
  }

  /** Removes the PIN where an organisation has come to forbid one, and where the master password is another one. */
  async removeIfVoid(): Promise<void> {
    const { opened } = this.store;
    if (opened === undefined) return;
    const { account } = this.store.signedIn();
    await this.files.exclusive(locks.pin(account.id), async () => {
      const record = await this.records.pins.read(account.id);
      if (record === undefined) return;
      const isVoid = forbidsPin(opened.vault.policies) || record.boundTo !== bindingOf(opened.cached);
      if (isVoid) await this.#remove(account);
    });
  }

  /**
   * Opens the vault, offline.
   *
   * @param pin UTF-8, wiped.
   * @throws WrongPinError; PinRemovedError when there is none (any more), PinForbiddenError by a policy, and then the
   * master password has to be asked for; SessionDroppedError; NothingCachedError for a damaged vault; LockedError when
   * it was locked meanwhile; CancelledError.
   */
  async unlock(pin: SecretBytes, signal?: AbortSignal): Promise<void> {
    const { untilLock } = this.store;
    const ended = signal === undefined ? untilLock : AbortSignal.any([untilLock, signal]);
    const wipeNow = () => wipe(pin);
    ended.addEventListener('abort', wipeNow);
    try {
      const { account, facts } = this.store.signedIn();
      if (mustSignInAgain(facts.dropped)) throw new SessionDroppedError(facts.dropped);
      const file = await this.cache.file(account.id);
      if (file === undefined) throw new NothingCachedError('nothing cached');
      const userKey = await this.files.exclusive(locks.pin(account.id), () => this.#open(account, file, pin, ended));
      const opened = await this.unlocker.openVault(this.unlocker.withUserKey(account, file, userKey), ended);
      const isAllowed = !forbidsPin(opened.vault.policies);
      if (ended.aborted || !isAllowed) opened.keyring.wipe();
      if (ended.aborted) throw new LockedError('locked meanwhile');
      if (!isAllowed) {
        await this.remove();
        throw new PinForbiddenError('policy');
      }
      this.store.unlock(opened);
    } catch (error) {
      if (untilLock.aborted) throw new LockedError('locked meanwhile', { cause: error });
      throw error;
    } finally {
      ended.removeEventListener('abort', wipeNow);
      wipe(pin);
    }
  }

  /** @returns the user key, the caller's to wipe. */
  async #open(account: Account, { header }: VaultFile, pin: SecretBytes, ended: AbortSignal): Promise<SymmetricKey> {
    const record = await this.records.pins.read(account.id);
    if (record === undefined) throw new PinRemovedError('gone');
    if (record.boundTo !== bindingOf({ header })) {
      await this.#remove(account);
      throw new PinRemovedError('masterPasswordChanged');
    }
    const tries = await this.records.pins.countTry(account.id, record.pinId);
    const userKey = tries <= MOST_TRIES ? await unwrap(record, pin, ended) : undefined;
    if (userKey === undefined) {
      if (tries < MOST_TRIES) throw new WrongPinError(MOST_TRIES - tries);
      await this.#remove(account);
      throw new PinRemovedError('wrong');
    }
    try {
      await this.records.pins.forgetTries(account.id);
      return userKey;
    } catch (error) {
      userKey.wipe();
      throw error;
    }
  }

  async #remove(account: Account): Promise<void> {
    await this.records.pins.remove(account.id, !(await this.#isOutdated(account)));
    this.store.update(account.id, { hasPin: false });
  }

  async #isOutdated({ id }: Account): Promise<boolean> {
    return this.records.isOutdated(await this.records.requireAccount(id));
  }
}

/** @returns undefined for a wrong PIN. @throws CancelledError; what the crypto throws of a damaged record. */
async function unwrap(record: PinRecord, pin: SecretBytes, signal: AbortSignal): Promise<SymmetricKey | undefined> {
  if (pin.length === 0) return undefined;
  const pinKey = await stretch(pin, record.salt, signal);
  try {
    return unwrapSymmetricKey(record.wrappedUserKey, pinKey);
  } catch (error) {
    if (error instanceof MacMismatchError) return undefined;
    throw error;
  } finally {
    pinKey.wipe();
  }
}

/** @returns the stretched PIN, 64 bytes, the caller's to wipe. */
async function stretch(pin: SecretBytes, salt: string, signal: AbortSignal): Promise<AesCbcHmacKey> {
  const derived = await deriveMasterKey(pin, salt, KDF, signal);
  try {
    return stretchMasterKey(derived);
  } finally {
    wipe(derived);
  }
}

function bindingOf({ header: { unlock } }: Pick<VaultFile, 'header'>): string | undefined {
  return unlock && originOf(unlock).toString('base64');
}
