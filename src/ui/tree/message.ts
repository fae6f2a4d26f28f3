import * as vscode from 'vscode';
import { printable } from '../../base/printable';
import { isOffline, type SessionState } from '../../account/state';
import { itemsInWords } from '../labels';
import { isPresenting } from '../presentation';
import { explainError } from '../errors/explainError';
import { explainDrop, explainUnfinishedRotation } from '../errors/vaultFailures';

/**
 * The line above the rows of the tree. Undefined where there are no rows: there the welcome text says it, and VS Code
 * shows no welcome text beside a message.
 */
export function treeMessage(
  state: SessionState,
  filter: { readonly query: string; readonly count: number } | undefined,
  formatTime: (milliseconds: number) => string,
  /** What tells the account from others, where there are several. */
  name?: string,
): string | undefined {
  if (state.kind !== 'unlocked' || state.vault.items.length === 0 || filter?.count === 0) return undefined;
  const { facts } = state;
  const parts: string[] = [];
  if (facts.rotationUnfinished) parts.push(explainUnfinishedRotation().message);
  else if (facts.dropped !== undefined) parts.push(explainDrop(facts.dropped).message);
  else if (facts.problem !== undefined) parts.push(problemLine(facts.problem, facts.lastSync, formatTime));
  if (isPresenting()) parts.push(vscode.l10n.t('Presentation mode: values are hidden.'));
  if (filter !== undefined) {
    parts.push(vscode.l10n.t('Filter "{0}": {1}', printable(filter.query), itemsInWords(filter.count)));
  }
  const whose = name === undefined ? [] : [vscode.l10n.t('Account: {0}', name)];
  const lines = [...whose, ...(parts.length === 0 ? [] : [parts.join(' ')])];
  return lines.length === 0 ? undefined : lines.join(' · ');
}

function problemLine(
  problem: Error,
  lastSync: number | undefined,
  formatTime: (milliseconds: number) => string,
): string {
  if (lastSync === undefined) return explainError(problem)?.message ?? vscode.l10n.t('Sync failed.');
  return isOffline(problem)
    ? vscode.l10n.t('Offline. Items as of {0}.', formatTime(lastSync))
    : vscode.l10n.t('Sync failed. Items as of {0}.', formatTime(lastSync));
}
