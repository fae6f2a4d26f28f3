import crypto from 'node:crypto';

/** Loaded before anything else: as in an editor whose libcrypto has no Argon2id, so that the worker computes it. */
Object.assign(crypto, { argon2: undefined });
