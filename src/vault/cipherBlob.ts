import { publicBytesOf } from '../base/publicBytes';
import { copySecret, partOfSecret, type SecretBytes } from '../base/secretBytes';
import { openDataEnvelope, VAULT_ITEM } from '../bitwarden/crypto/cose/dataEnvelope';
import { CborReader } from '../bitwarden/crypto/cose/cborReader';
import type { EncStringText } from '../bitwarden/crypto/encString';
import type { SymmetricKey } from '../bitwarden/crypto/keys';
import { unwrapSymmetricKey } from '../bitwarden/crypto/keyWrapping';
import { CoseFormatError, WrongKeyError } from '../bitwarden/errors';
import { HIDDEN, MOST_VALUES } from '../bitwarden/wire/ciphers';
import { itemTypeOf } from '../bitwarden/wire/itemTypes';
import type { Cipher, CipherBlob, CustomField, FormerPassword, LoginUri, Passkey } from '../bitwarden/wire/model';

/** From the name of a value in a blob to its name in an item that is not sealed, where the two differ. */
const RENAMED: ReadonlyMap<string, string> = new Map([['fingerprint', 'keyFingerprint']]);

/**
 * Opens an item that is sealed as a whole (sdk: crates/bitwarden-vault/src/cipher/blob/sealed.rs).
 *
 * @param key of the item: its own one, else that of the user or the organisation; stays the caller's to wipe.
 * @returns CBOR, the caller's to wipe.
 * @throws as unwrapSymmetricKey and openDataEnvelope; WrongKeyError also for a content key of the classic kind.
 */
export function openBlob({ wrappedContentKey, envelope }: CipherBlob, key: SymmetricKey): SecretBytes {
  const contentKey = unwrapSymmetricKey(wrappedContentKey, key);
  try {
    if (contentKey.kind === 'aesCbcHmac') throw new WrongKeyError('no content key');
    return openDataEnvelope(publicBytesOf(envelope, 'base64'), contentKey, VAULT_ITEM);
  } finally {
    contentKey.wipe();
  }
}

/**
 * The item with the fields that were sealed in it. The values stay in `content`, where they can be wiped: a field holds
 * the place of its value there, from where blobValue reads it (sdk: crates/bitwarden-vault/src/cipher/blob/v1.rs).
 *
 * @param content as openBlob returns it; stays the caller's to wipe.
 * @returns the item; its fields of type EncStringText hold `start-end`, offsets in bytes into `content`.
 * @throws CoseFormatError for another version, another type than the item's own, and for what is malformed.
 */
export function readBlob(cipher: Cipher, content: SecretBytes): Cipher {
  return new BlobReader(content).read(cipher);
}

/**
 * The value of a field.
 *
 * @param content as openBlob returns it; stays the caller's to wipe.
 * @param place a field of what readBlob returned for this content.
 * @returns UTF-8, a copy, the caller's to wipe.
 */
export function blobValue(content: SecretBytes, place: EncStringText): SecretBytes {
  const [start, end] = place.split('-').map(Number) as [number, number];
  return copySecret(partOfSecret(content, start, end));
}

class BlobReader {
  readonly #cbor: CborReader;
  #values = 0;

  constructor(private readonly content: SecretBytes) {
    this.#cbor = new CborReader(content);
  }

  read(cipher: Cipher): Cipher {
    let version: string | undefined;
    let read: Cipher | undefined;
    this.#eachPair((name) => {
      if (name === 'version') version = this.#cbor.name();
      else if (name === 'content') read = this.#item(cipher);
      else this.#cbor.skip();
    });
    this.#cbor.end();
    if (version !== '1' || read === undefined) throw new CoseFormatError('version of an item');
    return read;
  }

  #item(cipher: Cipher): Cipher {
    let name: EncStringText | undefined;
    let notes: EncStringText | undefined;
    let typed: Pick<Cipher, 'login' | 'details'> | undefined;
    let fields: CustomField[] = [];
    let passwordHistory: FormerPassword[] = [];
    this.#eachPair((key) => {
      if (key === 'name') name = this.#text();
      else if (key === 'notes') notes = this.#text();
      else if (key === 'typeData') typed = this.#typeData(cipher.type);
      else if (key === 'fields') fields = this.#list(() => this.#field());
      else if (key === 'passwordHistory') passwordHistory = this.#list(() => this.#formerPassword());
      else this.#cbor.skip();
    });
    if (name === undefined || typed === undefined) throw new CoseFormatError('content of an item');
    return { ...cipher, name, notes, fields, passwordHistory, ...typed };
  }

  #typeData(number: number): Pick<Cipher, 'login' | 'details'> {
    const details: [string, EncStringText][] = [];
    let type: string | undefined;
    let uris: LoginUri[] = [];
    let passkeys: Passkey[] = [];
    let passwordRevisionDate: string | undefined;
    this.#eachPair((key) => {
      if (key === 'type') type = this.#cbor.name();
      else if (key === 'uris') uris = this.#list(() => this.#uri());
      else if (key === 'fido2Credentials') passkeys = this.#list(() => this.#passkey());
      else if (key === 'passwordRevisionDate') passwordRevisionDate = this.#date();
      else {
        const value = this.#textOrOther();
        if (value !== undefined) details.push([RENAMED.get(key) ?? key, value]);
      }
    });
    if (type === undefined || type !== itemTypeOf(number)?.name) throw new CoseFormatError('type of an item');
    if (type === 'secureNote') return { login: undefined, details: {} };
    const { username, password, totp, ...rest } = Object.fromEntries(details);
    const login = { username, password, passwordRevisionDate, totp, uris, passkeys };
    if (type === 'login') return { login, details: {} };
    return { login: undefined, details: username === undefined ? rest : { ...rest, username } };
  }

  #uri(): LoginUri {
    let uri: EncStringText | undefined;
    let match: number | undefined;
    this.#eachPair((key) => {
      if (key === 'uri') uri = this.#text();
      else if (key === 'match') match = this.#number();
      else this.#cbor.skip();
    });
    return { uri, match, uriChecksum: undefined };
  }

  #field(): CustomField {
    let type: number | undefined;
    let name: EncStringText | undefined;
    let value: EncStringText | undefined;
    let linkedId: number | undefined;
    this.#eachPair((key) => {
      if (key === 'type') type = this.#number();
      else if (key === 'name') name = this.#text();
      else if (key === 'value') value = this.#text();
      else if (key === 'linkedId') linkedId = this.#number();
      else this.#cbor.skip();
    });
    return { type: type ?? HIDDEN, name, value, linkedId };
  }

  #passkey(): Passkey {
    let rpId: EncStringText | undefined;
    let userName: EncStringText | undefined;
    let creationDate: string | undefined;
    this.#eachPair((key) => {
      if (key === 'rpId') rpId = this.#text();
      else if (key === 'userName') userName = this.#text();
      else if (key === 'creationDate') creationDate = this.#date();
      else this.#cbor.skip();
    });
    return { rpId, userName, creationDate };
  }

  #formerPassword(): FormerPassword {
    let password: EncStringText | undefined;
    let lastUsedDate: string | undefined;
    this.#eachPair((key) => {
      if (key === 'password') password = this.#text();
      else if (key === 'lastUsedDate') lastUsedDate = this.#date();
      else this.#cbor.skip();
    });
    return { password, lastUsedDate };
  }

  #list<T>(read: () => T): T[] {
    const list: T[] = [];
    if (this.#cbor.acceptNull()) return list;
    for (let left = this.#cbor.array(); left > 0; left--) {
      if (++this.#values > MOST_VALUES) throw new CoseFormatError('too many values');
      list.push(read());
    }
    return list;
  }

  #eachPair(read: (name: string) => void): void {
    const seen = new Set<string>();
    for (let left = this.#cbor.map(); left > 0; left--) {
      const name = this.#cbor.name();
      if (seen.has(name)) throw new CoseFormatError('name that comes twice');
      if (seen.add(name).size > MOST_VALUES) throw new CoseFormatError('too many values');
      read(name);
    }
  }

  #number(): number | undefined {
    return this.#cbor.acceptNull() ? undefined : this.#cbor.integer();
  }

  /** A date is no secret, so it is read at once. */
  #date(): string | undefined {
    return this.#cbor.acceptNull() ? undefined : this.#cbor.name();
  }

  #text(): EncStringText | undefined {
    return this.#cbor.acceptNull() ? undefined : this.#placeOf(this.#cbor.textBytes());
  }

  /** Undefined for a value that is no text, which is skipped. */
  #textOrOther(): EncStringText | undefined {
    if (this.#cbor.nextIsText) return this.#text();
    this.#cbor.skip();
    return undefined;
  }

  #placeOf(view: SecretBytes): EncStringText {
    const start = view.byteOffset - this.content.byteOffset;
    return `${start}-${start + view.length}`;
  }
}
