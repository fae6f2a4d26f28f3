import { text } from '../../http';
import type { RateLimit } from '../../rateLimits';
import type { Dialect } from '../dialect';
import { configCore } from '../shared';
import { accounts } from './accounts';
import { attachments } from './attachments';
import { ciphers } from './ciphers';
import { date } from './date';
import { isEncryptedString } from './encryptedString';
import { hub } from './hub';
import { identity } from './identity';
import { apiError, modelError, refuse } from './refusals';

/**
 * The limits of the cloud; self-hosted servers have none (server: src/Identity/appsettings.json,
 * src/Api/appsettings.json). Requests are counted by address, verb and exact path.
 */
const rateLimits: readonly RateLimit[] = [
  { method: 'POST', path: /^\/identity\/connect\/token$/, kind: 'window', most: 10, seconds: 60 },
  { path: /^\/identity\//, kind: 'window', most: 60, seconds: 60 },
  { path: /^\/identity\//, kind: 'window', most: 5, seconds: 1 },
  { method: 'GET', path: /^\/api\//, kind: 'window', most: 200, seconds: 60 },
  ...['POST', 'PUT', 'DELETE'].flatMap((method): RateLimit[] => [
    { method, path: /^\/api\//, kind: 'window', most: 60, seconds: 60 },
    { method, path: /^\/api\//, kind: 'window', most: 5, seconds: 1 },
  ]),
];

const LONGEST_FOLDER_NAME = 1000;

/** bitwarden/server of 2026.8, as the cloud runs it. Files and lines that are named are those of that repository. */
export const official: Dialect = {
  date,
  rateLimits,
  rateLimited: ({ limit, waitSeconds }) => ({
    ...apiError(429, `Slow down! Too many requests. Try again in ${limit.seconds === 60 ? '1m' : '1s'}.`),
    headers: { 'Retry-After': String(waitSeconds) },
  }),
  config: (urls) => ({
    ...configCore(urls),
    version: '2026.8.0',
    gitHash: 'ac309aa',
    server: null,
    environment: { ...configCore(urls).environment, cloudRegion: 'US', sso: `${urls.base}/sso` },
    featureStates: { 'cipher-key-encryption': true },
  }),
  refuse,
  identity,
  accounts,
  ciphers,
  attachments,
  hub,
  // FolderRequestModel.cs:12
  checkFolder: (request) => {
    const name = text(request.name);
    if (name === null) return modelError('Name', 'The Name field is required.');
    if (!isEncryptedString(name)) return modelError('Name', 'Name is not a valid encrypted string.');
    return name.length > LONGEST_FOLDER_NAME
      ? modelError(
          'Name',
          `The field Name exceeds the maximum encrypted value length of ${LONGEST_FOLDER_NAME} characters.`,
        )
      : undefined;
  },
};
