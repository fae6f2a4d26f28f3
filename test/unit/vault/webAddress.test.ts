import assert from 'node:assert/strict';
import { looksLikeAddress, webAddress } from '../../../src/vault/webAddress';

const opened: readonly (readonly [stored: string, opened: string])[] = [
  ['https://github.com/login', 'https://github.com/login'],
  ['HTTPS://GitHub.com', 'https://github.com/'],
  ['http://intranet/', 'http://intranet/'],
  [' github.com ', 'https://github.com/'],
  ['github.com/login?next=/x#y', 'https://github.com/login?next=/x#y'],
  ['bücher.example.org', 'https://xn--bcher-kva.example.org/'],
  ['xn--bcher-kva.xn--p1ai', 'https://xn--bcher-kva.xn--p1ai/'],
  ['github.com:443/x', 'https://github.com/x'],
  ['example.org:8080', 'http://example.org:8080/'],
  ['nas.lan:5000#/signin', 'http://nas.lan:5000/#/signin'],
  ['nas.lan:5001?next=/x', 'http://nas.lan:5001/?next=/x'],
  ['nas.lan', 'http://nas.lan/'],
  ['fritz.local/x', 'http://fritz.local/x'],
  ['localhost:3000', 'http://localhost:3000/'],
  ['localhost:8080/x', 'http://localhost:8080/x'],
  ['localhost', 'http://localhost/'],
  ['LocalHost:3000', 'http://localhost:3000/'],
  ['127.0.0.1:8000/admin', 'http://127.0.0.1:8000/admin'],
  ['192.168.1.1', 'http://192.168.1.1/'],
  ['[::1]:3000', 'http://[::1]:3000/'],
  ['[fe80::1]/x', 'http://[fe80::1]/x'],
  ['https://[2001:db8::1]:8443/', 'https://[2001:db8::1]:8443/'],
  ['https://[fe80::1]/My Page', 'https://[fe80::1]/My%20Page'],
  // Names of a local network.
  ['my_nas.lan:5000', 'http://my_nas.lan:5000/'],
  ['https://my_nas.lan/x', 'https://my_nas.lan/x'],
  ['_x.my_nas.lan', 'http://_x.my_nas.lan/'],
  ['api.k8s:8080', 'http://api.k8s:8080/'],
  ['nas.home2', 'http://nas.home2/'],
  ['nas.my-home/x', 'http://nas.my-home/x'],
  ['my_site.example.org', 'https://my_site.example.org/'],
  ['bücher.example.xn--p1ai', 'https://xn--bcher-kva.example.xn--p1ai/'],
  ['пример.рф', 'https://xn--e1afmkfd.xn--p1ai/'],
  // Blanks after the host.
  ['https://intranet.example/Shared Documents/x', 'https://intranet.example/Shared%20Documents/x'],
  ['wiki.lan/My Page', 'http://wiki.lan/My%20Page'],
  ['wiki.lan/x?q=a b#c d', 'http://wiki.lan/x?q=a%20b#c%20d'],
  ['https://robin:hunter2@example.org/x', 'https://example.org/x'],
  ['https://robin:hunter2@example.org:8443/My Page', 'https://example.org:8443/My%20Page'],
  ['https://robin:hunter2@[::1]:3000/', 'https://[::1]:3000/'],
  ['https://robin@example.org/x', 'https://example.org/x'],
];

const notOpened: readonly string[] = [
  ...['', ' ', 'command:workbench.action.quit', 'vscode://vaultside.vaultside/x', 'file:///etc/passwd'],
  ...['javascript:alert(1)', 'data:text/html,x', 'about:blank', 'mailto:robin@example.org', 'blob:https://x.example'],
  ...['postgres://app@localhost:5432/db', 'androidapp://com.example', 'iosapp://com.example', 'ssh://host'],
  // What may be a password, or a name, and no address.
  ...['hunter2', 'intranet', 'Tr0ub4dor&3', 'correct horse battery staple', '123456', '1.5', 'p@ssw0rd.com', 'a:b'],
  ...['robin@example.org', 'user:pass@example.org', 'hunter2:80', 'x'.repeat(100_000)],
  // Not what they look like.
  ...[
    'https://',
    'https:example.org',
    'https:/example.org',
    'https//example.org',
    'exa mple.org',
    'https://a\tb.example',
  ],
  ...['example.org\u202e', 'example.org:99999', '999.1.1.1', '[::1', '[zz]:3000', '.org', 'a..org', '-.org'],
  // Patterns.
  ...['https?://(www\\.)?shop\\.example/login', '^https://.*$', '.*\\.corp\\.example'],
  ...['https://accounts\\.corp\\.example/.*', 'https://corp.example/a\\.b', 'nas.lan/\\.x', 'https://shop.example$'],
  ...['https://.*.corp.example/', 'https://*.corp.example', 'https://(www.)?shop.example', 'https://[a-z]+.example/'],
  // Blanks before the end of the host, and others than the one of the keyboard.
  ...['https://user name@example.org/x', 'https:///user name@example.org', 'https://exa mple.org', 'wiki.lan /x'],
  ...['https://example.org/a\tb', 'https://example.org/a\r\nb', 'wiki.lan/a\u00a0b', 'wiki.lan/a\u2028b'],
  ...['wiki.lan/a\u202eb', 'wiki.lan/a\u0000b', 'wiki.lan/a\u200bb'],
  // Tokens with dots, and numbers of versions.
  ...['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U', 'v1.2.3', '1.a', 'a.1b'],
  ...['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', 'MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7C'],
  ...['[fe80::1%eth0]', '::1', 'nas.lan:', 'nas.lan:x', 'https://nas.lan:99999/', 'https://[::1', 'example\u3002org'],
];

describe('What may be opened in a browser', () => {
  for (const [stored, address] of opened) {
    it(`${JSON.stringify(stored)} is, as ${address}`, () => assert.equal(webAddress(stored), address));
  }
  for (const stored of notOpened) {
    it(`${JSON.stringify(stored.slice(0, 60))} is not`, () => assert.equal(webAddress(stored), undefined));
  }
});

describe('What stands in the place of an address', () => {
  for (const stored of [
    ...opened.map(([text]) => text).filter((text) => !text.includes('@')),
    ...['postgres://localhost:5432/db', 'androidapp://com.example', 'iosapp://com.example', 'ssh://host:22'],
    ...['https://example.org/@robin', 'https://example.org?to=robin@example.org', 'https://example.org#@robin'],
    ...['https://accounts\\.corp\\.example/.*', 'https?://(www\\.)?shop\\.example/login', '^https://x\\.example'],
  ]) {
    it(`shows where it is one: ${stored}`, () => assert.ok(looksLikeAddress(stored)));
  }

  for (const stored of [
    ...['hunter2', 'Tr0ub4dor&3', 'correct horse battery staple', '123456', 'robin@example.org', 'x'.repeat(100_000)],
    ...['https://robin:hunter2@example.org/x', 'postgres://app:hunter2@localhost/db', 'redis://:hunter2@host'],
    ...['ftp://a:p@ss/word@host', 'otpauth:secret', ''],
    ...[
      'https://ghp_token@github.com/x',
      'HTTPS://ghp_token@github.com',
      'https://@github.com',
      'https://%40@github.com',
    ],
    ...['https:///ghp_token@github.com', 'https:////ghp_token@github.com', 'https://\\ghp_token@github.com'],
    ...[
      'https://\\/ghp_token@github.com',
      'postgres://app@localhost:5432/db',
      'ssh://git@host',
      '^https://ghp_token@x',
    ],
    ...['user:pass@example.org', 'user name:pass@nas.lan', 'MTk4NjIy.Cl2FMQ.ZnCjm1XVW7vRze4b7C', 'wiki.lan My Page'],
    ...['https?://ghp_token@github.com', 'git+ssh://git@github.com/x', 'https://robin:hunter2@[::1]/'],
  ]) {
    it(`is masked where it may be a secret: ${stored.slice(0, 60)}`, () => assert.ok(!looksLikeAddress(stored)));
  }
});
