import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock';

export interface Claims {
  readonly sub: string;
  readonly scope: readonly string[];
  readonly exp: number;
  /** Counts up with every token, so that all earlier ones can be declared expired at once. */
  readonly serial: number;
  readonly sstamp?: string;
  readonly device?: string;
}

type NewClaims = Omit<Claims, 'exp' | 'serial'> & Readonly<Record<string, unknown>>;

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Access tokens as JWT. Clients read the claims; only this server checks the signature, so HMAC will do. */
export class Tokens {
  #serial = 0;
  #expiredUpTo = 0;

  constructor(
    readonly signingKey: string,
    private readonly clock: Clock,
  ) {}

  issue(claims: NewClaims, lifetimeSeconds: number): string {
    const now = Math.floor(this.clock.now() / 1000);
    const times = { nbf: now, iat: now, exp: now + lifetimeSeconds, jti: randomUUID(), serial: ++this.#serial };
    const signed = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${encode({ ...claims, ...times })}`;
    return `${signed}.${this.#signature(signed)}`;
  }

  /** The claims of a bearer token that this server issued and that has not expired. */
  verify(authorization: string | undefined): Claims | undefined {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const cut = token.lastIndexOf('.');
    const given = Buffer.from(token.slice(cut + 1));
    const wanted = Buffer.from(this.#signature(token.slice(0, cut)));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    return claims.exp * 1000 > this.clock.now() && claims.serial > this.#expiredUpTo ? claims : undefined;
  }

  /** Every token issued so far counts as expired. */
  expireAll(): void {
    this.#expiredUpTo = this.#serial;
  }

  #signature(signed: string): string {
    return createHmac('sha256', this.signingKey).update(signed).digest('base64url');
  }
}
