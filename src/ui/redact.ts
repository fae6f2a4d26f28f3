/**
 * A second line of defence for the log. No caller may write what looks like a secret or like an e-mail address; if one
 * does, it is replaced here.
 */
const patterns: readonly [RegExp, string][] = [
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, '<token>'],
  [/\b(bearer\s+)\S+/gi, '$1<token>'],
  [
    /((?:client_?secret|api_?key|access_?token|password|master_?password_?hash|otp|authorization)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
    '$1<secret>',
  ],
  // Not within a path: the folder of an extension has the version in its name, which looks like the beginning of one.
  [/(?<![\w./\\-])[0-8]\.[A-Za-z0-9+/]{16,}={0,2}(?:\|[A-Za-z0-9+/]+={0,2})*/g, '<encrypted string>'],
  // Without slashes, so that a path with a folder such as @scope stays readable.
  [/[^\s@<>"'(),;:/\\]+@[^\s@<>"'(),;:/\\]+\.[^\s@<>"'(),;:/\\]+/g, '<e-mail>'],
];

export function redact(message: string): string {
  return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), message);
}
