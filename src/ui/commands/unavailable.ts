import * as vscode from 'vscode';
import { LockedError, SecretStorageError, SignedOutError } from '../../vault/errors';
import { isSignedIn, mustSignInAgain, type SessionState } from '../../account/state';
import type { Condition } from '../contextValues';
import { explainError } from '../errors/explainError';
import { explain, type Explanation } from '../errors/explanation';
import { explainDrop } from '../errors/vaultFailures';

/**
 * Why a command cannot run now. It can be called all the same: by another extension, by a key binding of the user's
 * own, or by a button that was shown before the state changed.
 */
export function unavailable(title: string, needs: Condition, state: SessionState): Explanation {
  if (needs.severalAccounts === true && isSignedIn(state)) {
    return explain(vscode.l10n.t('There is one account only. You can add another one.'), 'vaultside.addAccount');
  }
  const nothingToDo = explain(vscode.l10n.t('"{0}" has nothing to do at the moment.', title));
  if (needs.presenting !== undefined) return nothingToDo;
  if (state.kind === 'unreadable') return explained(new SecretStorageError());
  if (needs.mayBeSignedIn === false) {
    return explain(vscode.l10n.t('You are signed in already. You can add another account.'), 'vaultside.addAccount');
  }
  if (!isSignedIn(state)) return explained(new SignedOutError());
  const { dropped } = state.facts;
  if (mustSignInAgain(dropped) || (dropped !== undefined && needs.inSession)) return explainDrop(dropped);
  if (needs.state === 'unlocked' && state.kind !== 'unlocked') return explained(new LockedError());
  if (needs.state === 'locked')
    return explain(vscode.l10n.t('The vault is unlocked already.'), 'vaultside.searchVault');
  if (needs.rotationUnfinished) return explain(vscode.l10n.t('There is no rotation to finish.'));
  if (needs.hasPin) return explain(vscode.l10n.t('There is no PIN. The master password unlocks.'));
  if (needs.mayHavePin) return explain(vscode.l10n.t('Your organization does not allow unlocking with a PIN.'));
  return nothingToDo;
}

function explained(error: Error): Explanation {
  return explainError(error) ?? explain('');
}
