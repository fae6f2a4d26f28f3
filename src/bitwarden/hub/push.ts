import { asObject, identifier, integer, object } from '../wire/wireObject';

/** What has changed, as far as a push tells. Dates in pushes can be stale, so nothing goes by them. */
export type PushedChange =
  /** Made, changed or deleted: the server has to be asked which. */
  | { readonly kind: 'item' | 'folder'; readonly id: string }
  /** Anything. */
  | { readonly kind: 'vault' }
  /** Anything; also what the user is a member of, which access tokens name. */
  | { readonly kind: 'memberships' }
  /** Sessions may have been ended: only the server can tell whether this one was. */
  | { readonly kind: 'logOut' };

export interface Push {
  readonly change: PushedChange;
  /** The user whom it is for, in lower case. Undefined: all who get it, such as the members of an organisation. */
  readonly userId: string | undefined;
  /** The device that acted, in lower case; undefined where the server does not say. */
  readonly device: string | undefined;
}

/**
 * By the numbers of the types (server: src/Core/Platform/Push/PushType.cs; vaultwarden: src/api/notifications.rs). Those of
 * sends, of requests to sign in, of notices and of the bank accounts of organisations are nothing to us. All deletions of
 * items are 2, nobody is known to send 9.
 */
const kinds = new Map<number, PushedChange['kind']>([
  ...[0, 1, 2, 9].map((type) => [type, 'item'] as const),
  ...[3, 7, 8].map((type) => [type, 'folder'] as const),
  ...[4, 5, 10, 19, 25, 27].map((type) => [type, 'vault'] as const),
  ...[6, 17, 18].map((type) => [type, 'memberships'] as const),
  [11, 'logOut'],
]);

/**
 * Reads what the hub says in `ReceiveMessage` (server: src/Notifications/HubHelpers.cs). Maps of Vaultwarden and of the
 * official server have the same keys; the official one sends some payloads without a date.
 *
 * @returns undefined for what is nothing to us.
 */
export function readPush(message: unknown): Push | undefined {
  const from = asObject(message) ?? {};
  const kind = kinds.get(integer(from, 'type') ?? -1);
  if (kind === undefined) return undefined;
  const payload = object(from, 'payload') ?? {};
  const userId = identifier(payload, 'userId')?.toLowerCase();
  const device = identifier(from, 'contextId')?.toLowerCase();
  if (kind !== 'item' && kind !== 'folder') return { change: { kind }, userId, device };
  const id = identifier(payload, 'id');
  // Without its id nobody knows which element it is.
  return { change: id === undefined ? { kind: 'vault' } : { kind, id }, userId, device };
}
