import type { WireObject } from '../../bitwarden/wire/wireObject';
import { parseServerUrls, type ServerUrls } from '../../bitwarden/http/servers';
import type { DropReason } from '../../vault/errors';
import { isNumber, isText, storedJson } from './storedJson';

/** Everything that a sign-in needs. Written only when the API key changes, so that no other write can undo that. */
export interface AccountRecord {
  /** Random, made at the sign-in, and never given again: it names all that is stored of the account here. */
  readonly id: string;
  /** GUID of the user at the server, in lower case; two servers may know the same one. */
  readonly userId: string;
  readonly email: string;
  readonly servers: ServerUrls;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Random name of this client_secret; a session got with another one is stale. */
  readonly keyId: string;
  /** False: the vault cannot be unlocked here, and the server verifies the user by e-mailed codes. */
  readonly hasMasterPassword: boolean;
}

/** The access token that all windows share, or the reason why there is none. */
export type SessionRecord =
  | {
      readonly keyId: string;
      readonly accessToken: string;
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
    }
  /** The server wants to see no sign-in before then (milliseconds since the epoch). */
  | { readonly keyId: string; readonly retryAt: number }
  | { readonly keyId: string; readonly dropped: DropReason };

/** @returns undefined for a record that does not parse: what was stored is checked like any other input. */
export function parseAccountRecord(id: string, text: string | undefined): AccountRecord | undefined {
  const value = storedJson(text);
  const { userId, email, clientId, clientSecret, keyId, hasMasterPassword } = value;
  if (!isText(userId) || !isText(email) || !isText(clientId) || !isText(clientSecret) || !isText(keyId)) {
    return undefined;
  }
  try {
    const servers = parseServerUrls(value.servers);
    return {
      id,
      userId,
      email,
      servers,
      clientId,
      clientSecret,
      keyId,
      hasMasterPassword: hasMasterPassword !== false,
    };
  } catch {
    return undefined;
  }
}

/** As parseAccountRecord. */
export function parseSessionRecord(text: string | undefined): SessionRecord | undefined {
  const record = storedJson(text);
  const { keyId, accessToken, expiresAt } = record;
  const withoutToken = parseWithoutToken(record);
  if (withoutToken !== undefined || !isText(keyId)) return withoutToken;
  return isText(accessToken) && isNumber(expiresAt) ? { keyId, accessToken, expiresAt } : undefined;
}

/** A record that has no token, and so no secret. @returns undefined for any other, and for one that does not parse. */
export function parseWithoutToken({
  keyId,
  retryAt,
  dropped,
}: WireObject): Exclude<SessionRecord, { accessToken: string }> | undefined {
  if (!isText(keyId)) return undefined;
  if (isDropReason(dropped)) return { keyId, dropped };
  return isNumber(retryAt) ? { keyId, retryAt } : undefined;
}

/**
 * Recognises a second sign-in to an account: same user, same server. Only api and identity count, not the web vault.
 */
export function isSameUser(
  a: Pick<AccountRecord, 'userId' | 'servers'>,
  b: Pick<AccountRecord, 'userId' | 'servers'>,
): boolean {
  return a.userId === b.userId && a.servers.api === b.servers.api && a.servers.identity === b.servers.identity;
}

/** `storedElsewhere` is never stored: it holds for one window alone. */
function isDropReason(value: unknown): value is Exclude<DropReason, 'storedElsewhere'> {
  return value === 'keyRejected' || value === 'accountGone' || value === 'stampChanged' || value === 'otherUser';
}
