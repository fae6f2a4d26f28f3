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

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
