import { openText } from '../../bitwarden/crypto/open';
import type { EncStringText } from '../../bitwarden/crypto/encString';
import { linkedField } from '../../bitwarden/wire/itemTypes';
import type { Cipher } from '../../bitwarden/wire/model';
import { contentOf, uriMatchOf, type UriMatch } from '../fields';
import type { Keyring } from '../keyring';
import { customFieldType } from './customFieldType';
import type { CustomFieldType } from './itemEdit';

/** An address in the clear. */
export interface UriValue {
  readonly uri: string;
  /** Null: as the account has it by default. A number: one that we do not know. */
  readonly match: UriMatch | number | null;
}

/** A custom field in the clear. */
export interface CustomFieldValue {
  /** A number: one that we do not know. */
  readonly type: CustomFieldType | number;
  readonly name: string;
  readonly value: string;
  /** Of a linked one; a number: one that we do not know. */
  readonly linkedTo: string | number | undefined;
}

/**
 * The values of an item for comparing two versions of it, each decrypted when it is asked for, and nothing withheld: what is
 * shown to a person goes through readStored. Each method throws LockedError and the errors of decryption.
 */
export class ItemValues {
  constructor(
    private readonly cipher: Cipher,
    private readonly keyring: Keyring,
  ) {}

  get name(): string {
    return this.#text(this.cipher.name);
  }

  get notes(): string {
    return this.#text(this.cipher.notes);
  }

  /** @param name the wire name of a value of the item's type. */
  content(name: string): string {
    return this.#text(contentOf(this.cipher)[name]);
  }

  get uris(): readonly UriValue[] {
    return (this.cipher.login?.uris ?? []).map(({ uri, match }) => ({
      uri: this.#text(uri),
      match: match === undefined ? null : (uriMatchOf(match) ?? match),
    }));
  }

  get fields(): readonly CustomFieldValue[] {
    return this.cipher.fields.map(({ type, name, value, linkedId }) => ({
      type: customFieldType(type) ?? type,
      name: this.#text(name),
      value: this.#text(value),
      linkedTo: linkedField(this.cipher.type, linkedId) ?? linkedId,
    }));
  }

  #text(value: EncStringText | undefined): string {
    return value === undefined ? '' : this.keyring.withCipherKey(this.cipher, (key) => openText(value, key));
  }
}
