import * as vscode from 'vscode';
import { contextDefaults, type ContextValues } from './contextValues';

/** Keeps the context keys of the when-clauses in package.json; sends only what has changed. */
export class ContextKeys {
  #sent: ContextValues | undefined;

  constructor() {
    this.update(contextDefaults);
  }

  update(values: ContextValues): void {
    const before = this.#sent;
    this.#sent = values;
    for (const [key, value] of Object.entries(values)) {
      if (before !== undefined && before[key as keyof ContextValues] === value) continue;
      void vscode.commands.executeCommand('setContext', `vaultside.${key}`, value);
    }
  }
}
