import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
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

const trustedAtFirst = getCACertificates();

/**
 * Has this process trust the authority, in the place of the one of before, since all of ours have the same name. For
 * connections without an agent of their own, as that of the hub: VS Code puts one there.
 */
export function trustEverywhere(ca: string): void {
  setDefaultCACertificates([...trustedAtFirst, ca]);
}

/** How a certificate is made, and what may be wrong with it. */
export interface CertificateOptions {
  /** Host names of the certificate besides localhost, 127.0.0.1 and ::1, or instead of these with `othersOnly`. */
  readonly hosts?: readonly string[];
  readonly othersOnly?: boolean;
  /** Days from now. */
  readonly validFrom?: number;
  readonly validTo?: number;
  /** Signed by an intermediate authority, which the server does not send. */
  readonly withoutIntermediate?: boolean;
  readonly selfSigned?: boolean;
}

/**
 * Makes an authority that nobody trusts, and a certificate of it for localhost, 127.0.0.1, ::1 and further host names,
 * good for a day.
 */
export function createLoopbackTls(hosts: readonly string[] = []): Promise<LoopbackTls> {
  return createTls({ hosts });
}

/** As createLoopbackTls, unless told otherwise. */
export async function createTls(options: CertificateOptions): Promise<LoopbackTls> {
  const {
    hosts = [],
    othersOnly = false,
    validFrom = -1,
    validTo = 1,
    withoutIntermediate = false,
    selfSigned = false,
  } = options;
  const days = (from: number, to: number) => ({
    notBefore: new Date(Date.now() + from * dayMs),
    notAfter: new Date(Date.now() + to * dayMs),
  });
  const [caKeys, middleKeys, keys] = await Promise.all([newPair(), newPair(), newPair()]);
  const authority = (pathLength: number) => [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...days(-10, 10),
    name: 'CN=Throw-away test authority',
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: authority(1),
  });
  const intermediate = await X509CertificateGenerator.create({
    ...days(-10, 10),
    subject: 'CN=Throw-away intermediate authority',
    issuer: ca.subject,
    publicKey: middleKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: authority(0),
  });
  const leaf = await X509CertificateGenerator.create({
    ...days(validFrom, validTo),
    subject: 'CN=localhost',
    ...(selfSigned
      ? { issuer: 'CN=localhost', signingKey: keys.privateKey }
      : withoutIntermediate
        ? { issuer: intermediate.subject, signingKey: middleKeys.privateKey }
        : { issuer: ca.subject, signingKey: caKeys.privateKey }),
    publicKey: keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...(othersOnly
          ? []
          : ([
              { type: 'dns', value: 'localhost' },
              { type: 'ip', value: '127.0.0.1' },
              { type: 'ip', value: '::1' },
            ] as const)),
        ...hosts.map((value) => ({ type: 'dns' as const, value })),
      ]),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{1,64}/g, '$&\n')}-----END PRIVATE KEY-----\n`;
  return { ca: ca.toString('pem'), key, cert: leaf.toString('pem') };
}
