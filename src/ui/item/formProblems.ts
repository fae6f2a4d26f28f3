import * as vscode from 'vscode';
import { attempt } from '../../base/thrown';
import type { LimitedText } from '../../vault/errors';
import { refKey } from '../../vault/fields';
import { totpCode } from '../../vault/totp';
import type { FormState } from './formState';

/** What is wrong with what a control holds. Undefined: nothing, or it was not changed. */
export function problemOf(key: string, state: FormState, now: number): string | undefined {
  if (key === 'name' && state.text('name')?.trim() === '') return vscode.l10n.t('Enter a name.');
  const typed = state.typed(key);
  if (typed === undefined || typed === '') return undefined;
  if (key === 'content.totp' && attempt(() => totpCode(typed, now)) === undefined) {
    return vscode.l10n.t('This is not an authenticator key.');
  }
  return undefined;
}

/** The control with a text that a server does not take. */
export function keyOfLimited(what: LimitedText, state: FormState): string | undefined {
  if (what === 'itemName') return 'name';
  if (what === 'folderName' || what === 'fileName') return undefined;
  switch (what.kind) {
    case 'uri':
      return keyIn(state.uris, what.index, 'uri');
    case 'custom':
      return keyIn(state.fields, what.index, 'value');
    case 'customName':
      return keyIn(state.fields, what.index, 'name');
    case 'content':
    case 'notes':
      return refKey(what);
    case 'formerPassword':
      return undefined;
  }
}

function keyIn(rows: readonly { readonly id: string }[], index: number, name: string): string | undefined {
  const id = rows[index]?.id;
  return id === undefined ? undefined : `${id}.${name}`;
}
