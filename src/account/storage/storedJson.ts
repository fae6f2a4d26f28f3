import type { FileStore } from '../../base/ports';
import { asObject, type WireObject } from '../../bitwarden/wire/wireObject';

/** Reads stored JSON. Anything but an object, such as a file that was half written, counts as an empty one. */
export function storedJson(text: string | undefined): WireObject {
  if (text === undefined) return {};
  try {
    return asObject(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

/** The JSON of a file of ours, in UTF-8; an empty object where there is none, or no JSON in it. */
export async function readStoredJson(files: FileStore, name: string): Promise<WireObject> {
  const content = await files.read(name);
  return storedJson(content && Buffer.from(content).toString('utf8'));
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
