/** Text from outside, made fit for a message: no control or direction characters, one line, 200 characters at most. */
export function printable(text: string): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  if (line.length <= LONGEST) return line;
  // No character is cut in two; so many units hold one more than the longest.
  const start = Array.from(line.slice(0, 2 * LONGEST + 2));
  return start.length > LONGEST ? `${start.slice(0, LONGEST - 1).join('')}…` : line;
}

const LONGEST = 200;

/** For pickers and the status bar, where `$(name)` would be drawn as an icon; any other `$(` is shown as it is. */
export function withoutIcons(text: string): string {
  return text.replace(/\$\((?=[a-z\d-]+(?:~[a-z]+)?\))/gi, '\\$(');
}

/**
 * For notifications and for the prompts and messages of input boxes, where VS Code makes `[label](command:…)` a link
 * that runs the command.
 */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

/** For a MarkdownString: nothing of the text can become a link, an image, an icon or markup. */
export function escapeMarkdown(text: string): string {
  return printable(text).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}
