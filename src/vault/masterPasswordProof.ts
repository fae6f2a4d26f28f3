import type { Keyring } from './keyring';

/** Proves that the user has just given the master password of the vault that these keys open. */
export class MasterPasswordProof {
  readonly #keyring: Keyring;

  /** @param keyring of the vault that was open when the password proved right. */
  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  /** Whether a value is a proof, and for the vault of this keyring: one for a vault of before counts for nothing. */
  static isFor(keyring: Keyring, value: unknown): value is MasterPasswordProof {
    return value instanceof MasterPasswordProof && value.#keyring === keyring;
  }
}
