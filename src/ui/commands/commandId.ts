import * as vscode from 'vscode';
import type * as words from '../../../package.nls.json';

/**
 * The ids of our commands, made of their titles in package.nls.json: `command.signIn` there gives `vaultside.signIn`. For a
 * new title the type check asks for a row in the table of commands.
 */
export type CommandId = {
  [Key in keyof typeof words]: Key extends `command.${infer Name}` ? `vaultside.${Name}` : never;
}[keyof typeof words];

/** As VS Code gives it; where it has translated a title, it keeps the English one beside it. */
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string | { readonly value: string } }[];
  };
}

/** The title of a command on a button or in a list: the one of the manifest, in the language of the editor. */
export function commandTitle(id: CommandId): string {
  const manifest = vscode.extensions.getExtension<unknown>('vaultside.vaultside')?.packageJSON as Manifest | undefined;
  const title = manifest?.contributes.commands.find(({ command }) => command === id)?.title;
  return (typeof title === 'object' ? title.value : title) ?? id;
}
