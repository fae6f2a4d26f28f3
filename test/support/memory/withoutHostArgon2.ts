import crypto from 'node:crypto';

/**
 * Loaded before anything else. Makes the process one whose libcrypto has no Argon2id, as in desktop VS Code, so that
 * the worker computes it.
 */
Object.assign(crypto, { argon2: undefined });
