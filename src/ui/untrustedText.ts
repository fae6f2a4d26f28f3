import { printable } from '../base/printable';

/** For pickers and the status bar, which draw `$(name)` as an icon. Other uses of `$(` are left as they are. */
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
