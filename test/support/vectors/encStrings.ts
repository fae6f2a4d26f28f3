/** Type 0. Sources: sdk:crates/bitwarden-crypto/src/keys/master_key.rs, src/enc_string/symmetric.rs */
export const typeZero = {
  masterKey: 'hvBMMb1t79YssFZkpetYsM3deyVuQv4r88Uj9gvYe08=',
  wrappedUserKey:
    '0.tn/heK4HLbbEe+yEkC+kvw==|8QM94f7aVTtjm/bmvRdVxOxiLiiZtHYYO7+oBdjFCkilncesx0iVrXPl+tMKqW+Jo7+FtZdPNsTrL6RdoG7i5QbCRVwK+9010+xm7MTQY8s=',
  encryptionKeyStart: [116, 170, 187, 43],
  macKeyStart: [40, 245, 106, 140],
  /** "EncryptMe!" under the same key; nobody may open it. */
  data: '0.NQfjHLr6za7VQVAbrpL81w==|wfrjmyJ0bfwkQlySrhw8dA==',
} as const;

/** Type 2. Source: sdk:crates/bitwarden-crypto/src/traits/decryptable.rs */
export const typeTwo = {
  key: 'sJnO8rVi0dTwND43n0T9x7665s8mVUYNAaJ4nm7gx1iia1I7947URL60nwfIHaf9QJePO4VkNN0oT9jh4iC6aA==',
  oneToFive: '2.kTtIypq9OLzd5iMMbU11pQ==|J4i3hTtGVdg7EZ+AQv/ujg==|QJpSpotQVpIW8j8dR/8l015WJzAIxBaOmrz4Uj/V1JA=',
  helloWorld: '2.fkvl0+sL1lwtiOn1eewsvQ==|dT0TynLl8YERZ8x7dxC+DQ==|cWhiRSYHOi/AA2LiV/JBJWbO9C7pbUpOM6TMAcV47hE=',
} as const;

/** Type 2 in hex, under the bytes 0 to 63. Source: sdk:crates/bitwarden-crypto/src/hazmat/symmetric_encryption/aes256_cbc_hmac_sha256_ae.rs */
export const typeTwoParts = {
  iv: 'd8da2400c4ba965531936ea8b9e32aac',
  ciphertext: 'ea4d100fbd5224bcb6584043915e1eb224eb8243ffcfb7a849e7527ac18b1981',
  mac: '3c4e2c6f48e9030656fad9f23ee5b8dde796bd2c63bddc37c4c2653c66c39582',
  plaintext: 'Bitwarden SDK test vector',
} as const;

/** The parts of a text of type 2, in hex. Source: sdk:crates/bitwarden-crypto/src/enc_string/symmetric.rs */
export const typeTwoTakenApart = {
  text: '2.pMS6/icTQABtulw52pq2lg==|XXbxKxDTh+mWiN1HjH2N1w==|Q6PkuT+KX/axrgN9ubD5Ajk2YNwxQkgs3WJM0S0wtG8=',
  iv: 'a4c4bafe271340006dba5c39da9ab696',
  ciphertext: '5d76f12b10d387e99688dd478c7d8dd7',
  mac: '43a3e4b93f8a5ff6b1ae037db9b0f902393660dc3142482cdd624cd12d30b46f',
} as const;

/** The IV ends in bits left over, which no encoder writes. Source: the dummy of server:test/Api.IntegrationTest */
export const notCanonical =
  '2.3Uk+WNBIoU5xzmVFNcoWzz==|1MsPIYuRfdOHfu/0uY6H2Q==|/98sp4wb6pHP1VTZ9JcNCYgQjEUMFPlqJgCwRk1YXKg=';
