import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Clock } from './clock';

export interface Claims {
  readonly sub: string;
  readonly scope: readonly string[];
  readonly exp: number;
  readonly sstamp?: string;
  readonly device?: string;
  /** The organisations of the user when the token was issued, if the server puts them into tokens. */
  readonly orguser?: readonly string[];
}

export type NewClaims = Omit<Claims, 'exp'> & Readonly<Record<string, unknown>>;

/**
 * `opaque`: a text that clients cannot read. `withoutEmail`: a JWT that has the id of the user and not their address.
 */
export type TokenKind = 'jwt' | 'opaque' | 'withoutEmail';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Access tokens as JWTs. Clients read the claims, but only this server checks the signature, so HMAC is enough. */
export class Tokens {
  readonly #issued = new Set<string>();
  readonly #expired = new Set<string>();
  readonly #opaque = new Map<string, string>();

  constructor(
    readonly signingKey: string,
    private readonly clock: Clock,
    private readonly kind: TokenKind,
  ) {}

  issue(claims: NewClaims, lifetimeSeconds: number): string {
    const now = Math.floor(this.clock.now() / 1000);
    const times = { nbf: now, exp: now + lifetimeSeconds };
    const said = this.kind === 'withoutEmail' ? { ...claims, email: undefined } : claims;
    // Two tokens of the same second would be equal otherwise.
    const header = { alg: 'HS256', typ: 'at+jwt', kid: randomUUID() };
    const signed = `${encode(header)}.${encode({ ...said, ...times })}`;
    const jwt = `${signed}.${this.#signature(signed)}`;
    this.#issued.add(jwt);
    if (this.kind !== 'opaque') return jwt;
    const opaque = randomBytes(32).toString('base64');
    this.#opaque.set(opaque, jwt);
    return opaque;
  }

  /** The claims of a bearer token that this server issued and that has not expired. */
  verify(authorization: string | undefined): Claims | undefined {
    const given = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    const token = this.#opaque.get(given) ?? given;
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
    const cut = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(cut + 1));
    const wanted = Buffer.from(this.#signature(token.slice(0, cut)));
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) return undefined;
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    return claims.exp * 1000 > this.clock.now() && !this.#expired.has(token) ? claims : undefined;
  }

  /** Every token issued so far counts as expired. */
  expireAll(): void {
    for (const token of this.#issued) this.#expired.add(token);
  }

  #signature(signed: string): string {
    return createHmac('sha256', this.signingKey).update(signed).digest('base64url');
  }
}
