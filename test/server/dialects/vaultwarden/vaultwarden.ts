import type { Dialect } from '../dialect';
import { configCore } from '../shared';
import { accounts } from './accounts';
import { attachments } from './attachments';
import { ciphers } from './ciphers';
import { date } from './date';
import { hub } from './hub';
import { identity } from './identity';
import { handled, refuse } from './refusals';

/** Vaultwarden as of 1.37; unit tests compare it with recordings of a real one. */
export const vaultwarden: Dialect = {
  date,
  rateLimits: [{ method: 'POST', path: /^\/identity\/connect\/token$/, kind: 'bucket', most: 10, seconds: 60 }],
  rateLimited: () => handled('Too many login requests', 429),
  config: (urls) => ({
    ...configCore(urls),
    version: '2026.6.0',
    gitHash: null,
    server: { name: 'Vaultwarden', url: 'https://github.com/dani-garcia/vaultwarden' },
    environment: { ...configCore(urls).environment, cloudRegion: null, sso: '' },
    featureStates: { 'pm-19148-innovation-archive': true },
  }),
  refuse,
  identity,
  accounts,
  ciphers,
  attachments,
  hub,
  checkFolder: ({ name }) => (typeof name === 'string' ? undefined : refuse.malformed()),
};
