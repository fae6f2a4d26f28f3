import { RepromptRequiredError } from './errors';
import { type Field, type FieldRef, isContent } from './fields';
import type { MasterPasswordProof } from './masterPasswordProof';

/** A vault that values can be read from; see readStored. */
export interface ReadableVault {
  read(itemId: string, ref: FieldRef, proof?: MasterPasswordProof): string;
}

/** What reading needs of others. */
export interface ReadOptions {
  /** Asks the user for the master password. Undefined: they did not give it. */
  readonly prove: () => Promise<MasterPasswordProof | undefined>;
  /**
   * The time in milliseconds since the epoch. It is asked once the value is there, since the question may take long.
   */
  readonly now: () => number;
}

/** What was read. */
export interface Value {
  readonly text: string;
  /** Only for one-time codes: when the code expires, in milliseconds since the epoch. */
  readonly validUntil?: number;
}

/**
 * Reads a value for copying, showing, opening or inserting it; everybody who wants one goes through here. If the item
 * asks for the master password, the user is asked, each time. For one-time codes the value is the code of this moment.
 *
 * @returns undefined when the user did not give the master password.
 * @throws as readStored; TotpFormatError; what `prove` throws.
 */
export async function readValue(
  vault: ReadableVault,
  itemId: string,
  ref: FieldRef,
  { prove, now }: ReadOptions,
): Promise<Value | undefined> {
  const text = await readProven(vault, itemId, ref, prove);
  if (text === undefined || text === '' || !isContent(ref, 'totp')) return text === undefined ? undefined : { text };
  // Loaded when it is needed, since it brings a library along.
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

/**
 * The value of a field that is listed without being asked for: that of a username or an address. Undefined for all
 * others.
 */
export function listedValue(vault: ReadableVault, itemId: string, { ref, masked, state }: Field): string | undefined {
  const listed = isContent(ref, 'username') || ref.kind === 'uri';
  if (!listed || masked || state !== 'there') return undefined;
  try {
    return vault.read(itemId, ref);
  } catch {
    return undefined;
  }
}
