import { randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 30 alphanumerics, as both servers make them. */
export function newApiKey(): string {
  return Array.from({ length: 30 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
