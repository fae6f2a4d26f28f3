/** The entries of the secret store. Those of an account are named by its id, behind what they are and a dot. */

const kinds = ['apiKey', 'accessToken', 'pin'] as const;

export type AccountSecret = (typeof kinds)[number];

export function accountSecret(id: string, kind: AccountSecret): string {
  return `${kind}.${id}`;
}

/** Undefined for every other entry, such as that of the device. */
export function accountOfSecret(name: string): { readonly id: string; readonly kind: AccountSecret } | undefined {
  const kind = kinds.find((each) => name.startsWith(`${each}.`));
  return kind && { kind, id: name.slice(kind.length + 1) };
}

/**
 * What this window and the keeper know each other by: 32 random bytes in base64, in JSON, the same for all accounts.
 * Made at a sign-in, deleted with the last sign-out.
 */
export const KEEPER_SECRET = 'keeper';

/** The identifier that this machine gives to servers: a UUID. */
export const DEVICE_SECRET = 'device';
