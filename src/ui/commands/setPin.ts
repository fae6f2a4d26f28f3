import * as vscode from 'vscode';
import { type SecretBytes, secretFromText, wipe } from '../../base/secretBytes';
import { aboutAccount, nameIn, noticeAbout } from '../accountNames';
import { AccountWatch } from '../prompts/accountWatch';
import { askInBox } from '../prompts/box';
import { askMasterPassword } from '../prompts/masterPassword';
import { SHORTEST_PIN } from '../prompts/pin';
import type { Parts } from './command';
import { commandTitle } from './commandId';

/**
 * Sets the PIN. It asks for the master password first: whoever comes to an open vault must not be able to set one and
 * come back later.
 */
export async function setPin({ sessions, session }: Pick<Parts, 'sessions' | 'session'>): Promise<void> {
  const title = commandTitle('vaultside.setPin');
  const watch = new AccountWatch(session);
  const closeOn = watch.onLockedOrGone;
  const proof = await askMasterPassword({
    title,
    prompt: aboutAccount(vscode.l10n.t('Enter your master password to confirm.'), nameIn(sessions, session)),
    closeOn,
    use: (password) => session.proveMasterPassword(password),
  });
  if (proof.kind !== 'done') return;
  const first = await askInBox<SecretBytes>({
    title,
    prompt: vscode.l10n.t(
      'A PIN unlocks this account on this computer only. Whoever can read the secret storage of VS Code can try PINs there, and finds one of four digits in minutes. Longer is safer; letters count, too.',
    ),
    placeholder: vscode.l10n.t('PIN of at least {0} characters', SHORTEST_PIN),
    masked: 'password',
    closeOn,
    accept: (text) =>
      Promise.resolve(
        text.length < SHORTEST_PIN
          ? { again: vscode.l10n.t('Enter at least {0} characters.', SHORTEST_PIN) }
          : { value: secretFromText(text) },
      ),
  });
  if (first.kind !== 'done') return;
  try {
    const second = await askInBox<true>({
      title,
      prompt: vscode.l10n.t('Enter the PIN once more.'),
      placeholder: vscode.l10n.t('PIN'),
      masked: 'password',
      cancellable: false,
      closeOn,
      async accept(text) {
        const again = secretFromText(text);
        const isSame = Buffer.compare(again, first.value) === 0;
        if (!isSame) {
          wipe(again);
          return { again: vscode.l10n.t('The PINs do not match. Try again.') };
        }
        await session.setPin(again, proof.value);
        return { value: true };
      },
    });
    if (second.kind !== 'done') return;
  } finally {
    wipe(first.value);
  }
  void vscode.window.showInformationMessage(
    noticeAbout(
      vscode.l10n.t('The PIN is set. Five wrong tries in a row remove it, and then the master password unlocks.'),
      sessions,
      session,
    ),
  );
}
