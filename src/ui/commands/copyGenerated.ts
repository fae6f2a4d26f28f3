import * as vscode from 'vscode';
import type { GeneratorKind } from '../../generate/kinds';
import type { Clipboard } from '../clipboard/clipboard';

/** Copies what was generated. A username is no secret, as in an item. */
export async function copyGenerated(clipboard: Clipboard, kind: GeneratorKind, text: string): Promise<void> {
  const what = generatedWords(kind);
  await (kind === 'username' ? clipboard.copyPublic(text, what) : clipboard.copySecret(text, what));
}

export function generatedWords(kind: GeneratorKind): string {
  switch (kind) {
    case 'password':
      return vscode.l10n.t('Generated password');
    case 'passphrase':
      return vscode.l10n.t('Generated passphrase');
    case 'username':
      return vscode.l10n.t('Generated username');
  }
}
