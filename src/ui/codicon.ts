import type * as codicons from '@vscode/codicons/src/template/mapping.json';

/**
 * The icons that the oldest VS Code we run in can draw: `@vscode/codicons` stays at a version that has none but those of
 * 1.105. Where a name is not among them, VS Code shows an empty place and reports no error.
 */
export type Codicon = Exclude<keyof typeof codicons, 'default'>;

/** The icon of an item: one of those, or one of ours, which are in media/icons.ttf (`contributes.icons`). */
export type ItemIcon = Codicon | 'vaultside-bank';
