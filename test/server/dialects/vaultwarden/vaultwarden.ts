import type { Dialect } from '../dialect';
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
    object: 'config',
    version: '2026.6.0',
    gitHash: null,
    server: { name: 'Vaultwarden', url: 'https://github.com/dani-garcia/vaultwarden' },
    environment: {
      api: urls.api,
      identity: urls.identity,
      cloudRegion: null,
      vault: urls.base,
      notifications: `${urls.base}/notifications`,
      sso: '',
    },
    featureStates: { 'pm-19148-innovation-archive': true },
    push: { pushTechnology: 0, vapidPublicKey: null },
    communication: null,
    settings: { disableUserRegistration: false, suppressOnboardingInterstitials: false },
  }),
  refuse,
  identity,
  accounts,
  ciphers,
  attachments,
  hub,
  checkFolder: ({ name }) => (typeof name === 'string' ? undefined : refuse.malformed()),
};
