import { HOTP, Secret, TOTP } from 'otpauth';
import { TotpFormatError } from './errors';

/** A one-time code. */
export interface TotpCode {
  /** Digits, or letters and digits with Steam. */
  readonly code: string;
  /** Seconds for which the code is still good, at least 1. */
  readonly secondsLeft: number;
  /** Seconds for which a code is good in all. */
  readonly period: number;
}

const STEAM_ALPHABET = '23456789BCDFGHJKMNPQRTVWXY';
const STEAM_LENGTH = 5;

/**
 * The code for what an item stores as its TOTP secret: an otpauth:// URI, a steam:// URI or a bare base32 secret (sdk:
 * crates/bitwarden-vault/src/totp.rs).
 *
 * @param now milliseconds since the epoch.
 * @throws TotpFormatError; the text is not in it.
 */
export function totpCode(stored: string, now: number): TotpCode {
  try {
    const text = stored.trim();
    const generate = /^steam:\/\//i.test(text) ? steam(text) : standard(text);
    const { code, period } = generate(now);
    return { code, period, secondsLeft: period - (Math.floor(now / 1000) % period) };
  } catch {
    throw new TotpFormatError('not a TOTP secret');
  }
}

type Generator = (now: number) => { code: string; period: number };

/** A Map and no object: every object has a property `constructor`, which a secret may name as its algorithm. */
const ALGORITHMS = new Map([
  ['sha256', 'SHA256'],
  ['sha512', 'SHA512'],
]);

/** The library only computes the code. Its own parser refuses labels and parameters that other clients accept. */
function standard(text: string): Generator {
  const uri = /^otpauth:\/\/totp\/?[^?]*\?(.*)$/is.exec(text);
  if (uri === null && /^otpauth:/i.test(text)) throw new TypeError('not a TOTP URI');
  const parameters = new URLSearchParams((uri?.[1] ?? '').toLowerCase());
  const totp = new TOTP({
    secret: secretOf(uri === null ? text : (parameters.get('secret') ?? '')),
    algorithm: ALGORITHMS.get(parameters.get('algorithm') ?? '') ?? 'SHA1',
    digits: between(1, parameters.get('digits'), 10) ?? 6,
    period: between(1, parameters.get('period'), 86_400) ?? 30,
  });
  return (now) => ({ code: totp.generate({ timestamp: now }), period: totp.period });
}

function between(lowest: number, text: string | null, highest: number): number | undefined {
  if (text === null || !/^\d{1,9}$/.test(text)) return undefined;
  return Math.min(highest, Math.max(lowest, Number(text)));
}

/** Steam's codes: the same truncated HMAC, written in an alphabet of its own, lowest digit first. */
function steam(text: string): Generator {
  const secret = secretOf(text.slice('steam://'.length));
  const period = 30;
  return (now) => {
    const counter = Math.floor(now / 1000 / period);
    let rest = Number(HOTP.generate({ secret, counter, digits: 10 }));
    let code = '';
    for (let i = 0; i < STEAM_LENGTH; i++) {
      code += STEAM_ALPHABET.charAt(rest % STEAM_ALPHABET.length);
      rest = Math.floor(rest / STEAM_ALPHABET.length);
    }
    return { code, period };
  };
}

/** Characters outside the base32 alphabet, such as spaces and dashes, are dropped as in other clients. */
function secretOf(base32: string): Secret {
  const text = base32.toUpperCase().replace(/[^A-Z2-7]/g, '');
  if (text === '') throw new TypeError('empty secret');
  return Secret.fromBase32(text);
}
