import type * as codicons from '@vscode/codicons/src/template/mapping.json';

/** The icons that VS Code has. A name that is not among them shows as nothing, without a word. */
export type Codicon = Exclude<keyof typeof codicons, 'default'>;
