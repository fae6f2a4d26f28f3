/** How many parts an encrypted string of each type has (server: src/Core/Utilities/EncryptedStringAttribute.cs:34-72). */
const PARTS: Readonly<Record<string, number>> = { 0: 2, 1: 3, 2: 3, 3: 1, 4: 1, 5: 2, 6: 2, 7: 1 };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Judges a text as the attribute of the models does. An empty text is no encrypted string. */
export function isEncryptedString(value: string): boolean {
  const dot = value.indexOf('.');
  const parts = value.slice(dot + 1).split('|');
  // A string of the first years has no type, and two parts or three.
  const wanted = dot < 0 ? [2, 3] : [PARTS[value.slice(0, dot)]];
  return wanted.includes(parts.length) && parts.every((part) => part !== '' && BASE64.test(part));
}
