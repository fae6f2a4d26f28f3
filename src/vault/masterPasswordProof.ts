import type { Keyring } from './keyring';

/** Proves that the user has just given the master password of the vault that these keys open. */
export class MasterPasswordProof {
  readonly #keyring: Keyring;

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  static isFor(keyring: Keyring, value: unknown): value is MasterPasswordProof {
    return value instanceof MasterPasswordProof && value.#keyring === keyring;
  }
}
