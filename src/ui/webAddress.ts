/** The stored address as something that a browser may be sent to: http and https alone, never a command or a file. */
export function webAddress(stored: string): string | undefined {
  const text = stored.trim();
  const withScheme = /^[a-z][a-z\d+.-]*:/i.test(text) && !/^[^/:]+:\d+(?:\/|$)/.test(text) ? text : `https://${text}`;
  try {
    const url = new URL(withScheme);
    const safe = (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '';
    return safe ? url.href : undefined;
  } catch {
    return undefined;
  }
}
