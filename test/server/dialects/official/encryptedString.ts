/** How many parts an encrypted string of each type has (server: src/Core/Utilities/EncryptedStringAttribute.cs:34-72). */
const PARTS: Readonly<Record<string, number>> = { 0: 2, 1: 3, 2: 3, 3: 1, 4: 1, 5: 2, 6: 2, 7: 1 };

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** As the attribute of the models judges it: the empty text is none. */
export function isEncryptedString(value: string): boolean {
  const dot = value.indexOf('.');
  const parts = value.slice(dot + 1).split('|');
  // Without a type there are two parts or three, as in the first years.
  const wanted = dot < 0 ? [2, 3] : [PARTS[value.slice(0, dot)]];
  return wanted.includes(parts.length) && parts.every((part) => part !== '' && BASE64.test(part));
}
