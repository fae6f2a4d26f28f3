import type { SecretStore } from '../../base/ports';
import { allocateSecret, base64OfSecret, type SecretBytes, takeSecret, wipe } from '../../base/secretBytes';
import { KEEPER_SECRET } from './secretNames';

const LENGTH = 32;

/** What windows and the keeper know each other by. As text it lies in the secret store alone. */
export class KeeperSecret {
  constructor(private readonly secrets: SecretStore) {}

  /**
   * @returns 32 bytes, the caller's to wipe; undefined where there is none, or in a page of a browser that was loaded before
   * it was made.
   */
  async read(): Promise<SecretBytes | undefined> {
    const text = await this.secrets.get(KEEPER_SECRET);
    if (text === undefined) return undefined;
    const secret = takeSecret(Buffer.from(text, 'base64'));
    if (secret.length === LENGTH) return secret;
    wipe(secret);
    return undefined;
  }

  /** Makes another one: nothing that knew the former one is believed any more. */
  async renew(): Promise<SecretBytes> {
    // Not by `node:crypto`, which starting up would have to load.
    const secret = globalThis.crypto.getRandomValues(allocateSecret(LENGTH));
    await this.secrets.set(KEEPER_SECRET, base64OfSecret(secret));
    return secret;
  }

  async forget(): Promise<void> {
    if ((await this.secrets.get(KEEPER_SECRET)) !== undefined) await this.secrets.delete(KEEPER_SECRET);
  }
}
