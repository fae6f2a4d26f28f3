import {
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  timingSafeEqual,
} from 'node:crypto';
import { concatPublic, publicBytes, publicBytesOf } from '../base/publicBytes';
import { concatSecrets, type SecretBytes, takeSecret, wipe } from '../base/secretBytes';
import { Aes256GcmKey } from '../bitwarden/crypto/aead/aes256Gcm';
import { expand } from '../bitwarden/crypto/hkdf';
import { WireError } from './frames';

/**
 * The handshake, the same in all versions, so that a newer version can tell an older keeper to end:
 *
 * 1. window to keeper: version ‖ ephemeral public key (X25519, 32 bytes)
 * 2. keeper to window: version ‖ ephemeral public key ‖ proof of the keeper
 * 3. window to keeper: what it wants ‖ proof of the window
 *
 * A proof is HMAC-SHA256 under the secret, over a label of its own and all four parts of 1 and 2: nobody without the
 * secret can make one, nor stand in between, and a proof that is sent back proves nothing. The version covers what comes
 * after the handshake. Both keys for that come from X25519 and the secret by HKDF, so they are gone with the connection.
 */
export const VERSION = 2;

/** Bytes of the secret by which the keeper and the windows know each other. */
export const SECRET_LENGTH = 32;

const PUBLIC_KEY_LENGTH = 32;
const PROOF_LENGTH = 32;

/** SubjectPublicKeyInfo of X25519, before the key itself (RFC 8410, section 4). */
const SPKI_HEAD = publicBytesOf('302a300506032b656e032100', 'hex');

/** What a window wants: `join`, or, where the keeper is of an older version, that it makes room. */
export type Wish = 'join' | 'end';

const wishes: Readonly<Record<Wish, number>> = { join: 1, end: 2 };
const labels: Readonly<Record<Wish | 'keeper', string>> = {
  keeper: 'vaultside keeper: I am the keeper',
  join: 'vaultside keeper: I am a window',
  end: 'vaultside keeper: I am a newer window, make room',
};

/** For what one side sends after the handshake. Whoever got them wipes both. */
export interface SessionKeys {
  readonly windowToKeeper: Aes256GcmKey;
  readonly keeperToWindow: Aes256GcmKey;
}

class Ephemeral {
  readonly #pair = generateKeyPairSync('x25519');
  /** version ‖ public key */
  readonly greeting: Uint8Array;

  constructor(version: number) {
    const key = this.#pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_HEAD.length);
    this.greeting = concatPublic(publicBytes(version), key);
  }

  /** @returns 32 bytes, the caller's to wipe. @throws WireError for a key that leads nowhere. */
  agree(theirs: Uint8Array): SecretBytes {
    try {
      const key = concatPublic(SPKI_HEAD, theirs.subarray(1));
      const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
      return takeSecret(diffieHellman({ privateKey: this.#pair.privateKey, publicKey }));
    } catch (error) {
      throw new WireError('not a public key', { cause: error });
    }
  }
}

/** The side of a window. */
export class WindowHandshake {
  readonly #own: Ephemeral;

  /** @param secret stays the caller's to wipe. */
  constructor(
    private readonly secret: SecretBytes,
    private readonly version = VERSION,
  ) {
    this.#own = new Ephemeral(version);
  }

  get greeting(): Uint8Array {
    return this.#own.greeting;
  }

  /**
   * @param answer what the keeper has sent.
   * @returns the version of the keeper, which is proved; what to send it, and the keys where both are of one version.
   * @throws WireError when it has proved nothing.
   */
  answer(answer: Uint8Array): { readonly version: number; readonly send?: Uint8Array; readonly keys?: SessionKeys } {
    const end = 1 + PUBLIC_KEY_LENGTH;
    if (answer.length !== end + PROOF_LENGTH) throw new WireError('not the answer of a keeper');
    const theirs = answer.subarray(0, end);
    const transcript = concatPublic(this.greeting, theirs);
    checkProof(answer.subarray(end), proofOf(this.secret, 'keeper', transcript));
    const version = theirs[0] ?? 0;
    if (version > this.version) return { version };
    const wish: Wish = version === this.version ? 'join' : 'end';
    const send = concatPublic(publicBytes(wishes[wish]), proofOf(this.secret, wish, transcript));
    if (wish === 'end') return { version, send };
    return { version, send, keys: sessionKeys(this.#own.agree(theirs), this.secret, transcript) };
  }
}

/** The side of the keeper. */
export class KeeperHandshake {
  readonly #own: Ephemeral;
  #transcript: Uint8Array | undefined;
  #theirs: Uint8Array | undefined;

  /** @param secret stays the caller's to wipe. */
  constructor(
    private readonly secret: SecretBytes,
    version = VERSION,
  ) {
    this.#own = new Ephemeral(version);
  }

  /** @returns what to send to a window that has greeted. @throws WireError for what is no greeting. */
  greet(greeting: Uint8Array): Uint8Array {
    if (greeting.length !== 1 + PUBLIC_KEY_LENGTH) throw new WireError('not the greeting of a window');
    this.#theirs = concatPublic(greeting);
    this.#transcript = concatPublic(greeting, this.#own.greeting);
    return concatPublic(this.#own.greeting, proofOf(this.secret, 'keeper', this.#transcript));
  }

  /**
   * @param wish what the window has sent next.
   * @returns the keys, or `end` when a newer version wants this keeper to end.
   * @throws WireError when it has proved nothing.
   */
  admit(wish: Uint8Array): SessionKeys | 'end' {
    const [transcript, theirs] = [this.#transcript, this.#theirs];
    if (transcript === undefined || theirs === undefined || wish.length !== 1 + PROOF_LENGTH) {
      throw new WireError('not the proof of a window');
    }
    const wanted = (Object.keys(wishes) as Wish[]).find((each) => wishes[each] === wish[0]);
    if (wanted === undefined) throw new WireError('an unknown wish');
    checkProof(wish.subarray(1), proofOf(this.secret, wanted, transcript));
    const [ours, other] = [this.#own.greeting[0] ?? 0, theirs[0] ?? 0];
    if (wanted === 'end') {
      if (other <= ours) throw new WireError('only a newer version may ask for the end');
      return 'end';
    }
    if (other !== ours) throw new WireError('another version');
    return sessionKeys(this.#own.agree(theirs), this.secret, transcript);
  }
}

function proofOf(secret: SecretBytes, label: keyof typeof labels, transcript: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update(`${labels[label]}\0`).update(transcript).digest();
}

function checkProof(given: Uint8Array, right: Uint8Array): void {
  if (!timingSafeEqual(given, right)) throw new WireError('a wrong proof');
}

/**
 * HKDF with SHA-256 (RFC 5869): the salt is a digest of the transcript, the input what was agreed and the secret.
 *
 * @param agreed is wiped.
 */
function sessionKeys(agreed: SecretBytes, secret: SecretBytes, transcript: Uint8Array): SessionKeys {
  const input = concatSecrets(agreed, secret);
  wipe(agreed);
  const salt = createHash('sha256').update(transcript).digest();
  const extracted = takeSecret(createHmac('sha256', salt).update(input).digest());
  wipe(input);
  try {
    return {
      windowToKeeper: keyFor(extracted, 'vaultside keeper: window to keeper'),
      keeperToWindow: keyFor(extracted, 'vaultside keeper: keeper to window'),
    };
  } finally {
    wipe(extracted);
  }
}

function keyFor(extracted: SecretBytes, direction: string): Aes256GcmKey {
  const key = expand(extracted, direction);
  try {
    return new Aes256GcmKey(key);
  } finally {
    wipe(key);
  }
}
