import assert from 'node:assert/strict';
import { redact } from '../../../src/ui/redact';

const cases: [name: string, message: string, secret: string][] = [
  ['an access token', 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln for it', 'c2ln'],
  ['a bearer header', 'Authorization: Bearer abc.def', 'abc'],
  ['a form', 'grant_type=client_credentials&client_secret=Zx81Zx81Zx81&scope=api', 'Zx81'],
  ['JSON', '{"clientSecret":"Zx81Zx81"}', 'Zx81'],
  ['JSON of an API key', '{"apiKey": "Zx81Zx81"}', 'Zx81'],
  ['a password hash', '{"masterPasswordHash":"q83vEg=="}', 'q83v'],
  ['a one-time code', 'otp: 123456', '123456'],
  ['an encrypted string', 'failed on 2.AAAAAAAAAAAAAAAAAAAAAA==|BBBBBBBB|CCCCCCCC', 'BBBB'],
  ['an e-mail address', 'signed in robin.demo+x@northwind.example now', 'northwind'],
];

describe('Redaction', () => {
  for (const [name, message, secret] of cases) {
    it(`strikes out ${name}`, () => assert.ok(!redact(message).includes(secret), redact(message)));
  }

  it('leaves ordinary lines alone', () => {
    const line = 'NetworkError: vault.example.org:8443: unreachable, because of Error ECONNREFUSED';
    assert.equal(redact(line), line);
  });
});
