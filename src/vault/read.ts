import { RepromptRequiredError } from './errors';
import { type Field, type FieldRef, isContent } from './fields';
import type { MasterPasswordProof } from './masterPasswordProof';

/** A vault that values can be read from: see readStored. */
export interface ReadableVault {
  read(itemId: string, ref: FieldRef, proof?: MasterPasswordProof): string;
}

export interface ReadOptions {
  /** Asks for the master password; undefined: the user did not give it. */
  readonly prove: () => Promise<MasterPasswordProof | undefined>;
  /** Milliseconds since the epoch, once the value is there. */
  readonly now: () => number;
}

export interface Value {
  readonly text: string;
  /** Of a one-time code: milliseconds since the epoch. */
  readonly validUntil?: number;
}

/**
 * The one door to a value for whoever copies, shows, opens or inserts one. Where the item asks for the master password,
 * so does this, each time. A one-time code comes as the code of this moment.
 *
 * @returns undefined where the user did not give the master password.
 * @throws as readStored, TotpFormatError, and what `prove` throws.
 */
export async function readValue(
  vault: ReadableVault,
  itemId: string,
  ref: FieldRef,
  { prove, now }: ReadOptions,
): Promise<Value | undefined> {
  const text = await readProven(vault, itemId, ref, prove);
  if (text === undefined || text === '' || !isContent(ref, 'totp')) return text === undefined ? undefined : { text };
  // Loaded late: it brings a library along.
  const { totpCode } = await import('./totp');
  const at = now();
  const { code, secondsLeft } = totpCode(text, at);
  return { text: code, validUntil: at + secondsLeft * 1000 };
}

async function readProven(
  vault: ReadableVault,
  itemId: string,
  ref: FieldRef,
  prove: ReadOptions['prove'],
): Promise<string | undefined> {
  try {
    return vault.read(itemId, ref);
  } catch (error) {
    if (!(error instanceof RepromptRequiredError)) throw error;
  }
  const proof = await prove();
  return proof === undefined ? undefined : vault.read(itemId, ref, proof);
}

/** What of a field may stand in a list without being asked for: usernames and addresses, nothing else. */
export function listedValue(vault: ReadableVault, itemId: string, { ref, masked, state }: Field): string | undefined {
  const listed = isContent(ref, 'username') || ref.kind === 'uri';
  if (!listed || masked || state !== 'there') return undefined;
  try {
    return vault.read(itemId, ref);
  } catch {
    return undefined;
  }
}
