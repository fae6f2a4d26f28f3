import type { Call } from './http';

/** The bytes of the part called `data` of a form with a file; undefined where there is none. */
export function fileOfForm({ headers, bytes }: Call): Buffer | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) return undefined;
  let at = bytes.indexOf(`--${boundary}`);
  while (at >= 0) {
    const start = bytes.indexOf('\r\n\r\n', at);
    const end = bytes.indexOf(`\r\n--${boundary}`, at + 1);
    if (start < 0 || end < start) return undefined;
    if (/\bname="data"/.test(bytes.subarray(at, start).toString())) return bytes.subarray(start + 4, end);
    at = end + 2;
  }
  return undefined;
}
