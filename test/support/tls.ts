import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A server certificate for loopback and the authority that vouches for it, all PEM. */
export interface LoopbackTls {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const usages = ['sign', 'verify'] as const;
const newPair = () => webcrypto.subtle.generateKey(algorithm, true, [...usages]);

const dayMs = 86_400_000;

/**
 * Makes an authority that nobody trusts, and a certificate of it for localhost, 127.0.0.1, ::1 and further host names,
 * good for a day.
 */
export async function createLoopbackTls(hosts: readonly string[] = []): Promise<LoopbackTls> {
  const times = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + dayMs) };
  const [caKeys, keys] = await Promise.all([newPair(), newPair()]);
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...times,
    name: 'CN=Throw-away test authority',
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const leaf = await X509CertificateGenerator.create({
    ...times,
    subject: 'CN=localhost',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
        ...hosts.map((value) => ({ type: 'dns' as const, value })),
      ]),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
  return { ca: ca.toString('pem'), key, cert: leaf.toString('pem') };
}
