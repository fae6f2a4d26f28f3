import type { Fault } from './faults';
import { html, isObject, type JsonObject } from './http';

/** Faults for common cases, by what the client experiences. */
export const misbehaviours = {
  hold: { kind: 'hold', when: 'before' },
  /** The server has acted, its answer is late. */
  holdAnswer: { kind: 'hold', when: 'after' },
  drop: { kind: 'drop', when: 'before' },
  /** The server has acted, its answer never comes: the case that a rotation must survive. */
  dropAnswer: { kind: 'drop', when: 'after' },
  cutOff: { kind: 'cut', at: 'middle' },
  cutInHead: { kind: 'cut', at: 'inHead' },
  cutAfterHead: { kind: 'cut', at: 'afterHead' },
  cutAtEnd: { kind: 'cut', at: 'end' },
  twice: { kind: 'twice' },
  lateEnd: { kind: 'lateEnd' },
  serverError: {
    kind: 'answer',
    reply: {
      status: 500,
      json: { message: 'An unhandled server error has occurred.', validationErrors: null, object: 'error' },
    },
  },
  /** A company proxy or firewall in the way. */
  proxyForbids: { kind: 'answer', reply: html(403, 'Access denied by corporate policy') },
  proxyWantsLogin: {
    kind: 'answer',
    reply: { ...html(401, 'Sign in to the proxy'), headers: { 'WWW-Authenticate': 'Basic realm="proxy"' } },
  },
  proxyUnavailable: { kind: 'answer', reply: html(502, 'Bad Gateway') },
  /** A captive portal, or an address that is no Bitwarden server. */
  loginPage: { kind: 'answer', reply: html(200, 'Welcome to the guest network') },
  malformedJson: { kind: 'text', change: (body) => `{"x": undefined, ${body.slice(1)}` },
  truncatedJson: { kind: 'text', change: (body) => body.slice(0, Math.floor(body.length / 2)) },
  emptyBody: { kind: 'text', change: () => '' },
  jsonNull: { kind: 'text', change: () => 'null' },
  unauthorized: {
    kind: 'answer',
    reply: { status: 401, headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' } },
  },
} as const satisfies Record<string, Fault>;

/** Faults of answers with a file. */
export const fileFaults = {
  /** On the way. */
  changed: { kind: 'file', change: (file) => file.map((byte, at) => (at === file.length - 20 ? byte ^ 1 : byte)) },
  otherMac: { kind: 'file', change: (file) => file.map((byte, at) => (at === 17 ? byte ^ 1 : byte)) },
  /** Whole, by what its length says. */
  shorter: { kind: 'file', change: (file) => file.subarray(0, file.length - 16) },
  longer: { kind: 'file', change: (file) => Buffer.concat([file, Buffer.alloc(16)]) },
  uneven: { kind: 'file', change: (file) => file.subarray(0, file.length - 5) },
  empty: { kind: 'file', change: () => Buffer.alloc(0) },
  /** As files were encrypted before they had a MAC. */
  withoutMac: {
    kind: 'file',
    change: (file) => Buffer.concat([Buffer.of(0), file.subarray(1, 17), file.subarray(49)]),
  },
  slow: { kind: 'trickle', pieces: 8, everyMs: 100 },
} as const satisfies Record<string, Fault>;

/** 429 with seconds, an HTTP date, or (as from Vaultwarden) no Retry-After at all. */
export function rateLimited(retryAfter?: number | string): Fault {
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
  return {
    kind: 'answer',
    reply: { status: 429, headers, json: { message: 'Too many login requests', object: 'error' } },
  };
}

export function redirectTo(location: string, status = 307): Fault {
  return { kind: 'answer', reply: { status, headers: { Location: location } } };
}

function walk(value: unknown, visit: (object: JsonObject) => void): void {
  if (Array.isArray(value)) {
    for (const entry of value) walk(entry, visit);
  } else if (isObject(value)) {
    visit(value);
    for (const entry of Object.values(value)) walk(entry, visit);
  }
}

/** Answers without the members that the servers call obsolete, as future servers will send them. */
export const withoutObsolete: Fault = {
  kind: 'json',
  change: (answer) => {
    delete answer.Key;
    delete answer.PrivateKey;
    walk(answer, (object) => {
      if (object.object === 'profile') delete object.privateKey;
      if ('masterKeyWrappedUserKey' in object) delete object.masterKeyEncryptedUserKey;
      if ('MasterKeyWrappedUserKey' in object) delete object.MasterKeyEncryptedUserKey;
    });
    return answer;
  },
};

const kdfNames: Readonly<Record<string, keyof HostileKdf>> = {
  kdf: 'type',
  kdftype: 'type',
  kdfiterations: 'iterations',
  iterations: 'iterations',
  kdfmemory: 'memory',
  memory: 'memory',
  kdfparallelism: 'parallelism',
  parallelism: 'parallelism',
};

interface HostileKdf {
  readonly type?: number;
  readonly iterations?: number;
  readonly memory?: number;
  readonly parallelism?: number;
}

/** Changes the KDF numbers of every answer that has some (token, sync, prelogin). */
export function hostileKdf(kdf: HostileKdf): Fault {
  return {
    kind: 'json',
    change: (answer) => {
      walk(answer, (object) => {
        for (const [name, value] of Object.entries(object)) {
          const wanted = kdf[kdfNames[name.toLowerCase()] ?? 'type'];
          if (name.toLowerCase() in kdfNames && wanted !== undefined && !isObject(value)) object[name] = wanted;
        }
      });
      return answer;
    },
  };
}

/**
 * Flips a bit in the MAC of every encrypted string of type 2 with one of these names, or of all of them without names.
 */
export function tamperedMacs(...names: string[]): Fault {
  const flip = (value: string) =>
    value.replace(/^(2\.[^|]+\|[^|]+\|)(.)/, (_all, head: string, first: string) => head + (first === 'A' ? 'B' : 'A'));
  return {
    kind: 'json',
    change: (answer) => {
      walk(answer, (object) => {
        for (const [name, value] of Object.entries(object)) {
          if (typeof value === 'string' && (names.length === 0 || names.includes(name))) object[name] = flip(value);
        }
      });
      return answer;
    },
  };
}

/** Replaces names of members, wherever in the answer they are. */
export function renamed(names: Readonly<Record<string, string>>): Fault {
  const rename = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [names[name] ?? name, inner(value)]));
  const inner = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(inner);
    return isObject(value) ? rename(value) : value;
  };
  return { kind: 'json', change: rename };
}

/** Gives the ciphers of a sync answer this type. */
export function cipherTypes(type: number, which: (at: number) => boolean = () => true): Fault {
  return {
    kind: 'json',
    change: (answer) => {
      const ciphers = Array.isArray(answer.ciphers) ? answer.ciphers.filter(isObject) : [];
      for (const [at, cipher] of ciphers.entries()) if (which(at)) cipher.type = type;
      return answer;
    },
  };
}

/** Answers with this access token: that of another user, an expired one, or nonsense. */
export function accessToken(token: string): Fault {
  return { kind: 'json', change: (answer) => ({ ...answer, access_token: token }) };
}

/** Another security stamp than the one in the token, as after a password change elsewhere. */
export function otherSecurityStamp(stamp: string): Fault {
  return {
    kind: 'json',
    change: (answer) => {
      if (isObject(answer.profile)) answer.profile.securityStamp = stamp;
      if ('securityStamp' in answer) answer.securityStamp = stamp;
      return answer;
    },
  };
}
