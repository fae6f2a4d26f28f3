import { createCipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ScratchFile } from '../../base/ports';
import { concatPublic, publicBytes, publicZeros } from '../../base/publicBytes';
import { type SecretBytes, wipe } from '../../base/secretBytes';
import {
  EncStringFormatError,
  FileTooLargeError,
  MacMismatchError,
  UnsupportedEncryptionError,
  WrongKeyError,
} from '../errors';
import { AesCbcDecryption, AT_ONCE } from './aesCbc';
import type { AesCbcHmacKey } from './aesCbcHmac';
import { openEncrypt0, parseEncrypt0 } from './cose/encrypt0';
import { coseEncryptionKey, type SymmetricKey } from './keys';

/**
 * Encrypted files: a byte with the type, then for type 2 an IV of 16 bytes, a MAC of 32 bytes and the ciphertext; for type 7
 * a COSE message (clients: libs/common/src/platform/models/domain/enc-array-buffer.ts;
 * sdk:crates/bitwarden-crypto/src/enc_string/symmetric.rs). Those of type 2 may be larger than memory: ciphertexts go to a
 * scratch file while the MAC is computed.
 */
const TYPE_2 = 2;
const TYPE_7 = 7;
const IV_AT = 1;
const MAC_AT = 17;
const CIPHERTEXT_AT = 49;
const BLOCK = 16;

/**
 * The most of type 7, encrypted: a message of that type is opened as a whole, so it takes several times its length of memory.
 * No official client has written files of this type so far.
 */
export const MOST_OF_TYPE_7 = 64 * 1024 * 1024;

/** A file whose MAC fits, or is inside a message of type 7 that is opened when it is read. */
export interface ReceivedFile {
  /**
   * The content, piece by piece; each is wiped when the next one is asked for.
   *
   * @throws what openEncrypt0 throws, before anything is given out; DecryptionError for bad padding; Error once the key is
   * wiped.
   */
  content(): AsyncGenerator<SecretBytes, void>;
}

/**
 * Keeps an encrypted file, and checks its MAC.
 *
 * @param body the file as it comes.
 * @param file empty; stays the caller's to delete.
 * @param key stays the caller's to wipe, once the content was read.
 * @throws EncStringFormatError for what is no encrypted file; UnsupportedEncryptionError for one without a MAC and for unknown
 * types; WrongKeyError for a key of another kind; MacMismatchError; FileTooLargeError beyond MOST_OF_TYPE_7.
 */
export async function receiveFile(
  body: AsyncIterable<Uint8Array>,
  file: ScratchFile,
  key: SymmetricKey,
): Promise<ReceivedFile> {
  const hmac = key.kind === 'aesCbcHmac' ? createHmac('sha256', key.macKeyObject) : undefined;
  const head = publicZeros(CIPHERTEXT_AT);
  let size = 0;
  for await (const chunk of body) {
    const part = (start: number, end = Infinity) =>
      chunk.subarray(Math.max(0, start - size), Math.min(chunk.length, Math.max(0, end - size)));
    head.set(part(0, CIPHERTEXT_AT), Math.min(size, CIPHERTEXT_AT));
    hmac?.update(part(IV_AT, MAC_AT)).update(part(CIPHERTEXT_AT));
    await file.write(chunk, size);
    size += chunk.length;
    if (size > 0) checkType(head[0], size);
  }
  if (head[0] === TYPE_7 && size > 0) return { content: () => openWhole(file, size, key) };
  const length = size - CIPHERTEXT_AT;
  if (length <= 0 || length % BLOCK !== 0) throw new EncStringFormatError('length of the file');
  if (key.kind !== 'aesCbcHmac' || hmac === undefined) throw new WrongKeyError('a key of 64 bytes is asked for');
  if (!timingSafeEqual(hmac.digest(), head.subarray(MAC_AT))) throw new MacMismatchError('MAC mismatch');
  return { content: () => decrypt(file, size, head.subarray(IV_AT, MAC_AT), key) };
}

/** The others are from before files had a MAC, or are not known: nothing that anybody on the way could have written is read. */
function checkType(type: number | undefined, size: number): void {
  if (type !== TYPE_2 && type !== TYPE_7) throw new UnsupportedEncryptionError(type ?? 0);
  if (type === TYPE_7 && size > MOST_OF_TYPE_7) throw new FileTooLargeError(MOST_OF_TYPE_7);
}

async function* decrypt(
  file: ScratchFile,
  size: number,
  iv: Uint8Array,
  key: AesCbcHmacKey,
): AsyncGenerator<SecretBytes, void> {
  const decryption = new AesCbcDecryption(key.encryptionKeyObject, iv);
  const ciphertext = publicZeros(AT_ONCE);
  for (let at = CIPHERTEXT_AT; at < size; at += AT_ONCE) {
    const part = ciphertext.subarray(0, Math.min(AT_ONCE, size - at));
    await file.read(part, at);
    const isLast = at + part.length === size;
    const plaintext = isLast ? decryption.last(part) : decryption.next(part);
    try {
      yield plaintext;
    } finally {
      wipe(plaintext);
    }
  }
}

async function* openWhole(file: ScratchFile, size: number, key: SymmetricKey): AsyncGenerator<SecretBytes, void> {
  const message = publicZeros(size - IV_AT);
  await file.read(message, IV_AT);
  const { content } = openEncrypt0(parseEncrypt0(message), coseEncryptionKey(key), ['bytes']);
  try {
    yield content;
  } finally {
    wipe(content);
  }
}

/**
 * Encrypts a file to type 2, which all clients read.
 *
 * @param content as it comes; stays the caller's to wipe.
 * @param file empty; stays the caller's to delete. Its size is then that of the encrypted file.
 * @param key stays the caller's to wipe.
 * @throws what reading and writing throw; Error once the key is wiped.
 */
export async function sealFile(
  content: AsyncIterable<Uint8Array>,
  file: ScratchFile,
  key: AesCbcHmacKey,
): Promise<void> {
  const iv = randomBytes(BLOCK);
  const cipher = createCipheriv('aes-256-cbc', key.encryptionKeyObject, iv);
  const hmac = createHmac('sha256', key.macKeyObject).update(iv);
  let at = CIPHERTEXT_AT;
  const add = async (ciphertext: Uint8Array) => {
    hmac.update(ciphertext);
    await file.write(ciphertext, at);
    at += ciphertext.length;
  };
  for await (const piece of content) await add(cipher.update(piece));
  await add(cipher.final());
  await file.write(concatPublic(publicBytes(TYPE_2), iv, hmac.digest()), 0);
}
