import type * as words from '../../../package.nls.json';

/** `vaultside.signIn` for the title `command.signIn`: whoever gives a title in package.nls.json makes a command. */
export type CommandId = {
  [Key in keyof typeof words]: Key extends `command.${infer Name}` ? `vaultside.${Name}` : never;
}[keyof typeof words];
