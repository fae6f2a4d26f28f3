import type { Keyring } from './keyring';

/** Shows that the master password was given just now, for the vault that these keys open. */
export class MasterPasswordProof {
  readonly #keyring: Keyring;

  constructor(keyring: Keyring) {
    this.#keyring = keyring;
  }

  static isFor(keyring: Keyring, value: unknown): value is MasterPasswordProof {
    return value instanceof MasterPasswordProof && value.#keyring === keyring;
  }
}
