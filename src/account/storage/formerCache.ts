import { rawElements } from '../../vault/encryptedVault';
import type { TimeSlices } from '../../base/timeSlices';
import { type CachedVault, HEADER_KEY, parseHeader } from './vaultLines';

const NEWLINE = 0x0a;

/**
 * A vault's file as version 0.1 wrote it: a line of JSON, then the answer of the server as it came. It opens as it is, and
 * the next sync writes it anew.
 *
 * @returns undefined for one that does not parse.
 */
export async function readFormerCache(content: Uint8Array, slices: TimeSlices): Promise<CachedVault | undefined> {
  const end = content.indexOf(NEWLINE);
  const header = end < 0 ? undefined : parseHeader({ key: HEADER_KEY, json: content.subarray(0, end) });
  if (header === undefined) return undefined;
  try {
    const elements = await rawElements(content.subarray(end + 1), 'the cache', slices);
    return { header, isWhole: false, elements };
  } catch {
    return undefined;
  }
}
