import { attempt } from '../base/thrown';
import { RepromptRequiredError } from './errors';
import { type Field, type FieldRef, isContent } from './fields';
import type { Item } from './items';
import type { MasterPasswordProof } from './masterPasswordProof';

/** A vault that values can be read from; see readStored. */
export interface ReadableVault {
  read(itemId: string, ref: FieldRef, proof?: MasterPasswordProof): string;
}

/** What reading needs of others. */
export interface ReadOptions {
  /** Gives the proof that the user knows the master password. Undefined: they did not give it. */
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
 * asks for the master password, `prove` is called each time; whether it asks the user is its affair. For one-time codes
 * the value is the code of this moment.
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

/** As readValue, but the value as it is stored: of a one-time code the secret that it is computed from. */
export async function readProven(
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
 * The value of a field that is listed without being asked for: one that is no secret. Of an item that asks for the master
 * password these are those alone that identify it. Undefined for all others.
 */
export function listedValue(
  vault: ReadableVault,
  { id }: Pick<Item, 'id'>,
  { ref, masked, state }: Field,
): string | undefined {
  if (masked || state !== 'there') return undefined;
  return attempt(() => vault.read(id, ref));
}

/** The notes of an item that is shown whole, unless it asks for the master password. Undefined for all other fields. */
export function notesToRead(
  vault: ReadableVault,
  { id, reprompt }: Pick<Item, 'id' | 'reprompt'>,
  { ref, state }: Field,
): string | undefined {
  if (ref.kind !== 'notes' || reprompt || state !== 'there') return undefined;
  return attempt(() => vault.read(id, ref));
}

/**
 * A value for a form, which shows it beside what is typed. Undefined where there is none, or none that can be read.
 *
 * @param proof for an item that asks for the master password.
 */
export function valueToEdit(
  vault: ReadableVault,
  { id }: Pick<Item, 'id'>,
  { ref, state }: Field,
  proof: MasterPasswordProof | undefined,
): string | undefined {
  return state === 'there' ? attempt(() => vault.read(id, ref, proof)) : undefined;
}

/** A one-time code that is shown without being asked for. */
export interface ShownCode {
  readonly text: string;
  /** In milliseconds since the epoch. */
  readonly validUntil: number;
  /** In seconds. */
  readonly period: number;
  /** The code that comes after it. */
  readonly next: string;
}

/**
 * The one-time code of this moment. Undefined for all other fields, for a key that makes no code, and for an item that asks
 * for the master password.
 *
 * @param now the time in milliseconds since the epoch.
 */
export async function codeToShow(
  vault: ReadableVault,
  { id, reprompt }: Pick<Item, 'id' | 'reprompt'>,
  { ref, state }: Pick<Field, 'ref' | 'state'>,
  now: () => number,
): Promise<ShownCode | undefined> {
  if (reprompt || state !== 'there' || !isContent(ref, 'totp')) return undefined;
  const { totpCode } = await import('./totp');
  return attempt(() => {
    const stored = vault.read(id, ref);
    const at = now();
    const { code, secondsLeft, period } = totpCode(stored, at);
    const validUntil = (Math.floor(at / 1000) + secondsLeft) * 1000;
    return { text: code, validUntil, period, next: totpCode(stored, validUntil).code };
  });
}

/**
 * The last digits of a card's number, by which people tell their cards apart: five of American Express, four of others,
 * as official clients show them. Empty where that would be much of the number, and where the item asks for the master
 * password.
 */
export function endOfCardNumber(
  vault: ReadableVault,
  { id, reprompt }: Pick<Item, 'id' | 'reprompt'>,
  { ref, state }: Field,
): string {
  if (reprompt || state !== 'there' || !isContent(ref, 'number')) return '';
  const number = attempt(() => vault.read(id, ref))?.replaceAll(/\D/g, '') ?? '';
  return number.length < SHORTEST_NUMBER ? '' : number.slice(/^3[47]/.test(number) ? -5 : -4);
}

/** In digits. */
const SHORTEST_NUMBER = 12;
