/** `vscode.l10n` without a translation: the English text with its arguments put in. */
export const l10n = {
  t: (...[message, ...args]: unknown[]): string =>
    String(message).replace(/\{(\d+)\}/g, (_, index: string) => String(args[Number(index)])),
};
