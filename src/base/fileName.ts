/** In bytes of UTF-8: file systems take 255, and something may be put before it. */
const LONGEST = 200;
const LONGEST_ENDING = 20;

/** Parts of paths, what Windows takes in no name, and control characters. */
const NEVER = /[/\\:*?"<>|\p{Cc}\u2028\u2029]+/gu;

/** Marks, overrides, embeddings and isolates of direction: they show another ending than a file has. */
const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Names of devices on Windows, with any ending (learn.microsoft.com/windows/win32/fileio/naming-a-file). */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?=\s*(?:\.|$))/i;

/**
 * Makes a plain file name of one from outside, which every system takes and which leads nowhere else.
 *
 * @param otherwise the name where nothing is left of it.
 */
export function safeFileName(name: string, otherwise: string): string {
  const plain = name.toWellFormed().replace(DIRECTION, '').replace(NEVER, '_');
  const trimmed = withoutEnds(plain);
  const named = /^[_\s.]*$/.test(trimmed) ? otherwise : trimmed.replace(DEVICE, '_$&');
  return withoutEnds(shortened(named));
}

/** The ending with its dot, `.txt`, in letters and digits alone; empty where there is none. */
export function safeEnding(name: string): string {
  return /\.[a-z\d]{1,10}$/i.exec(name)?.[0] ?? '';
}

/** Windows drops dots and spaces at the end. */
function withoutEnds(name: string): string {
  return name.replace(/^\s+|[\s.]+$/g, '');
}

/** The ending stays, so that the file opens as before. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && Buffer.byteLength(name.slice(dot)) <= LONGEST_ENDING ? name.slice(dot) : '';
  let stem = '';
  for (const character of name) {
    if (Buffer.byteLength(stem + character + ending) > LONGEST) break;
    stem += character;
  }
  return stem + ending;
}
