/** Shows that the master password was given just now; only the session makes one. */
export class RepromptProof {
  readonly #brand = true;

  static isProof(value: unknown): value is RepromptProof {
    return value instanceof RepromptProof && value.#brand;
  }
}
