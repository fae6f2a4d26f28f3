import * as vscode from 'vscode';
import { contentRef, isContent } from '../../vault/fields';
import { readOnly } from '../errors/vaultFailures';
import { itemName, whoseValue } from '../labels';
import { AccountWatch } from '../prompts/accountWatch';
import { withTreeProgress } from '../prompts/progress';
import { chooseItem } from './chooseItem';
import type { Parts } from './command';
import { commandTitle } from './commandId';

/** Generates a password for a login, saves it, and copies it. The former one goes into the history of the item. */
export async function changePassword(
  { session, values, clipboard, makePassword }: Pick<Parts, 'session' | 'values' | 'clipboard' | 'makePassword'>,
  argument: unknown,
): Promise<void> {
  const watch = new AccountWatch(session);
  const title = commandTitle('vaultside.changePassword');
  const question = vscode.l10n.t('Change the password of which login?');
  const isLogin = ({ type }: { readonly type: string }) => type === 'login';
  const chosen = await chooseItem(session, argument, 'vaultside.changePassword', question, isLogin);
  if (chosen === undefined) return;
  const { vault, item } = chosen;
  const reason = vault.whyReadOnly(item.id);
  const base = vault.element(item.id);
  if (reason !== undefined || base === undefined || !isLogin(item)) {
    void vscode.window.showInformationMessage(readOnly(reason ?? 'unknown'));
    return;
  }
  const hasOne = vault.fields(item.id).some(({ ref, state }) => isContent(ref, 'password') && state === 'there');
  const detail = hasOne
    ? vscode.l10n.t('A new one is generated, saved and copied. The former one stays in the history of the item.')
    : vscode.l10n.t('One is generated, saved and copied.');
  const asked = vscode.l10n.t('Change the password of {0}?', itemName(item));
  if ((await vscode.window.showWarningMessage(asked, { modal: true, detail }, title)) !== title) return;
  watch.checkNotLocked();
  const { untilLock } = session;
  const proof = item.reprompt ? await values.prove(session, [item], 'edit') : undefined;
  if (item.reprompt && proof === undefined) return;
  const password = await makePassword(session);
  try {
    const isSaved = await values.withProof(session, { item, proof }, 'edit', async (given) => {
      await withTreeProgress(() => session.saveItem(item.id, { content: { password } }, base, given));
      return true;
    });
    if (isSaved === undefined) return;
  } catch (error) {
    // After a lock nothing of the vault is spoken of.
    if (untilLock.aborted) return;
    throw error;
  }
  if (untilLock.aborted) return;
  await clipboard.copySecret(password, whoseValue(item, { ref: contentRef('password'), customName: undefined }));
}
