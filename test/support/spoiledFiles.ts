import { randomBytes } from 'node:crypto';

/** What may have become of a sealed file, each with what it makes of the content. */
export const spoiledFiles = [
  ['is cut off', (content) => content.subarray(0, 40)],
  ['is empty', () => new Uint8Array()],
  ['was changed', (content) => content.map((byte, at) => (at === 50 ? byte ^ 1 : byte))],
  ['is something else', () => randomBytes(500)],
  ['is endless', () => randomBytes(1024 * 1024)],
] as const satisfies readonly (readonly [string, (content: Uint8Array) => Uint8Array])[];
