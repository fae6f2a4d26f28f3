/** Authenticated encryption. Bytes in hex. */

const counting = (length: number): string => Buffer.from(Array.from({ length }, (_, i) => i)).toString('hex');
const text = (value: string): string => Buffer.from(value).toString('hex');

export interface AeadVector {
  readonly key: string;
  readonly nonce: string;
  readonly plaintext: string;
  readonly additionalData: string;
  /** Ciphertext ‖ tag. */
  readonly sealed: string;
}

/** Source: C2SP, XAES-256-GCM.md; the same in sdk:crates/bitwarden-crypto/src/hazmat/symmetric_encryption/xaes_256_gcm.rs */
export const xAes256GcmVectors: readonly AeadVector[] = [
  {
    key: '01'.repeat(32),
    nonce: text('ABCDEFGHIJKLMNOPQRSTUVWX'),
    plaintext: text('XAES-256-GCM'),
    additionalData: '',
    sealed: 'ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271',
  },
  {
    key: '03'.repeat(32),
    nonce: text('ABCDEFGHIJKLMNOPQRSTUVWX'),
    plaintext: text('XAES-256-GCM'),
    additionalData: text('c2sp.org/XAES-256-GCM'),
    sealed: '986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d',
  },
];

/** Source: sdk:crates/bitwarden-crypto/src/hazmat/symmetric_encryption/aes256_cbc_hmac_sha256_aead.rs */
export const aes256CbcHmacVectors: readonly AeadVector[] = [
  {
    key: counting(64),
    nonce: counting(16),
    plaintext: text('Bitwarden SDK test vector'),
    additionalData: text('Bitwarden SDK test vector associated data'),
    sealed:
      '6f10218fcffd6a593a3491f08cd59553a8bc7a39821c23b672e3d7faafb6a966219f3ee068d6f899f83fdbcee4115d6e0e96518b4aeb73ce7173dcc512cefcc6',
  },
];

/** Source: draft-irtf-cfrg-xchacha-03, appendix A.3.1 */
export const xChaCha20Poly1305Vectors: readonly AeadVector[] = [
  {
    key: Buffer.from(Array.from({ length: 32 }, (_, i) => 0x80 + i)).toString('hex'),
    nonce: Buffer.from(Array.from({ length: 24 }, (_, i) => 0x40 + i)).toString('hex'),
    plaintext: text(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    ),
    additionalData: '50515253c0c1c2c3c4c5c6c7',
    sealed:
      'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
  },
];

/** Source: NIST GCM test case 16 (McGrew and Viega, The Galois/Counter Mode of Operation, appendix B) */
export const aes256GcmVectors: readonly AeadVector[] = [
  {
    key: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308',
    nonce: 'cafebabefacedbaddecaf888',
    plaintext:
      'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
    additionalData: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    sealed:
      '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b',
  },
];
