import type { FileStore } from '../../base/ports';
import { concatPublic, NO_BYTES, publicZeros } from '../../base/publicBytes';
import { type SecretBytes, wipe } from '../../base/secretBytes';
import { attempt } from '../../base/thrown';
import type { Keyring } from '../../vault/keyring';
import { readBounded } from './cache';
import { type AccountFile, accountFile } from './fileNames';
import type { SignOuts } from './signOuts';

/** See deriveLocalKey. Not imported from there, since that would load the crypto code with every window. */
const SALT_LENGTH = 32;
const NONCE = publicZeros(12);

/** What keeps windows from undoing what others have written. */
export interface Guard {
  /** Under which all windows read and write the file. */
  readonly lock: string;
  /** Whether the vault that this window shows is the one that is stored. */
  readonly isCurrent: () => Promise<boolean>;
}

export interface SealedFileFacts {
  readonly kind: AccountFile;
  /** What is sealed, in words; each gives another key. */
  readonly purpose: string;
  /** In bytes: a larger file counts as absent, and is not written. */
  readonly largest: number;
}

/**
 * What is kept of an account beside its vault, and readable while that is unlocked alone: 32 bytes of salt, and the content
 * under AES-256-GCM with a key that comes from the user key and the salt. Each salt is used once, so the nonce is always
 * the same. A file that does not open, since it is damaged or of another user key, counts as absent. It is replaced by a window
 * with the stored vault alone: one that has not heard yet of another user key must not put its file over that of the others.
 */
export class SealedFile {
  constructor(
    private readonly files: FileStore,
    private readonly signOuts: SignOuts,
    private readonly facts: SealedFileFacts,
  ) {}

  /** @returns the content, the caller's to wipe; undefined where there is none. @throws LockedError */
  async read(accountId: string, keyring: Keyring): Promise<SecretBytes | undefined> {
    return (await this.#read(accountId, keyring)).content;
  }

  async #read(accountId: string, keyring: Keyring) {
    const { kind, largest } = this.facts;
    const sealed = await readBounded(this.files, accountFile(accountId, kind), largest);
    keyring.assertOpen();
    return { isThere: sealed !== undefined, content: sealed && attempt(() => this.#open(sealed, keyring)) };
  }

  /**
   * Seals a content at once, so that a lock comes too late for it.
   *
   * @param content stays the caller's to wipe.
   * @returns what writes it, over whatever is there. It throws SignedOutError, and as FileStore.
   * @throws RangeError for more than is read; LockedError.
   */
  sealed(accountId: string, keyring: Keyring, content: SecretBytes): () => Promise<void> {
    const sealed = this.#sealedWithin(content, keyring);
    return () => this.signOuts.writeFile(accountId, this.facts.kind, sealed);
  }

  /**
   * Writes what becomes of the content, after what other windows have written. Does nothing where the file is of another
   * user key than that of this window, and that is not known to be the newest.
   *
   * @param change gets the content, and returns the new one. Both are wiped.
   * @returns whether it was written.
   * @throws RangeError for more than is read; LockedError; SignedOutError; and as FileStore.
   */
  async update(
    accountId: string,
    keyring: Keyring,
    { lock, isCurrent }: Guard,
    change: (before: SecretBytes | undefined) => SecretBytes,
  ): Promise<boolean> {
    return this.files.exclusive(lock, async () => {
      const { isThere, content: before } = await this.#read(accountId, keyring);
      if (isThere && before === undefined && !(await isCurrent())) return false;
      let after: SecretBytes | undefined;
      try {
        after = change(before);
        const sealed = this.#sealedWithin(after, keyring);
        await this.signOuts.writeFile(accountId, this.facts.kind, sealed);
        return true;
      } finally {
        wipe(before);
        wipe(after);
      }
    });
  }

  #sealedWithin(content: SecretBytes, keyring: Keyring): Uint8Array {
    const sealed = this.#seal(content, keyring);
    if (sealed.length > this.facts.largest) throw new RangeError('too large to be read again');
    return sealed;
  }

  #seal(content: SecretBytes, keyring: Keyring): Uint8Array {
    const salt = globalThis.crypto.getRandomValues(publicZeros(SALT_LENGTH));
    const key = keyring.deriveKey(this.facts.purpose, salt);
    try {
      return concatPublic(salt, key.seal(NONCE, content, NO_BYTES));
    } finally {
      key.wipe();
    }
  }

  /** @throws what keeps it from being opened. */
  #open(content: Uint8Array, keyring: Keyring): SecretBytes {
    const key = keyring.deriveKey(this.facts.purpose, content.subarray(0, SALT_LENGTH));
    try {
      return key.open(NONCE, content.subarray(SALT_LENGTH), NO_BYTES);
    } finally {
      key.wipe();
    }
  }
}
