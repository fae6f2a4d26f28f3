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

/** The identifier that this machine gives to servers: a UUID. */
export const DEVICE_SECRET = 'device';
