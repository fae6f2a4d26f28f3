/**
 * Second line of defence: nothing that looks like a secret or an address of a person is to be written by anyone, and
 * what is written all the same is struck out here.
 */
const patterns: readonly [RegExp, string][] = [
  [/\beyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, '<token>'],
  [/\b(bearer\s+)\S+/gi, '$1<token>'],
  [
    /((?:client_?secret|api_?key|access_?token|password|master_?password_?hash|otp|authorization)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+/gi,
    '$1<secret>',
  ],
  // Not within a path, where the version of an extension stands before its folders.
  [/(?<![\w./\\-])[0-8]\.[A-Za-z0-9+/]{16,}={0,2}(?:\|[A-Za-z0-9+/]+={0,2})*/g, '<encrypted string>'],
  // No slash in it, so that a path through a folder such as @scope stays.
  [/[^\s@<>"'(),;:/\\]+@[^\s@<>"'(),;:/\\]+\.[^\s@<>"'(),;:/\\]+/g, '<e-mail>'],
];

export function redact(message: string): string {
  return patterns.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), message);
}
