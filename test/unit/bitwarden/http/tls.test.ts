import assert from 'node:assert/strict';
import { createServer as createPlainServer } from 'node:http';
import { Agent, createServer, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import nodeFetch from 'node-fetch';
import { clientIdentity } from '../../../../src/bitwarden/http/clientIdentity';
import { networkFailure } from '../../../../src/bitwarden/http/failures';
import type { Fetch } from '../../../../src/bitwarden/http/fetch';
import { HttpClient } from '../../../../src/bitwarden/http/client';
import { NetworkError, TlsError, type TlsProblem } from '../../../../src/bitwarden/errors';
import { createTls, type CertificateOptions } from '../../../support/tls';
import { DEVICE } from '../loopback';

describe('a connection that does not become secure', () => {
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });

  async function port(server: Server): Promise<number> {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    stops.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  /** @param ca the authority that this computer trusts, beside those that Node does. */
  async function problem(port: number, ca?: string): Promise<unknown> {
    const agent = new Agent(ca === undefined ? {} : { ca });
    const fetch: Fetch = (url, init) => nodeFetch(url, { ...init, agent });
    const http = new HttpClient(fetch, clientIdentity('linux', DEVICE), { sleep: () => Promise.resolve() });
    const request = { method: 'POST', url: `https://127.0.0.1:${port}/`, json: { a: 'b' } } as const;
    return http.json({ ...request, answer: { bytes: 100, tokens: 10 } }).then(
      () => 'none',
      (error: unknown) => (error instanceof TlsError ? error.problem : error),
    );
  }

  async function secure(certificate: CertificateOptions, options: ServerOptions = {}) {
    const { ca, key, cert } = await createTls(certificate);
    let asked = 0;
    const server = createServer({ key, cert, ...options }, (_request, response) => {
      asked++;
      response.end('{}');
    });
    return { port: await port(server), ca, asked: () => asked };
  }

  for (const [what, expected, certificate] of [
    ['good', 'none', {}],
    ['expired', 'expired', { validFrom: -3, validTo: -2 }],
    ['not yet valid', 'notYetValid', { validFrom: 2, validTo: 3 }],
    ['for another name', 'otherName', { hosts: ['vault.example.test'], othersOnly: true }],
    ['without its intermediate', 'incompleteChain', { withoutIntermediate: true }],
  ] as const satisfies [string, TlsProblem | 'none', CertificateOptions][]) {
    it(`is told from others: certificate ${what}`, async () => {
      const server = await secure(certificate);
      assert.equal(await problem(server.port, server.ca), expected);
      assert.equal(server.asked(), expected === 'none' ? 1 : 0);
    });
  }

  it('is told from others: signed by an authority that comes along and that nobody knows', async () => {
    const { ca, key, cert } = await createTls({});
    const server = createServer({ key, cert: `${cert}\n${ca}` });
    assert.equal(await problem(await port(server)), 'untrusted');
  });

  it('is told from others: signed by itself', async () => {
    const { key, cert } = await createTls({ selfSigned: true });
    const server = createServer({ key, cert });
    assert.equal(await problem(await port(server)), 'untrusted');
  });

  for (const [version, expected] of [
    ['TLSv1.2', 'certificateOrCipher'],
    ['TLSv1.3', 'clientCertificate'],
  ] as const satisfies [string, TlsProblem][]) {
    it(`is told from others: a client certificate is demanded, ${version}`, async () => {
      const versions = { minVersion: version, maxVersion: version };
      const server = await secure({}, { ...versions, requestCert: true, rejectUnauthorized: true });
      assert.equal(await problem(server.port, server.ca), expected);
      assert.equal(server.asked(), 0);
    });
  }

  it('is told from others: no cipher in common', async () => {
    const server = await secure({}, { maxVersion: 'TLSv1.2', ciphers: 'PSK-AES128-CBC-SHA256' });
    assert.equal(await problem(server.port, server.ca), 'certificateOrCipher');
  });

  it('is told from others: plain HTTP on that port', async () => {
    const server = createPlainServer((_request, response) => response.end('{}'));
    assert.equal(await problem(await port(server)), 'notTls');
  });

  it('is told from others: a greeting of another protocol on that port', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('220 mail.example.test ESMTP\r\n');
    });
    assert.equal(await problem(await port(server)), 'notTls');
  });

  it('is told from others: no version in common', async () => {
    // The alert is what such a server sends before anything else: handshake record, fatal, protocol_version.
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(Buffer.from('15030300020246', 'hex'));
    });
    assert.equal(await problem(await port(server)), 'handshake');
  });

  for (const [code, expected] of [
    // OpenSSL 3.0 and 3.5, then BoringSSL.
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'certificateOrCipher'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'certificateOrCipher'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'clientCertificate'],
    ['ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED', 'clientCertificate'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'clientCertificate'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'clientCertificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'notTls'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'notTls'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'handshake'],
    ['EPROTO', 'handshake'],
    ['CERT_HAS_EXPIRED', 'expired'],
    ['CERT_NOT_YET_VALID', 'notYetValid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'otherName'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'incompleteChain'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'untrusted'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'untrusted'],
    ['CERT_REVOKED', 'untrusted'],
    ['CERT_UNTRUSTED', 'untrusted'],
  ] as const satisfies [string, TlsProblem][]) {
    it(`goes by its code: ${code}`, () => {
      const error = networkFailure(Object.assign(new Error('x'), { code }), 'host');
      assert.ok(error instanceof TlsError);
      assert.equal(error.problem, expected);
    });
  }

  for (const [message, expected] of [
    [
      'write EPROTO 80:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:a.c:7:',
      'certificateOrCipher',
    ],
    [
      'write EPROTO 80:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:a.c:7:',
      'certificateOrCipher',
    ],
    ['write EPROTO 80:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:a.c:7:', 'notTls'],
    ['write EPROTO 80:error:0A0000C6:SSL routines:tls_get_more_records:packet length too long:a.c:7:', 'notTls'],
    ['write EPROTO 10:error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:a.cc:7:', 'notTls'],
    [
      'write EPROTO 10:error:10000410:SSL routines:OPENSSL_internal:SSLV3_ALERT_HANDSHAKE_FAILURE:a.cc:7:',
      'certificateOrCipher',
    ],
    ['write EPROTO 10:error:1000042e:SSL routines:OPENSSL_internal:TLSV1_ALERT_PROTOCOL_VERSION:a.cc:7:', 'handshake'],
    ['write EPROTO', 'handshake'],
  ] as const satisfies [string, TlsProblem][]) {
    it(`goes by what the library says while the handshake is under way: ${message}`, () => {
      const error = networkFailure(Object.assign(new Error(message), { code: 'EPROTO' }), 'host');
      assert.ok(error instanceof TlsError);
      assert.equal(error.problem, expected);
    });
  }

  it('is not one that breaks off', () => {
    const error = networkFailure(Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'host');
    assert.ok(error instanceof NetworkError);
  });
});
