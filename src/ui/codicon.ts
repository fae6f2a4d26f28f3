import type * as codicons from '@vscode/codicons/src/template/mapping.json';

/**
 * The icons that the oldest VS Code we run in can draw: `@vscode/codicons` stays at a version that has none but those of
 * 1.105. A name that is not among them would leave an empty place, without a word.
 */
export type Codicon = Exclude<keyof typeof codicons, 'default'>;
