import { publicBytesOf } from '../../base/publicBytes';
import { asBuffer } from '../../base/secretBytes';
import { EncStringFormatError, UnsupportedEncryptionError } from '../errors';

/** An encrypted string as received, for example `2.iv|ct|mac`: its type, then its parts in base64. */
export type EncStringText = string;

/**
 * The parts of an encrypted string; nothing in it is secret. Sources of the types:
 * clients:libs/common/src/platform/enums/encryption-type.enum.ts; of their parts:
 * sdk:crates/bitwarden-crypto/src/enc_string/symmetric.rs and asymmetric.rs.
 */
export type EncString = AesCbc | AesCbcHmac | RsaOaep | RsaOaepHmac | CoseEncrypt;

/** AES-256-CBC without a MAC. Only user keys of very old accounts are encrypted so. */
export interface AesCbc {
  readonly type: 0;
  /** 16 bytes. */
  readonly iv: Uint8Array;
  /** A multiple of 16 bytes. */
  readonly ciphertext: Uint8Array;
}

/** AES-256-CBC and a MAC: what V1 encryption is made of. */
export interface AesCbcHmac {
  readonly type: 2;
  /** 16 bytes. */
  readonly iv: Uint8Array;
  /** A multiple of 16 bytes. */
  readonly ciphertext: Uint8Array;
  /** HMAC-SHA256 over iv ‖ ciphertext, 32 bytes. */
  readonly mac: Uint8Array;
}

/** OAEP with SHA-256 (3) or SHA-1 (4). */
export interface RsaOaep {
  readonly type: 3 | 4;
  /** As long as the modulus of the RSA key, 256 bytes for today's; not checked here. */
  readonly ciphertext: Uint8Array;
}

/** OAEP with SHA-256 (5) or SHA-1 (6). Official clients do not check the MAC, and its length is not fixed. */
export interface RsaOaepHmac {
  readonly type: 5 | 6;
  /** As in {@link RsaOaep}. */
  readonly ciphertext: Uint8Array;
  readonly mac: Uint8Array;
}

/** A COSE message, of V2 encryption. */
export interface CoseEncrypt {
  readonly type: 7;
  /** What should be a COSE_Encrypt0, untagged; see parseEncrypt0. */
  readonly cose: Uint8Array;
}

const MOST_PARTS = 3;
const HEADER = /^(0|[1-9][0-9]{0,2})\./;
const AES_BLOCK = 16;
const MAC_LENGTH = 32;

/**
 * Takes an encrypted string apart; decrypts nothing. For the sources see {@link EncString}.
 *
 * @throws EncStringFormatError for a wrong number of parts, a part of wrong length or base64 that is not canonical;
 * UnsupportedEncryptionError for type 1, which is removed, and for numbers that do not exist.
 */
export function parseEncString(text: EncStringText): EncString {
  const header = HEADER.exec(text);
  const parts = (header ? text.slice(header[0].length) : text).split('|', MOST_PARTS + 1);
  const type = header ? Number(header[1]) : typeWithoutHeader(text, parts.length);
  switch (type) {
    case 0: {
      const [iv, ciphertext] = decodeParts(parts, 2);
      return { type, iv: checkIv(iv), ciphertext: checkBlocks(ciphertext) };
    }
    case 2: {
      const [iv, ciphertext, mac] = decodeParts(parts, 3);
      return { type, iv: checkIv(iv), ciphertext: checkBlocks(ciphertext), mac: checkMac(mac) };
    }
    case 3:
    case 4: {
      const [ciphertext] = decodeParts(parts, 1);
      return { type, ciphertext };
    }
    case 5:
    case 6: {
      const [ciphertext, mac] = decodeParts(parts, 2);
      return { type, ciphertext, mac };
    }
    case 7: {
      const [cose] = decodeParts(parts, 1);
      return { type, cose };
    }
    default:
      throw new UnsupportedEncryptionError(type);
  }
}

/** Type 2 as parseEncString takes it, but for the length of the second part: of 16 bytes, some, and 32 bytes. */
const AES_CBC_HMAC =
  /^2\.[A-Za-z0-9+/]{21}[AQgw]==\|[A-Za-z0-9+/]+(?:(?<=[AQgw])==|(?<=[AEIMQUYcgkosw048])=)?\|[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
const IV_AT = 2;
const CIPHERTEXT_AT = 27;
const MAC_CHARACTERS = 44;

/**
 * Writes iv ‖ ciphertext ‖ mac of an encrypted string of type 2 as bytes: for many of them, in less than half the time
 * that taking each apart takes.
 *
 * @param bytes with room for as many bytes as the text has characters.
 * @param at the offset in `bytes` at which the IV, 16 bytes, is to begin.
 * @returns the offset at which the MAC begins, which is 32 bytes long; undefined where parseEncString throws, or for
 * another type: what was written by then is of no use.
 */
export function writeAesCbcHmac(text: EncStringText, bytes: Buffer, at: number): number | undefined {
  const ciphertextEnd = text.length - MAC_CHARACTERS - 1;
  if ((ciphertextEnd - CIPHERTEXT_AT) % 4 !== 0 || !AES_CBC_HMAC.test(text)) return undefined;
  bytes.write(text.slice(IV_AT, CIPHERTEXT_AT - 1), at, 'base64');
  const ciphertextAt = at + AES_BLOCK;
  const length = bytes.write(text.slice(CIPHERTEXT_AT, ciphertextEnd), ciphertextAt, 'base64');
  if (length % AES_BLOCK !== 0) return undefined;
  bytes.write(text.slice(-MAC_CHARACTERS), ciphertextAt + length, 'base64');
  return ciphertextAt + length;
}

/** The text of an encrypted string, as {@link parseEncString} reads it. */
export function formatEncString(encrypted: EncString): EncStringText {
  return `${encrypted.type}.${partsOf(encrypted).map(encodeBase64).join('|')}`;
}

function partsOf(encrypted: EncString): readonly Uint8Array[] {
  switch (encrypted.type) {
    case 0:
      return [encrypted.iv, encrypted.ciphertext];
    case 2:
      return [encrypted.iv, encrypted.ciphertext, encrypted.mac];
    case 3:
    case 4:
      return [encrypted.ciphertext];
    case 5:
    case 6:
      return [encrypted.ciphertext, encrypted.mac];
    case 7:
      return [encrypted.cose];
  }
}

/**
 * The type of a string that begins without one, as official clients determine it by the number of parts. No part
 * contains a dot, so a text with a dot has a malformed type.
 */
function typeWithoutHeader(text: string, partCount: number): number {
  if (text.includes('.')) throw new EncStringFormatError('type');
  return partCount === 3 ? 1 : 0;
}

type Parts = { 1: [Buffer]; 2: [Buffer, Buffer]; 3: [Buffer, Buffer, Buffer] };

function decodeParts<N extends keyof Parts>(parts: readonly string[], count: N): Parts[N] {
  if (parts.length !== count) throw new EncStringFormatError(`${parts.length} parts instead of ${count}`);
  return parts.map(decodeBase64) as Parts[N];
}

/**
 * Base64 as Buffer writes it: padded, and without bits left over. The pattern does not check that the length is a
 * multiple of four.
 */
const CANONICAL_BASE64 = /^[A-Za-z0-9+/]+(?:(?<=[AQgw])==|(?<=[AEIMQUYcgkosw048])=)?$/;

/**
 * Decodes base64 strictly: Buffer.from would ignore whatever is not base64. Official clients also read base64 without
 * padding or with bits left over, but none of them writes it.
 *
 * @throws EncStringFormatError
 */
function decodeBase64(part: string): Buffer {
  if (part.length % 4 !== 0 || !CANONICAL_BASE64.test(part)) throw new EncStringFormatError('base64');
  return publicBytesOf(part, 'base64');
}

function encodeBase64(part: Uint8Array): string {
  return asBuffer(part).toString('base64');
}

function checkIv(iv: Buffer): Buffer {
  if (iv.length !== AES_BLOCK) throw new EncStringFormatError('IV length');
  return iv;
}

function checkBlocks(ciphertext: Buffer): Buffer {
  if (ciphertext.length % AES_BLOCK !== 0) throw new EncStringFormatError('ciphertext length');
  return ciphertext;
}

function checkMac(mac: Buffer): Buffer {
  if (mac.length !== MAC_LENGTH) throw new EncStringFormatError('MAC length');
  return mac;
}
