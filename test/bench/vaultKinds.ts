import type { V2Options } from '../server/v2Keys';

export interface VaultKind {
  readonly title: string;
  /** Each item is encrypted under a key of its own, which is wrapped under the user key. */
  readonly ownKey: boolean;
  /** Undefined: V1 encryption. */
  readonly v2: V2Options | undefined;
}

const underUserKey: VaultKind = { title: 'V1, items under the user key', ownKey: false, v2: undefined };

export const vaultKinds: readonly [VaultKind, ...VaultKind[]] = [
  underUserKey,
  { title: 'V1, items with keys of their own', ownKey: true, v2: undefined },
  {
    title: 'V2, items with keys of their own',
    ownKey: true,
    // Of the user keys of V2 this is the one that the official CLI can open.
    v2: { userKey: 'xChaCha20Poly1305', signature: 'ed25519' },
  },
];
