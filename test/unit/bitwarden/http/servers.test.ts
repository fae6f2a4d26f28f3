import assert from 'node:assert/strict';
import {
  parseServerUrl,
  parseServerUrls,
  resolveServer,
  serverHost,
  type ServerChoice,
} from '../../../../src/bitwarden/http/servers';
import { ServerUrlError } from '../../../../src/bitwarden/errors';

const refusedFor = (reason: ServerUrlError['reason']) => (error: unknown) =>
  error instanceof ServerUrlError && error.reason === reason;

describe('server addresses', () => {
  for (const [typed, parsed] of [
    ['https://vault.example.com', 'https://vault.example.com'],
    ['  https://vault.example.com/// ', 'https://vault.example.com'],
    ['vault.example.com', 'https://vault.example.com'],
    ['vault.example.com:8443/bw/', 'https://vault.example.com:8443/bw'],
    ['HTTPS://Vault.Example.COM:443/Sub/Path', 'https://vault.example.com/Sub/Path'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080/x'],
    ['http://127.8.9.10', 'http://127.8.9.10'],
    ['http://[::1]:80', 'http://[::1]'],
    ['https://vаult.example.com', 'https://xn--vult-53d.example.com'],
    ['https:/vault.example.org', 'https://vault.example.org'],
    ['https//vault.example.org', 'https://vault.example.org'],
    ['https:vault.example.org', 'https://vault.example.org'],
    ['https:///vault.example.org/sub', 'https://vault.example.org/sub'],
    ['https:\\\\vault.example.org', 'https://vault.example.org'],
    ['HTTPS//vault.example.org:8443/sub', 'https://vault.example.org:8443/sub'],
    ['http:/localhost:8080', 'http://localhost:8080'],
    ['http//localhost:8080', 'http://localhost:8080'],
    ['https.example.org', 'https://https.example.org'],
    ['192.168.1.1:8443', 'https://192.168.1.1:8443'],
    ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443'],
    ['nas:8443', 'https://nas:8443'],
  ] as const) {
    it(`reads ${JSON.stringify(typed)}`, () => assert.equal(parseServerUrl(typed), parsed));
  }

  for (const [typed, reason] of [
    ['', 'empty'],
    ['   ', 'empty'],
    ['https://', 'unreadable'],
    ['https://exa mple.com', 'unreadable'],
    ['https://example.com\t.evil.com', 'unreadable'],
    ['https://example.com\u202e', 'unreadable'],
    ['https', 'unreadable'],
    ['https://https://vault.example.org', 'unreadable'],
    ['https://http/x', 'unreadable'],
    ['https:', 'unreadable'],
    ['https:/', 'unreadable'],
    ['https//', 'unreadable'],
    ['https/vault.example.org', 'unreadable'],
    ['https:8443', 'unreadable'],
    ['8443', 'unreadable'],
    ['0x7f.1', 'unreadable'],
    ['http://2130706433', 'unreadable'],
    ['htps//vault.example.org', 'unreadable'],
    ['htps:/vault.example.org', 'unreadable'],
    ['ftp:/vault.example.org', 'unreadable'],
    ['ftp:vault.example.org', 'unreadable'],
    ['://vault.example.org', 'unreadable'],
    ['vault.example.org\\sub', 'unreadable'],
    ['http:/vault.example.org', 'notHttps'],
    ['http//vault.example.org', 'notHttps'],
    ['http://vault.example.com', 'notHttps'],
    ['http://10.0.0.1', 'notHttps'],
    ['http://localhost.evil.com', 'notHttps'],
    ['http://127.0.0.1.evil.com', 'notHttps'],
    ['http://[::2]', 'notHttps'],
    ['ftp://localhost', 'notHttps'],
    ['file:///etc/passwd', 'notHttps'],
    ['https://user@example.com', 'credentials'],
    ['https://user:pass@example.com', 'credentials'],
    ['https://example.com?x=1', 'queryOrFragment'],
    ['https://example.com/?', 'queryOrFragment'],
    ['https://example.com/#/login', 'queryOrFragment'],
  ] as const) {
    it(`refuses ${JSON.stringify(typed)}: ${reason}`, () => {
      assert.throws(() => parseServerUrl(typed), refusedFor(reason));
    });
  }
});

describe('choice of a server', () => {
  const us = {
    webVault: 'https://vault.bitwarden.com',
    api: 'https://api.bitwarden.com',
    identity: 'https://identity.bitwarden.com',
  };
  const eu = {
    webVault: 'https://vault.bitwarden.eu',
    api: 'https://api.bitwarden.eu',
    identity: 'https://identity.bitwarden.eu',
  };
  const own = (rest: { base?: string; api?: string; identity?: string }): ServerChoice => ({
    region: 'selfHosted',
    ...rest,
  });

  for (const [what, choice, urls] of [
    ['US cloud', { region: 'us' }, us],
    ['EU cloud', { region: 'eu' }, eu],
    [
      'a base with a sub-path',
      own({ base: 'https://host/vault/' }),
      { webVault: 'https://host/vault', api: 'https://host/vault/api', identity: 'https://host/vault/identity' },
    ],
    [
      'a base and its own API address',
      own({ base: 'https://host', api: 'https://api.host' }),
      { webVault: 'https://host', api: 'https://api.host', identity: 'https://host/identity' },
    ],
    [
      'API and identity without a base',
      own({ base: ' ', api: 'https://host/bw/api', identity: 'https://host/bw/identity' }),
      { webVault: 'https://host/bw', api: 'https://host/bw/api', identity: 'https://host/bw/identity' },
    ],
    ['a base on the EU web vault', own({ base: 'vault.bitwarden.eu' }), eu],
    ['a base on the EU API', own({ base: 'https://api.bitwarden.eu/' }), eu],
    ['a base on the US site', own({ base: 'bitwarden.com' }), us],
    [
      'a host that only looks official',
      own({ base: 'https://vault.bitwarden.com.evil.org' }),
      {
        webVault: 'https://vault.bitwarden.com.evil.org',
        api: 'https://vault.bitwarden.com.evil.org/api',
        identity: 'https://vault.bitwarden.com.evil.org/identity',
      },
    ],
  ] as const) {
    it(`resolves ${what}`, () => assert.deepEqual(resolveServer(choice), urls));
  }

  for (const [what, choice, reason] of [
    ['nothing', own({}), 'empty'],
    ['an empty base', own({ base: '' }), 'empty'],
    ['API alone', own({ api: 'https://api.host' }), 'incomplete'],
    ['identity alone', own({ identity: 'https://identity.host' }), 'incomplete'],
    ['plain http for one of them', own({ base: 'https://host', api: 'http://api.host' }), 'notHttps'],
  ] as const) {
    it(`never falls through to the cloud on ${what}`, () => {
      assert.throws(() => resolveServer(choice), refusedFor(reason));
    });
  }

  it('shows host, port and sub-path', () => {
    assert.equal(
      serverHost(resolveServer(own({ base: 'https://vаult.example.com:8443/bw' }))),
      'xn--vult-53d.example.com:8443/bw',
    );
    assert.equal(serverHost(us), 'vault.bitwarden.com');
  });

  it('takes back what it has given', () => {
    for (const urls of [us, eu, resolveServer(own({ base: 'http://localhost:1/x' }))]) {
      assert.deepEqual(parseServerUrls(JSON.parse(JSON.stringify(urls))), urls);
    }
  });

  for (const [what, stored] of [
    ['no object', null],
    ['a missing address', { webVault: 'https://a', api: 'https://a/api' }],
    ['a number', { ...us, api: 1 }],
    ['a trailing slash', { ...us, api: 'https://api.bitwarden.com/' }],
    ['plain http', { ...us, identity: 'http://identity.bitwarden.com' }],
  ] as const) {
    it(`refuses a stored record with ${what}`, () => assert.throws(() => parseServerUrls(stored), ServerUrlError));
  }
});
