import type * as vscode from 'vscode';

/**
 * Closes an input that held a secret. VS Code has one widget for all inputs and leaves in it, unseen, what the last one
 * held, until the next one opens; so it is emptied before it closes.
 */
export function closeEmpty(input: vscode.InputBox | vscode.QuickPick<vscode.QuickPickItem>): void {
  input.value = '';
  if ('items' in input) input.items = [];
  input.hide();
}
