/** A process that seals and opens secrets, wipes them, and searches its own memory for them. */
import { randomFillSync } from 'node:crypto';
import { allocateSecret, copySecret, wipe } from '../../../src/base/secretBytes';
import { openAesCbcHmac, sealAesCbcHmac } from '../../../src/bitwarden/crypto/aesCbcHmac';
import { Aes256GcmKey } from '../../../src/bitwarden/crypto/aead/aes256Gcm';
import { XAes256GcmKey } from '../../../src/bitwarden/crypto/aead/xAes256Gcm';
import { generateKey } from '../keys';
import { mask } from './masked';
import { type Needle, searchOwnMemory } from './ownMemory';

/** By cipher, the lengths of which something was found. */
export interface Found {
  readonly afterWiping: readonly string[];
  /** With one of the secrets not wiped. */
  readonly planted: readonly string[];
}

const ROUNDS = 10;
const LENGTHS = [32, 64, 70, 80, 95, 96, 110, 128, 200, 500, 943, 1000, 1216, 5000];
const random = (length: number) => randomFillSync(allocateSecret(length));

const cbc = generateKey();
const gcm = new Aes256GcmKey(random(32));
const xGcm = new XAes256GcmKey(random(32));
const nonce = Buffer.alloc(24);

/** For each: seals the plaintext, and gives back what opens it. */
const ciphers = {
  'AES-CBC': (plaintext: Uint8Array) => {
    const sealed = sealAesCbcHmac(plaintext, cbc);
    return () => openAesCbcHmac(sealed, cbc);
  },
  'AES-GCM': (plaintext: Uint8Array) => {
    const sealed = gcm.seal(nonce.subarray(12), plaintext, nonce);
    return () => gcm.open(nonce.subarray(12), sealed, nonce);
  },
  'XAES-GCM': (plaintext: Uint8Array) => {
    const sealed = xGcm.seal(nonce, plaintext, nonce);
    return () => xGcm.open(nonce, sealed, nonce);
  },
};

/** As a program in use does: leaves freed memory of many sizes, and objects of V8 that the next new array frees. */
function litter(length: number): void {
  for (let made = 0; made < 20; made++) Buffer.allocUnsafeSlow(length + 16);
  globalThis.gc?.();
}

const needles: Needle[] = [];
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, seal] of Object.entries(ciphers)) {
    for (const length of LENGTHS) {
      const secret = random(length);
      const open = seal(secret);
      mask(secret);
      needles.push({ name: `${name} of ${length} bytes`, masked: Buffer.from(secret.buffer) });
      litter(length);
      wipe(open());
    }
  }
}
const found = () => [...new Set(searchOwnMemory(needles))];
const afterWiping = found();
const planted = copySecret(needles[0]?.masked ?? random(1));
mask(planted);
process.send?.({ afterWiping, planted: found() } satisfies Found);
wipe(planted);
